/**
 * Adds the database migrations to the stage of an environment, for every release template: after the
 * approval, which lists them, and before any change of the application.
 */

import { migrationsFile } from "#release/artifact/migrations.ts";
import { artifactNames, preparedNamespace } from "#release/names/names.ts";
import { appStackName } from "#release/names/stack-names.ts";
import { migratingIn } from "#release/traits/migration-traits.ts";
import type { Target } from "#release/traits/targets.ts";
import { preparesOnly } from "./gate-order.ts";
import type { PlanRequest } from "./plan-request.ts";
import type { StageContent, Steps, Unordered } from "./plan-steps.ts";

/** The variables of Prepare that list and count the pending migrations. */
export const pendingVariables = { all: "Migrations", count: "MigrationCount" } as const;

export function withMigrations(
  { line, manifest }: Pick<PlanRequest, "line" | "manifest">,
  target: Target,
  content: StageContent,
): StageContent {
  const migrating = migratingIn(manifest.traits, target);
  if (migrating === undefined) return content;
  const namespace = preparedNamespace(target.environment);
  const migrate: Unordered = {
    type: "worker",
    worker: "call",
    name: "Migrate",
    target,
    stackName: appStackName(target, line),
    input: artifactNames.prepared(target.environment),
    parameters: { function: migrating.function, migrations: migrationsFile },
  };
  const announced: Steps = content.steps.map((step) => {
    if (isList(step)) return step;
    if (step.type === "prepare") return { ...step, namespace };
    if (step.type !== "approve") return step;
    const { environment } = target;
    const note = `Before it, of the database's migrations in ${environment}: #{${namespace}.${pendingVariables.all}}`;
    const count = `In ${environment}: #{${namespace}.${pendingVariables.count}}.`;
    const brief = step.brief === undefined ? count : `${step.brief} ${count}`;
    return { ...step, message: `${step.message} ${note}`, brief };
  });
  const at = insertionPoint(announced);
  return { ...content, steps: [...announced.slice(0, at), migrate, ...announced.slice(at)] };
}

/**
 * Steps that only read the environment come first even without an approval, because they may still reject the
 * release.
 */
function insertionPoint(steps: Steps): number {
  const asked = steps.findIndex((step) => !isList(step) && step.type === "approve");
  if (asked !== -1) return asked + 1;
  const harmless = (step: Steps[number]): boolean => (isList(step) ? step : [step]).every(preparesOnly);
  const first = steps.findIndex((step) => !harmless(step));
  return first === -1 ? steps.length : first;
}

const isList = (step: Steps[number]): step is readonly Unordered[] => Array.isArray(step);
