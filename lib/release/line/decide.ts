/**
 * Decides the next step of a line from an observation. The function is pure and keeps no state, so
 * duplicates, reorderings and crashes between two steps lead to the same end. The functions below stand in
 * the order of their questions.
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
import { afterRejection } from "./rejected-approval.ts";
import type { Step } from "./step.ts";
import { marker, teardownStep, undeletableStep } from "./teardown.ts";

const sourceAttempts = 3;

export function decide(observation: Observation): Step {
  const { artifact } = observation;
  if (artifact === undefined) return { type: "rest", why: "The line's key has no object." };
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
        why: "CloudFormation creates the pipeline of this line.",
      }));
    case "stable":
    case "reverted":
      return pipelineStep(observation, artifact);
  }
}

/** The pipeline exists: cancels a teardown, follows this version's execution, or starts it. */
function pipelineStep(observation: Observation, artifact: ArtifactNow): Step {
  const { executions, pipeline, message } = observation;
  if (marker(observation) !== undefined) return callOffTeardown(observation);

  const own = currentExecutionOf(observation, artifact.versionId);
  if (own !== undefined) return ownStep(observation, own, artifact);

  if (executions.some((execution) => isRunning(execution) && execution.versionId === undefined)) {
    return {
      type: "wait",
      for: "execution",
      why: "An execution has not read its source yet; it may belong to this version.",
    };
  }
  // CodePipeline starts a new pipeline by itself and sends an event. If the event is lost, the hourly resync starts the execution.
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
  if (pipeline !== undefined && pipeline.name !== planned.plan.pipeline) {
    return renameStep(observation, artifact, planned.plan.pipeline);
  }
  if (pipeline?.planDigest === digest) {
    const token = startToken(versionId, digest, sourceFailures(observation));
    return {
      type: "start-execution",
      versionId,
      token,
      why: "The plan is unchanged; this version is new.",
    };
  }
  const token = stackToken(versionId, digest);
  if (pipeline?.lastToken === token) return stackFailed(observation);
  const blocking = executions.filter(
    (execution) => isRunning(execution) && !mayInterrupt(observation, execution),
  );
  if (blocking.length > 0) {
    const ids = blocking.map(({ id }) => id).join(", ");
    return {
      type: "wait",
      for: "execution",
      why: `The plan changed, but ${ids} runs; an update would cancel it.`,
    };
  }
  return { type: "update-pipeline", digest, token, why: "The plan changed." };
}

/**
 * A pipeline cannot be renamed. The old pipeline is deleted when no execution runs or waits in it, and the next step
 * makes the new one. An execution that the policy lets this version supersede is stopped first, so its result says so.
 */
function renameStep(observation: Observation, { versionId }: ArtifactNow, name: string): Step {
  const running = observation.executions.filter(isRunning);
  const blocking = running.filter((execution) => !mayInterrupt(observation, execution));
  if (blocking.length > 0) {
    const ids = blocking.map(({ id }) => id).join(", ");
    return {
      type: "wait",
      for: "execution",
      why: `The pipeline gets the name ${name}, but ${ids} runs or waits in it.`,
    };
  }
  if (running.length > 0) {
    return {
      type: "stop-executions",
      executions: running.map(({ id }) => id),
      reason: supersededMarker(versionId),
      why: `The pipeline gets the name ${name}, and this version supersedes the waiting one.`,
    };
  }
  return {
    type: "delete-pipeline",
    token: deleteToken("pipeline", observation.message.id),
    why: `The pipeline gets the name ${name}.`,
  };
}

/**
 * An update of the pipeline cancels running executions. It may cancel only an execution that does no work,
 * and only if the policy lets a newer version supersede it.
 */
const mayInterrupt = (observation: Observation, { id, status }: Execution): boolean =>
  observation.supersedePendingApproval &&
  status === "InProgress" &&
  (waitsForApproval(observation, id) || waitsBefore(observation, id) !== undefined);

/** This version was started. It may wait in front of a stage in which an older version waits for its approver. */
function ownStep(observation: Observation, own: Execution, artifact: ArtifactNow): Step {
  if (!isRunning(own)) {
    const ended: Step = { type: "rest", why: `This version's execution has ended: ${own.status}.` };
    return afterRejection(observation, own) ?? ended;
  }
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
      why: `An older version waits for approval in ${stageOf(observation, overtaken)?.name}, and this version is behind it.`,
    };
  }
  return { type: "wait", for: "execution", why: "This version is being released." };
}

/** A new version replaced a tombstone during its teardown: waits for deletions, then enables the transition again. */
function callOffTeardown(observation: Observation): Step {
  if (observation.appStacks === undefined) {
    return { type: "observe", at: "app-stacks", why: "A newer upload ends the teardown." };
  }
  const deleting = observation.appStacks.filter(({ status }) => stackPhase(status) === "deleting");
  if (deleting.length > 0) {
    const names = deleting.map(({ environment }) => environment).join(", ");
    return { type: "wait", for: "app-stacks", why: `The stacks in ${names} are still being deleted.` };
  }
  const stage = marker(observation)?.name ?? "";
  return { type: "enable-transition", stage, why: "A newer version arrived before the teardown ended." };
}

/**
 * Handles a stack that can only be deleted. It is replaced when the new input differs from the input that
 * broke it.
 */
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

/** Decides with the artifact's plan. Reads the artifact first if needed, and rests if the artifact was rejected. */
function withPlan(dispatch: Dispatch | undefined, step: (planned: Planned) => Step): Step {
  if (dispatch === undefined)
    return { type: "observe", at: "artifact", why: "This version has not been started." };
  if (dispatch.ok) return step(dispatch);
  const { code, message } = dispatch.error;
  return { type: "rest", problem: { code, sentence: message }, why: `Kedge rejects the artifact: ${code}.` };
}
