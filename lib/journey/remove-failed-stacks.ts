/**
 * Removes stacks whose creation failed, and waits for operations of the other stacks to end. Prepare runs it
 * before a deployment.
 */

import type { Applications } from "#ports/applications.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import { memberName } from "#release/names/names.ts";
import { deleteToken } from "#release/names/tokens.ts";
import type { AssembledStack } from "#release/stack/assembly.ts";
import { withoutWords } from "#release/stack/stack-failure.ts";
import { stackPhase } from "#release/stack/stack-status.ts";
import type { EnvironmentJob } from "./job.ts";

type Stacks = Pick<Applications, "status" | "failure" | "remove">;

/** Statuses of a stack whose creation failed, so its deletion loses nothing. */
const remains = ["ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED"];

/**
 * Returns the wait that must end before the stacks can be deployed; undefined when the deployment can start.
 */
export async function removeFailedStacks(
  applications: Stacks,
  job: EnvironmentJob,
  stacks: readonly Pick<AssembledStack, "id">[],
): Promise<string | undefined> {
  const waits: string[] = [];
  for (const { id } of stacks) {
    const wait = await removeFailedStack(applications, job, memberName(job.stack, id));
    if (wait !== undefined) waits.push(wait);
  }
  // A deletion that this action started has priority: only its failure may fail the action.
  return waits.find((wait) => wait !== waiting) ?? waits[0];
}

const waiting = "waiting";
const removing = (stack: string): string => `removing ${stack}`;

async function removeFailedStack(
  applications: Stacks,
  job: EnvironmentJob,
  stack: string,
): Promise<string | undefined> {
  const status = await applications.status(job, stack);
  const phase = stackPhase(status);
  const begun = job.continuation === removing(stack);
  // The stack has only change sets, and the next action replaces them. They may even belong to that action,
  // because Lambda can deliver an event twice.
  if (status === "REVIEW_IN_PROGRESS") return undefined;
  // A teardown or an older execution still changes the stack.
  if (phase === "busy" || phase === "deleting") return begun ? removing(stack) : waiting;
  if (status !== undefined && remains.includes(status)) return remove(applications, job, stack);
  if (phase === "undeletable" && !begun) return remove(applications, job, stack);
  if (phase === "undeletable" || phase === "broken") {
    const failure = await applications.failure(job, stack);
    // The failed operation may have been another release's, with secrets of its own.
    const cause = failure === undefined ? "CloudFormation gave no reason." : withoutWords(failure);
    const seen = `The stack ${stack} in account ${job.account} is ${status}: ${cause}`;
    const todo =
      phase === "broken"
        ? "Continue its rollback (aws cloudformation continue-update-rollback)."
        : "Delete it (aws cloudformation delete-stack).";
    throw new ReleaseError("DeploymentFailed", `${seen} ${todo}`);
  }
  return undefined;
}

async function remove(applications: Stacks, job: EnvironmentJob, stack: string): Promise<string> {
  await applications.remove(job, stack, deleteToken("remains", `${job.execution} ${stack}`));
  return removing(stack);
}
