/** Compares the settings of one environment that protect it. */

import type { Environment } from "#release/estate/estate.ts";
import { type Severity, severities } from "#release/rules/rule.ts";
import { severitiesFor } from "#release/rules/rule-settings.ts";
import { ruleIds } from "#release/rules/rules.ts";
import { type Loosening, loosening, patternsWidened, switchedOff, widened } from "./loosening.ts";

const own = (field: string): string => `anchors.environments.${field}`;

/** Compares two environments that have the same name or the same account. */
export function loosenedEnvironment(at: string, was: Environment, now: Environment): readonly Loosening[] {
  return [
    ...switchedOff(own("approval"), at, was.approval, now.approval),
    ...switchedOff(own("protected"), at, was.protected, now.protected),
    ...(isGated(was) ? patternsWidened(own("branches"), at, was.branches, now.branches) : []),
    ...loosenedRules(at, was, now),
    ...widened(own("handlers.projects"), at, was.handlers?.projects ?? [], now.handlers?.projects ?? []),
    ...widened(own("handlers.functions"), at, was.handlers?.functions ?? [], now.handlers?.functions ?? []),
    ...widened(own("existingFunctions"), at, was.existingFunctions ?? [], now.existingFunctions ?? []),
    ...loosenedKubernetes(at, was, now),
    ...Object.entries(now.secrets ?? {}).flatMap(([name, apps]) =>
      widened(own("secrets"), `${at}, secret ${name}`, was.secrets?.[name] ?? [], apps),
    ),
  ];
}

/** True for an environment with an approval, which stops releases, or a protection, which stops teardowns. */
export const isGated = ({ approval, protected: held }: Environment): boolean => approval || held;

/** The strictest severity has the lowest rank. */
const rank = (severity: Severity): number => severities.indexOf(severity);

function loosenedRules(at: string, was: Environment, now: Environment): readonly Loosening[] {
  // A lost protection or approval also changes severities. It is reported by its own name, so it is left out here.
  const [before, after] = [
    severitiesFor(was),
    severitiesFor({ ...now, protected: was.protected, approval: was.approval }),
  ];
  return ruleIds
    .filter((id) => rank(after[id]) > rank(before[id]))
    .map((id) => loosening("rules", `${at}, rule ${id}`, before[id], after[id]));
}

function loosenedKubernetes(at: string, was: Environment, now: Environment): readonly Loosening[] {
  const [before, after] = [was.kubernetes, now.kubernetes];
  const namespaces = Object.entries(after?.namespaces ?? {}).flatMap(([name, apps]) =>
    widened(own("kubernetes.namespaces"), `${at}, namespace ${name}`, before?.namespaces[name] ?? [], apps),
  );
  return [...namespaces, ...widened(own("kubernetes.admin"), at, before?.admin ?? [], after?.admin ?? [])];
}
