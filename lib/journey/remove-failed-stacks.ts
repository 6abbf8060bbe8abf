/** Removes what is left of stacks that never came into being, and waits for what is at work in the others. */

import type { Applications } from "#ports/applications.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import { memberName } from "#release/names/names.ts";
import { deleteToken } from "#release/names/tokens.ts";
import type { AssembledStack } from "#release/stack/assembly.ts";
import { stackPhase } from "#release/stack/stack-status.ts";
import type { EnvironmentJob } from "./job.ts";

type Stacks = Pick<Applications, "status" | "failure" | "remove">;

/** Statuses of a stack that never came into being, so that nothing is lost with it. */
const remains = ["ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED"];

/** What has to end before the stacks can be deployed; undefined when nothing is in the way. */
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
  // What this action began to delete is remembered first of all: only that may fail it.
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
  // Nothing but change sets, which the next action replaces. It may be that very action's: an event of Lambda comes twice.
  if (status === "REVIEW_IN_PROGRESS") return undefined;
  // A teardown's or an older execution's work is waited for.
  if (phase === "busy" || phase === "deleting") return begun ? removing(stack) : waiting;
  if (status !== undefined && remains.includes(status)) return remove(applications, job, stack);
  if (phase === "undeletable" && !begun) return remove(applications, job, stack);
  if (phase === "undeletable" || phase === "broken") {
    const cause = (await applications.failure(job, stack)) ?? "CloudFormation gave no reason.";
    const seen = `The stack ${stack} in account ${job.account} is ${status}: ${cause}`;
    const todo =
      phase === "broken"
        ? "Somebody has to continue its rollback (aws cloudformation continue-update-rollback)."
        : "Somebody has to delete it.";
    throw new ReleaseError("DeploymentFailed", `${seen} ${todo}`);
  }
  return undefined;
}

async function remove(applications: Stacks, job: EnvironmentJob, stack: string): Promise<string> {
  await applications.remove(job, stack, deleteToken("remains", `${job.execution} ${stack}`));
  return removing(stack);
}
