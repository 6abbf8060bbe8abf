/**
 * Computes the results that uploaders read, from the observation and the decided step. It is pure, like the
 * decision.
 */
import { codes, type ReleaseError } from "#release/errors/errors.ts";
import { formatKey, type Line, parseKey } from "#release/names/key.ts";
import { isSupersededMarker, isTeardownMarker } from "#release/names/tokens.ts";
import { stackPhase } from "#release/stack/stack-status.ts";
import { waitingReason } from "./admission.ts";
import { currentExecutionOf, executionOf, isRunning } from "./executions.ts";
import { isExpired } from "./expired.ts";
import { reason } from "./failure.ts";
import type { Execution, Observation } from "./observation.ts";
import type { Reason, Result } from "./result.ts";
import { decisionsOf } from "./result-people.ts";
import { resultStages } from "./result-stages.ts";
import type { Step } from "./step.ts";
import { overtaken, releasing, type Verdict, verdictOn } from "./verdict.ts";

/**
 * `unlessFinal`: the only known fact about this version is that a newer one came, so an earlier final result
 * stays.
 */
export type Report = { readonly result: Result; readonly newest: boolean; readonly unlessFinal: boolean };

/** How many executions the sweep looks back, for results whose last event was lost. */
const resyncDepth = 5;

/** The executions whose action runs the reports will tell of. */
export function reportedExecutions(observation: Observation): readonly Execution[] {
  const { artifact, message, lastReported, executions } = observation;
  const own = artifact && currentExecutionOf(observation, artifact.versionId);
  const recent = message.cause === "sweep" ? executions.slice(0, resyncDepth) : [];
  const reported = [message, ...(message.also ?? [])];
  return executions.filter(
    (execution) =>
      execution.versionId !== undefined &&
      (execution === own ||
        isRunning(execution) ||
        // A teardown ends these, and later deletes the pipeline that knows them.
        isTeardownMarker(execution.stopReason) ||
        reported.some(
          ({ executionId, versionId }) => execution.id === executionId || execution.versionId === versionId,
        ) ||
        execution.versionId === lastReported ||
        recent.includes(execution)),
  );
}

/** The results to write, the newest version's last: it is also `latest.json`. */
export function reportsOf(observation: Observation, step: Step): readonly Report[] {
  const { artifact, message, lastReported } = observation;
  if (artifact === undefined) return [];
  const reported = reportedExecutions(observation).flatMap(({ versionId }) => versionId ?? []);
  const candidates = new Set(
    [
      lastReported,
      ...[message, ...(message.also ?? [])].map(({ versionId }) => versionId),
      ...reported,
    ].flatMap((versionId) => versionId ?? []),
  );
  candidates.delete(artifact.versionId);
  const older = [...candidates].map((versionId): Report => {
    const execution = executionOf(observation, versionId) ?? stoppedFor(observation, versionId);
    const verdict = execution ? verdictOnOlder(observation, execution) : overtaken(artifact.versionId);
    return {
      result: resultOf(observation, versionId, verdict, execution),
      newest: false,
      unlessFinal: !execution,
    };
  });
  const down = artifact.size === 0 || isExpired(observation);
  const own = down ? undefined : currentExecutionOf(observation, artifact.versionId);
  const verdict = verdictOnNewest(observation, step, own);
  return [
    ...older,
    { result: resultOf(observation, artifact.versionId, verdict, own), newest: true, unlessFinal: false },
  ];
}

/** The result of an upload that never became a line, or that its line's anchor refuses. */
export function rejectedResult(key: string, versionId: string, error: ReleaseError, at: string): Result {
  const line = lineOf(key);
  return {
    schema: 1,
    key,
    ...(line && { line }),
    version: versionId,
    status: codes[error.code].move === "rejected" ? "rejected" : "failed",
    reason: reason(error.code, error.message),
    stages: [],
    updatedAt: at,
  };
}

function lineOf(key: string): Line | undefined {
  try {
    return parseKey(key);
  } catch {
    return undefined;
  }
}

