/**
 * Looks at the stacks of the newest version when its execution has succeeded. It runs once for a version: the
 * stacks of a version whose result is `released` are not read again.
 */
import type { Applications } from "#ports/applications.ts";
import type { LineCache } from "#ports/line-cache.ts";
import type { Estate } from "#release/estate/estate.ts";
import { currentExecutionOf } from "#release/line/executions.ts";
import type { DeployedVersion, Execution, Observation } from "#release/line/observation.ts";
import type { Result } from "#release/line/result.ts";
import type { Line } from "#release/names/key.ts";
import { lineCode } from "#release/names/names.ts";
import { longStackName, stackName } from "#release/names/stack-names.ts";
import { actionNames } from "#release/plan/plan.ts";
import { stackDeployedBy } from "#release/plan/plan-stacks.ts";
import { actionLocation } from "#release/plan/plan-waves.ts";
import { anchorOf } from "#release/traits/targets.ts";
import { recordOf } from "./line-record.ts";

type DeployedDeps = {
  readonly applications: Pick<Applications, "outputs">;
  readonly cache: Pick<LineCache, "get">;
};

/** `last`: the content of `latest.json`. The executions of the observation have their actions. */
export async function withDeployed(
  { applications, cache }: DeployedDeps,
  seen: Observation,
  estate: Estate,
  last: Pick<Result, "version" | "status"> | undefined,
): Promise<Observation> {
  const { artifact, line } = seen;
  const own = artifact && currentExecutionOf(seen, artifact.versionId);
  if (own?.status !== "Succeeded") return seen;
  if (last?.version === own.versionId && last?.status === "released") return seen;
  const { environments } = anchorOf(estate, line);
  const named = await naming(cache, line);
  const deployed = await Promise.all(
    stacksOf(own).map(async ([name, id]): Promise<readonly DeployedVersion[]> => {
      const target = environments.find((each) => each.name === name);
      if (target === undefined) return []; // the estate no longer has the environment
      const stack = named(target.name, line, id);
      const { KedgeVersion: version } = await applications.outputs(target, stack);
      return [{ environment: name, stack, ...(version !== undefined && { version }) }];
    }),
  );
  return { ...seen, deployed: deployed.flat() };
}

/** The names that the line's stacks have. */
export const naming = async (cache: Pick<LineCache, "get">, line: Line) =>
  (await recordOf(cache, lineCode(line)))?.stacks === "short" ? stackName : longStackName;

/**
 * The environments of an execution, each with the id of a stack that an action deployed there. One `Execute` of a
 * gated environment deploys all stacks of an application, and compares them itself; it has the outputs of a stack
 * as variables only where there is a single one.
 */
function stacksOf({ actions = [] }: Execution): readonly (readonly [environment: string, id: string])[] {
  const runs = actions.map((run) => ({ ...run, ...actionLocation(run.stage, run.action) }));
  const several = runs.some(({ action }) => (stackDeployedBy(action) ?? "") !== "");
  const isSingle = ({ environment, variables = {} }: (typeof runs)[number]): boolean => {
    const asked = runs.some((run) => run.environment === environment && run.action === actionNames.approve);
    return !several && (!asked || Object.hasOwn(variables, "KedgeVersion"));
  };
  const found = new Map<string, readonly [string, string]>();
  for (const run of runs) {
    const id = run.status === "Succeeded" ? stackDeployedBy(run.action) : undefined;
    if (id === undefined || (id === "" && !isSingle(run))) continue;
    found.set(`${run.environment} ${id}`, [run.environment, id]);
  }
  return [...found.values()];
}
