/**
 * Runs after an approval where the estate separates duties. It asks CodePipeline who decided, and compares these
 * people with the uploader and the author. An unknown person stops the release before the environment changes.
 */
import type { Executions } from "#ports/executions.ts";
import type { People } from "#ports/people.ts";
import type { Results } from "#ports/results.ts";
import { lastRuns } from "#release/line/failure.ts";
import type { ActionRun } from "#release/line/observation.ts";
import { isDecided } from "#release/line/result-people.ts";
import { roles } from "#release/names/deployed-names.ts";
import type { Line } from "#release/names/key.ts";
import { formerPipelineName, pipelineName } from "#release/names/names.ts";
import { type Identity, identityOfArn } from "#release/people/identity.ts";
import { personOf } from "#release/people/person.ts";
import { checkSeparate, type PinnedRoles } from "#release/people/separate-people.ts";
import { actionLocation } from "#release/plan/plan-waves.ts";
import type { Release } from "#release/plan/release.ts";
import type { SeparateDuties } from "#release/traits/targets.ts";
import type { WorkerJob } from "./job.ts";
import { resultOfVersion } from "./write-results.ts";

export type DutiesDeps = {
  readonly results: Pick<Results, "read">;
  readonly executions: Pick<Executions, "actions">;
  readonly people: Pick<People, "find">;
  readonly pinned: PinnedRoles;
};

/** Throws `DutiesUnproven` or `DutiesNotSeparate`. Does nothing where the estate does not separate duties. */
export async function checkDuties(
  deps: DutiesDeps,
  { execution, environment, parameters }: WorkerJob,
  { line, artifact }: Pick<Release, "line" | "artifact">,
): Promise<void> {
  const { separateDuties } = parameters as { readonly separateDuties?: SeparateDuties };
  if (separateDuties === undefined) return;
  const result = await resultOfVersion(deps.results, line, artifact.versionId);
  const runs = await runsOf(deps, line, execution);
  const approvers = await Promise.all(
    decidersIn(runs, environment).map(async (identity) => ({
      ...identity,
      id: await deps.people.find(line.account, personOf(identity)),
    })),
  );
  const { by, author } = result?.upload ?? {};
  checkSeparate({ uploader: by, author, approvers }, deps.pinned, {
    authors: separateDuties === "authors",
    approverRole: roles.approver,
  });
}

/** A line has one pipeline, under its name or under the name that release templates before 1.1.0 give. */
async function runsOf(
  { executions }: Pick<DutiesDeps, "executions">,
  line: Line,
  execution: string,
): Promise<readonly ActionRun[]> {
  const runs = await executions.actions(pipelineName(line), execution);
  return runs.length > 0 ? runs : executions.actions(formerPipelineName(line), execution);
}

/** The approvals of the stage that releases to the environment. A retried approval counts by its last run. */
function decidersIn(runs: readonly ActionRun[], environment: string): readonly Identity[] {
  const stages = new Set(
    runs
      .filter(({ stage, action }) => actionLocation(stage, action).environment === environment)
      .map(({ stage }) => stage),
  );
  return lastRuns(runs)
    .filter((run) => stages.has(run.stage) && run.status === "Succeeded" && isDecided(run))
    .flatMap(({ decider = "" }) => identityOfArn(decider) ?? { kind: "service", name: decider });
}