function resultOf(
  observation: Observation,
  version: string,
  verdict: Verdict,
  execution: Execution | undefined,
): Result {
  const { line, region, pipeline, dispatch, at } = observation;
  const template = pipeline?.template ?? (dispatch?.ok ? dispatch.release.template : undefined);
  const expiry = version === observation.artifact?.versionId ? observation.expiresAt : undefined;
  const decisions = execution ? decisionsOf(execution) : [];
  return {
    schema: 1,
    key: formatKey(line),
    line,
    version,
    ...verdict,
    ...(verdict.status !== "torn-down" && expiry !== undefined && { expiresAt: expiry }),
    ...(template && { template }),
    ...(pipeline && { pipeline: pipelineIn(line, region, pipeline.name) }),
    ...(execution && { execution: execution.id }),
    stages: execution ? resultStages(execution, observation.stages) : [],
    ...(decisions.length > 0 && { decisions }),
    updatedAt: at,
  };
}

const pipelineIn = ({ account }: Line, region: string, name: string): Result["pipeline"] & {} => ({
  ...{ name, account, region },
  consoleUrl: `https://${region}.console.aws.amazon.com/codesuite/codepipeline/pipelines/${name}/view?region=${region}`,
});

function verdictOnNewest(observation: Observation, step: Step, own: Execution | undefined): Verdict {
  if (step.type === "rest" && step.problem !== undefined) {
    const { code, sentence } = step.problem;
    const status = codes[code].move === "rejected" ? "rejected" : "failed";
    return { status, reason: reason(code, sentence) };
  }
  const expired = isExpired(observation);
  if (observation.artifact?.size === 0 || expired) {
    if (step.type !== "clear-cache") return releasing("TearingDown", step.why);
    return { status: "torn-down", reason: expired ? timeIsUp : gone };
  }
  return own ? verdictOn(observation, own) : preparing(observation, step);
}

const gone: Reason = { code: "TornDown", sentence: "Kedge has deleted the applications and the pipeline." };
const timeIsUp: Reason = {
  code: "Expired",
  sentence:
    "The line had no upload within the time to live of its class, so Kedge has deleted the applications and the pipeline.",
  remedy: "Upload again to bring the line back. The estate sets the time to live of each class in ttlDays.",
};

/** The version has not started; its status follows from the step that comes before its start. */
function preparing(observation: Observation, step: Step): Verdict {
  switch (step.type) {
    case "create-pipeline":
      return releasing("PipelineCreating", step.why);
    case "update-pipeline":
      return releasing("PipelineUpdating", step.why);
    case "delete-pipeline":
      return releasing("PipelineReplacing", step.why);
    case "start-execution":
      return releasing("Starting", step.why);
    case "wait-for-slot":
      return {
        status: "waiting",
        reason: waitingReason(step),
        waiting: { position: step.position, for: step.blockedBy },
      };
    default: {
      const phase = stackPhase(observation.pipeline?.status);
      if (phase === "deleting" || phase === "broken") return releasing("PipelineReplacing", step.why);
      if (phase !== "busy") return releasing("WaitingForRunningRelease", step.why);
      const creating = observation.pipeline?.status === "CREATE_IN_PROGRESS";
      return releasing(creating ? "PipelineCreating" : "PipelineUpdating", step.why);
    }
  }
}

/** Stopped by a teardown: no execution of the line any more, but the end of this version's story. */
const stoppedFor = ({ executions }: Observation, versionId: string): Execution | undefined =>
  executions.find((execution) => execution.versionId === versionId && isTeardownMarker(execution.stopReason));

function verdictOnOlder(observation: Observation, execution: Execution): Verdict {
  const { status, stopReason } = execution;
  const newest = observation.artifact?.versionId ?? "";
  const byUs = isTeardownMarker(stopReason) || isSupersededMarker(stopReason);
  // CodePipeline cancels waiting executions when a newer version updates the pipeline.
  if (status === "Cancelled" || (byUs && status !== "Succeeded" && status !== "Failed"))
    return overtaken(newest);
  return verdictOn(observation, execution);
}
