/**
 * What a line needs next, from what was seen of it: one pure function, told in the order of its questions. It keeps
 * nothing, so duplicates, reorderings and crashes between any two steps lead to the same end.
 */

import { deleteToken, stackToken, startToken, supersededMarker } from "#release/names/tokens.ts";
import { stackPhase } from "#release/stack/stack-status.ts";
import type { Dispatch } from "#release/template/dispatch.ts";
import {
  currentExecutionOf,
  isRunning,
  sourceFailures,
  stageOf,
  waitsBefore,
  waitsForApproval,
} from "./executions.ts";
import { isExpired } from "./expired.ts";
import type { ArtifactNow, Execution, Observation } from "./observation.ts";
import type { Step } from "./step.ts";
import { marker, teardownStep, undeletableStep } from "./teardown.ts";

const sourceAttempts = 3;

export function decide(observation: Observation): Step {
  const { artifact } = observation;
  if (artifact === undefined) return { type: "rest", why: "There is nothing at the line's key." };
  return artifact.size === 0 || isExpired(observation)
    ? teardownStep(observation, artifact)
    : releaseStep(observation, artifact);
}

function releaseStep(observation: Observation, artifact: ArtifactNow): Step {
  const { pipeline, dispatch } = observation;
  switch (stackPhase(pipeline?.status)) {
    case "busy":
    case "deleting":
      return { type: "wait", for: "stack", why: `The pipeline's stack is ${pipeline?.status}.` };
    case "undeletable":
      return undeletableStep(observation);
    case "broken":
      return brokenStep(observation, artifact);
    case "gone":
      return withPlan(dispatch, ({ digest }) => ({
        type: "create-pipeline",
        digest,
        token: stackToken(artifact.versionId, digest),
        why: "The line has no pipeline.",
      }));
    case "stable":
    case "reverted":
      return pipelineStep(observation, artifact);
  }
}

/** The pipeline is there. Is a teardown to be called off, is this version under way, or is it still to be started? */
function pipelineStep(observation: Observation, artifact: ArtifactNow): Step {
  const { executions, pipeline, message } = observation;
  if (marker(observation) !== undefined) return callOffTeardown(observation);

  const own = currentExecutionOf(observation, artifact.versionId);
  if (own !== undefined) return ownStep(observation, own, artifact);

  if (executions.some((execution) => isRunning(execution) && execution.versionId === undefined)) {
    return {
      type: "wait",
      for: "execution",
      why: "An execution has not read its source yet; it may be this version's.",
    };
  }
  // CodePipeline runs a new pipeline by itself. Its event comes; should it never come, the sweep does.
  if (pipeline?.status === "CREATE_COMPLETE" && executions.length === 0 && message.cause !== "sweep") {
    return {
      type: "wait",
      for: "execution",
      why: "The new pipeline's first execution has not appeared yet.",
    };
  }
  if (sourceFailures(observation) >= sourceAttempts) {
    const sentence = `${sourceAttempts} executions in a row ended before they had read their source.`;
    return { type: "rest", problem: { code: "SourceFailed", sentence }, why: sentence };
  }
  return withPlan(observation.dispatch, (planned) => startOrUpdate(observation, artifact, planned));
}

function startOrUpdate(observation: Observation, artifact: ArtifactNow, planned: Planned): Step {
  const { executions, pipeline } = observation;
  const { versionId } = artifact;
  const { digest } = planned;
  if (pipeline?.planDigest === digest) {
    const token = startToken(versionId, digest, sourceFailures(observation));
    return {
      type: "start-execution",
      versionId,
      token,
      why: "The plan is the deployed one; this version is new.",
    };
  }
  const token = stackToken(versionId, digest);
  if (pipeline?.lastToken === token) return stackFailed(observation);
  const inTheWay = executions.filter(
    (execution) => isRunning(execution) && !mayInterrupt(observation, execution),
  );
  if (inTheWay.length > 0) {
    const ids = inTheWay.map(({ id }) => id).join(", ");
    return {
      type: "wait",
      for: "execution",
      why: `The plan changed, but ${ids} runs; an update would cancel it.`,
    };
  }
  return { type: "update-pipeline", digest, token, why: "The plan changed." };
}

/** An update cancels what runs; only what does no work, and by policy may be overtaken, is cancelled for a newer version. */
const mayInterrupt = (observation: Observation, { id, status }: Execution): boolean =>
  observation.supersedePendingApproval &&
  status === "InProgress" &&
  (waitsForApproval(observation, id) || waitsBefore(observation, id) !== undefined);

/** This version was started. It may stand before a stage where an older one only waits for its approver. */
function ownStep(observation: Observation, own: Execution, artifact: ArtifactNow): Step {
  if (!isRunning(own)) return { type: "rest", why: `This version's execution has ended: ${own.status}.` };
  const overtaken = waitsBefore(observation, own.id)?.execution?.id;
  if (
    observation.supersedePendingApproval &&
    overtaken !== undefined &&
    overtaken !== own.id &&
    waitsForApproval(observation, overtaken)
  ) {
    return {
      type: "stop-executions",
      executions: [overtaken],
      reason: supersededMarker(artifact.versionId),
      why: `An older version waits for approval in ${stageOf(observation, overtaken)?.name}, and this one is behind it.`,
    };
  }
  return { type: "wait", for: "execution", why: "This version is being released." };
}

/** A tombstone was overwritten before its teardown was through: let deletions end, then open the pipeline again. */
function callOffTeardown(observation: Observation): Step {
  if (observation.appStacks === undefined) {
    return { type: "look", at: "app-stacks", why: "A teardown has to be called off." };
  }
  const deleting = observation.appStacks.filter(({ status }) => stackPhase(status) === "deleting");
  if (deleting.length > 0) {
    const names = deleting.map(({ environment }) => environment).join(", ");
    return { type: "wait", for: "app-stacks", why: `The stacks in ${names} are still being deleted.` };
  }
  const stage = marker(observation)?.name ?? "";
  return { type: "enable-transition", stage, why: "A newer version came before the teardown was through." };
}

/** A stack that can only be deleted. It is replaced when the input differs from the one that broke it. */
function brokenStep(observation: Observation, artifact: ArtifactNow): Step {
  if (observation.executions.some(isRunning)) {
    return {
      type: "wait",
      for: "execution",
      why: "The pipeline's stack has to be replaced, but an execution runs.",
    };
  }
  return withPlan(observation.dispatch, ({ digest }) =>
    observation.pipeline?.lastToken === stackToken(artifact.versionId, digest)
      ? stackFailed(observation)
      : {
          type: "delete-pipeline",
          token: deleteToken("pipeline", observation.message.id),
          why: `The pipeline's stack is ${observation.pipeline?.status} and has to be replaced.`,
        },
  );
}

function stackFailed({ pipeline }: Observation): Step {
  const words = pipeline?.failure ?? pipeline?.statusReason ?? "CloudFormation gave no reason.";
  const sentence = `The pipeline's stack is ${pipeline?.status}: ${words}`;
  return { type: "rest", problem: { code: "PipelineStackFailed", sentence }, why: sentence };
}

type Planned = Extract<Dispatch, { ok: true }>;

/** Decides with the artifact's plan: looks for it when it was not looked for, rests when the artifact was refused. */
function withPlan(dispatch: Dispatch | undefined, step: (planned: Planned) => Step): Step {
  if (dispatch === undefined)
    return { type: "look", at: "artifact", why: "This version has not been started." };
  if (dispatch.ok) return step(dispatch);
  const { code, message } = dispatch.error;
  return { type: "rest", problem: { code, sentence: message }, why: `The artifact is refused: ${code}.` };
}
