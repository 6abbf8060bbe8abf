/**
 * Connects the governor with the decision: it names the steps that need a slot, the moments at which a line
 * releases its slot, and the reasons for waiting.
 */

import { isRunning, waitsBefore, waitsForApproval } from "./executions.ts";
import { isExpired } from "./expired.ts";
import type { Admission, Rules } from "./governor.ts";
import type { Observation } from "./observation.ts";
import type { Reason } from "./result.ts";
import type { Step } from "./step.ts";

/**
 * Steps that start work. A release that is under way never waits for a slot: after an approval it continues
 * at once.
 */
export const needsSlot = ({ type }: Step): boolean =>
  type === "create-pipeline" || type === "update-pipeline" || type === "start-execution";

/**
 * True when the line does no work. Waiting for people is no work. A teardown needs no slot, but the executions
 * that it stops hold theirs until they end.
 */
export function releasesSlot(observation: Observation, step: Step): boolean {
  const { artifact, executions } = observation;
  const running = executions.filter(isRunning);
  if (artifact === undefined || artifact.size === 0 || isExpired(observation)) return running.length === 0;
  const idle = running.every(
    ({ id, status }) =>
      status === "InProgress" &&
      (waitsForApproval(observation, id) || waitsBefore(observation, id) !== undefined),
  );
  if (step.type === "rest") return idle;
  // Without an execution, the line waits for the first execution, which CodePipeline starts by itself.
  return step.type === "wait" && step.for === "execution" && idle && running.length > 0;
}

type Waiting = Extract<Step, { readonly type: "wait-for-slot" }>;

export function waitStep(
  { position, blockedBy }: Extract<Admission, { readonly may: false }>,
  { pace, teams }: Rules,
  team: string | undefined,
): Waiting {
  const cap = teams.find(({ name }) => name === team)?.concurrent;
  const short = {
    slot: `Other lines hold the slots that this line may use, of the anchor's ${pace.releases} slots.`,
    team: `The team ${team} has reached its limit of concurrent lines: ${cap}.`,
    pipelines: `The account has reached its quota of ${pace.pipelines} pipelines.`,
  }[blockedBy];
  return {
    type: "wait-for-slot",
    position,
    blockedBy,
    why: `${short} This line is number ${position} in the queue.`,
  };
}

export const waitingReason = ({ blockedBy, why }: Waiting): Reason =>
  blockedBy === "pipelines"
    ? {
        code: "WaitingForQuota",
        sentence: why,
        remedy:
          "Tear down lines that you no longer need, or ask the cloud team to raise the account's quota and pace.pipelines in the estate.",
      }
    : { code: "WaitingForSlot", sentence: why };
