/** Tells when a version reached an environment, from the stages of its result. */
import { actionNames } from "#release/plan/plan.ts";
import { actionLocation } from "#release/plan/plan-waves.ts";
import type { Result } from "./result.ts";

/** Undefined when the result does not say that every action of the environment succeeded. */
export function releasedAt({ stages }: Pick<Result, "stages">, environment: string): string | undefined {
  const runs = stages.flatMap(({ name, actions }) =>
    actions.filter((action) => actionLocation(name, action.name).environment === environment),
  );
  const executed = runs.some(({ name }) => name.startsWith(actionNames.execute));
  if (!executed || runs.some(({ status }) => status !== "Succeeded")) return undefined;
  return runs
    .flatMap(({ endedAt }) => endedAt ?? [])
    .sort()
    .at(-1);
}
