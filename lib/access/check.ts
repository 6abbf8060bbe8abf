/**
 * Checks every possible call against every invariant, follows the paths of an attacker, and reads the trust
 * policies for wildcards.
 */

import { worksInFurtherRegions } from "./account-role.ts";
import type { Analysis } from "./analysis.ts";
import { idleGrants } from "./idle-grants.ts";
import { invariants } from "./invariants/index.ts";
import { resourceName } from "./invariants/needed.ts";
import type { Need } from "./needs/need.ts";
import { openStatements } from "./open-statements.ts";
import { forbiddenPaths } from "./paths.ts";
import { peopleTrusts } from "./people-trusts.ts";
import type { Probe } from "./relation.ts";
import { calledIn, isHandler, isInFurtherRegion } from "./resource.ts";
import { separateDuties } from "./separate-duties.ts";
import { openSettings } from "./settings.ts";
import type { Violation } from "./violation.ts";

export const pathInvariant = {
  name: "no-path",
  sentence:
    "A CI, an artifact's smoke test and an application's template reach only their own capabilities, also through a chain of calls that assume a role, pass a role, write or invoke.",
};
export const missingInvariant = {
  name: "nothing-missing",
  sentence: "Each call that a Lambda, a pipeline or a person has to make is allowed.",
};

export function check(analysis: Analysis): readonly Violation[] {
  const { relation, estate } = analysis;
  const byActor = Map.groupBy(relation.allowed, ({ actor }) => actor.id);
  return [
    ...objections(relation.allowed, analysis).map(({ invariant, probe, says }) => ({
      invariant,
      says: `${said(probe)}: ${says}.`,
      path: [stepOf(probe, analysis)],
    })),
    ...forbiddenPaths(analysis, (id) => byActor.get(id) ?? []).map(({ start, steps, last, reaches }) => ({
      invariant: pathInvariant.name,
      says: `${start.name} can ${reaches}.`,
      path: [...steps.map(({ probe, how }) => `${stepOf(probe, analysis)}: ${how}`), stepOf(last, analysis)],
    })),
    ...missingCalls(relation.allowed, analysis),
    ...separateDuties(analysis),
    ...peopleTrusts(analysis),
    ...openStatements(estate),
    ...openSettings(estate),
    ...idleGrants(analysis),
  ];
}

type Objection = { readonly invariant: string; readonly probe: Probe; readonly says: string };

/** The first invariant that objects to each call. */
export const objections = (probes: readonly Probe[], analysis: Analysis): readonly Objection[] =>
  probes.flatMap((probe) => {
    for (const { name, objection } of invariants) {
      const says = objection(probe, analysis);
      if (says !== undefined) return [{ invariant: name, probe, says }];
    }
    return [];
  });

/** Reports each call that has to be possible and is not in `allowed`. */
export const missingCalls = (allowed: readonly Probe[], analysis: Analysis): readonly Violation[] =>
  missing(analysis.needs, allowed, analysis).map((need) => ({
    invariant: missingInvariant.name,
    says: `${need.who} needs ${need.action} at ${need.at.join(", ")} and does not have it: ${need.why}.`,
    path: [],
  }));

/** Needs that the role of this name cannot meet at one of its resources. */
function missing(
  needs: readonly Need[],
  allowed: readonly Probe[],
  { actors, resources, accountRoles }: Analysis,
): readonly Need[] {
  const met = new Set(allowed.flatMap((probe) => keysOf(probe)));
  const roles = Map.groupBy(
    actors.filter(({ kind }) => kind === "role"),
    ({ name }) => name,
  );
  const there = Map.groupBy(resources, calledIn);
  // Handlers and further regions exist only where the estate names them.
  const concerns = (account: string, kind: string): boolean =>
    isHandler(kind)
      ? (there.get(kind) ?? []).some((resource) => resource.account === account)
      : !isInFurtherRegion(kind) || (worksInFurtherRegions(accountRoles, account) && there.has(kind));
  return needs.flatMap((need) => {
    // A role of one name exists in several accounts. Every such role has its needs in the regions that its
    // account uses.
    const all = roles.get(need.who) ?? [{ id: need.who, account: "" }];
    const at = need.at.filter((kind) =>
      all.some(({ id, account = "" }) => concerns(account, kind) && !met.has(`${id} ${need.action} ${kind}`)),
    );
    return at.length === 0 ? [] : [{ ...need, at }];
  });
}

export const keysOf = (probe: Probe): readonly string[] =>
  [probe.actor.name, probe.actor.id].map((who) => `${who} ${probe.action} ${resourceName(probe)}`);

export const said = ({ actor, action, resource, variant }: Probe): string =>
  `${actor.label} may ${action}${variant.label === "" ? "" : ` ${variant.label}`} at ${resource.kind} (${resource.arn})`;

function stepOf(probe: Probe, { relation }: Analysis): string {
  const because = relation.because(probe);
  return `${said(probe)}${because.length === 0 ? "" : `, by ${because.join(" and ")}`}`;
}
