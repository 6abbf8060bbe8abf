/**
 * Puts the migrations of a database into the stage of an environment, whatever release template filled it: after the
 * approval, which tells of them, and before anything of the application is changed.
 */

import { migrationsFile } from "#release/artifact/migrations.ts";
import { appStackName, artifactNames, preparedNamespace } from "#release/names/names.ts";
import { migratingIn } from "#release/traits/migration-traits.ts";
import type { Target } from "#release/traits/targets.ts";
import type { PlanRequest } from "./plan-request.ts";
import type { StageContent, Steps, Unordered } from "./plan-steps.ts";

/** The variables of Prepare that tell what is pending, and how much. */
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
    stackName: appStackName(target.environment, line),
    input: artifactNames.prepared(target.environment),
    parameters: { function: migrating.function, migrations: migrationsFile },
  };
  const told: Steps = content.steps.map((step) => {
    if (isList(step)) return step;
    if (step.type === "prepare") return { ...step, namespace };
    if (step.type !== "approve") return step;
    const { environment } = target;
    const note = `Before it, of the database's migrations in ${environment}: #{${namespace}.${pendingVariables.all}}`;
    const brief = `In ${environment}: #{${namespace}.${pendingVariables.count}}.`;
    return { ...step, message: `${step.message} ${note}`, brief };
  });
  const at = placeIn(told);
  return { ...content, steps: [...told.slice(0, at), migrate, ...told.slice(at)] };
}

/** Where nobody is asked, what only looks at the environment comes first all the same: it may still refuse. */
function placeIn(steps: Steps): number {
  const asked = steps.findIndex((step) => !isList(step) && step.type === "approve");
  if (asked !== -1) return asked + 1;
  const harmless = (step: Steps[number]): boolean =>
    (isList(step) ? step : [step]).every(({ type }) => type === "prepare" || type === "change-set");
  const first = steps.findIndex((step) => !harmless(step));
  return first === -1 ? steps.length : first;
}

const isList = (step: Steps[number]): step is readonly Unordered[] => Array.isArray(step);
