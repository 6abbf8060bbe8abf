/**
 * Decides the steps of a teardown: disable the pipeline's first transition, let running work end, delete the
 * application stacks, delete the pipeline, clear the cache. In this order each step still has the resources
 * that it needs.
 */

import { deleteToken, isTeardownMarker, teardownMarker } from "#release/names/tokens.ts";
import { stackPhase } from "#release/stack/stack-status.ts";
import { isRunning } from "./executions.ts";
import { isExpired } from "./expired.ts";
import type { AppStack, ArtifactNow, Observation, StageNow } from "./observation.ts";
import type { Step } from "./step.ts";

/** Returns the stage whose transition a teardown has disabled; undefined when no teardown is under way. */
export const marker = (observation: Observation): StageNow | undefined =>
  observation.stages.find(({ inbound }) => !inbound.enabled && isTeardownMarker(inbound.reason));

export function teardownStep(observation: Observation, tombstone: ArtifactNow): Step {
  const { pipeline } = observation;
  const phase = stackPhase(pipeline?.status);
  const begun = marker(observation) !== undefined || phase === "deleting";
  if (!observation.tombstone.allowed && !begun && !isExpired(observation)) {
    const sentence = observation.tombstone.reason;
    return { type: "rest", problem: { code: "TombstoneRefused", sentence }, why: sentence };
  }
  if (phase === "busy" || phase === "deleting") {
    return { type: "wait", for: "stack", why: `The pipeline's stack is ${pipeline?.status}.` };
  }
  return closeStep(observation, tombstone) ?? appStacksStep(observation) ?? pipelineStep(observation);
}

/** No execution may enter the pipeline any more, and all executions must have ended. */
function closeStep(observation: Observation, tombstone: ArtifactNow): Step | undefined {
  const reason = teardownMarker(tombstone.versionId);
  const entrance = observation.stages[1]; // the first stage after Source: a source stage has no inbound transition
  if (entrance !== undefined && marker(observation) === undefined) {
    return { type: "disable-transition", stage: entrance.name, reason, why: "The line is to be torn down." };
  }
  const running = observation.executions.filter(isRunning);
  const stoppable = running.filter(({ status }) => status === "InProgress").map(({ id }) => id);
  if (stoppable.length > 0) {
    return { type: "stop-executions", executions: stoppable, reason, why: "The line is being torn down." };
  }
  if (running.length > 0) return { type: "wait", for: "execution", why: "An execution is being stopped." };
  return undefined;
}

/** An abandoned action's stack update goes on by itself, so stacks at work are waited for. */
function appStacksStep({ appStacks, message }: Observation): Step | undefined {
  if (appStacks === undefined) {
    return { type: "observe", at: "app-stacks", why: "The applications have to go before the pipeline." };
  }
  const inPhase = (...phases: readonly string[]): readonly AppStack[] =>
    appStacks.filter(({ status }) => phases.includes(stackPhase(status)));
  const left = inPhase("stable", "reverted", "broken");
  const stuck = inPhase("undeletable");
  // The event of a failed deletion must not start the next attempt, else it would never end.
  const due = message.cause === "stack" ? left : [...left, ...stuck];
  const next = due.filter((stack) => isLast(stack, appStacks));
  if (next.length > 0) {
    const environments = [...new Set(next.map(({ environment }) => environment))];
    const token = deleteToken("app-stacks", message.id);
    return {
      type: "delete-app-stacks",
      stacks: next.map(({ environment, name }) => ({ environment, name })),
      token,
      why: `Stacks are left in ${environments.join(", ")}.`,
    };
  }
  const atWork = inPhase("busy", "deleting");
  if (atWork.length > 0) {
    const names = atWork.map(({ environment, status }) => `${environment} (${status})`).join(", ");
    return { type: "wait", for: "app-stacks", why: `CloudFormation is at work in ${names}.` };
  }
  if (stuck.length === 0) return undefined;
  const seen = stuck
    .map(({ environment, failure }) => `${environment}: ${failure ?? "no reason given"}`)
    .join("; ");
  const sentence = `Stacks could not be deleted: ${seen}`;
  return { type: "rest", problem: { code: "TeardownBlocked", sentence }, why: sentence };
}

/** No remaining stack of the environment may depend on it. */
const isLast = ({ environment, level }: AppStack, all: readonly AppStack[]): boolean =>
  all.every(
    (other) =>
      other.environment !== environment || other.level <= level || stackPhase(other.status) === "gone",
  );

function pipelineStep(observation: Observation): Step {
  switch (stackPhase(observation.pipeline?.status)) {
    case "gone":
      return { type: "clear-cache", why: "The applications and the pipeline are deleted." };
    case "undeletable":
      return undeletableStep(observation);
    default: {
      const token = deleteToken("pipeline", observation.message.id);
      return { type: "delete-pipeline", token, why: "The applications are deleted." };
    }
  }
}

/** As with application stacks: anything but its own failure's event starts the next attempt. */
export function undeletableStep({ message, pipeline }: Observation): Step {
  if (message.cause !== "stack") {
    const token = deleteToken("pipeline", message.id);
    return {
      type: "delete-pipeline",
      token,
      why: "The pipeline's stack could not be deleted; it is tried again.",
    };
  }
  const words = pipeline?.failure ?? pipeline?.statusReason ?? "CloudFormation gave no reason.";
  const sentence = `The pipeline's stack could not be deleted: ${words}`;
  return { type: "rest", problem: { code: "TeardownBlocked", sentence }, why: sentence };
}
