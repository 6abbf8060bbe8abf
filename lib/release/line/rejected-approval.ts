/**
 * Decides the step after a rejected approval: it deletes the stacks that hold only a change set. CloudFormation makes such a stack with its first change set, and it would stay in the account.
 */
import { deleteToken } from "#release/names/tokens.ts";
import { actionNames } from "#release/plan/plan.ts";
import { isRunning } from "./executions.ts";
import type { Execution, Observation } from "./observation.ts";
import type { Step } from "./step.ts";

/** The status of a stack that has change sets and no resource yet. */
const withoutResources = "REVIEW_IN_PROGRESS";

/**
 * Undefined when no stack is left to delete. A running execution may need the stack of its own change set, and the
 * hourly sweep asks no target account about a line that rests.
 */
export function afterRejection(observation: Observation, own: Execution): Step | undefined {
  const { executions, message, appStacks } = observation;
  if (!wasRejected(observation, own) || executions.some(isRunning) || message.cause === "sweep")
    return undefined;
  if (appStacks === undefined)
    return { type: "observe", at: "app-stacks", why: "The rejected release may have left empty stacks." };
  const empty = appStacks.filter(({ status }) => status === withoutResources);
  if (empty.length === 0) return undefined;
  return {
    type: "delete-app-stacks",
    stacks: empty.map(({ environment, name }) => ({ environment, name })),
    token: deleteToken("app-stacks", message.id),
    why: "The approval was rejected before these stacks had resources.",
  };
}

/** An approval without an answer in time counts as a rejection. */
const wasRejected = ({ stages }: Observation, { id }: Execution): boolean =>
  stages.some(
    ({ execution, actions }) =>
      execution?.id === id &&
      actions.some(({ name, status }) => name === actionNames.approve && status === "Failed"),
  );
