/**
 * Removes stacks whose creation failed, and waits for operations of the other stacks to end. It refuses a stack of
 * another line, and a second stack of the same line. Prepare runs it before a deployment.
 */

import type { Applications, LineStack } from "#ports/applications.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import type { Line } from "#release/names/key.ts";
import { longStackName, memberName } from "#release/names/stack-names.ts";
import { tags } from "#release/names/tags.ts";
import { deleteToken } from "#release/names/tokens.ts";
import type { AssembledStack } from "#release/stack/assembly.ts";
import { withoutWords } from "#release/stack/stack-failure.ts";
import { stackPhase } from "#release/stack/stack-status.ts";
import type { EnvironmentJob } from "./job.ts";
import { isOfLine } from "./stack-tags.ts";

type Stacks = Pick<Applications, "stack" | "failure" | "remove">;

/** Statuses of a stack whose creation failed, so its deletion loses nothing. */
const remains = ["ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED"];

/** `existing` has the stacks that a deployment updates, by name. It can start when there is no `wait`. */
type Found = { readonly wait?: string; readonly existing: ReadonlySet<string> };

/** Returns the wait that must end before the stacks can be deployed, and the stacks that exist. */
export async function removeFailedStacks(
  applications: Stacks,
  job: EnvironmentJob,
  line: Line,
  stacks: readonly Pick<AssembledStack, "id">[],
): Promise<Found> {
  const waits: string[] = [];
  const existing = new Set<string>();
  for (const { id } of stacks) {
    const found = await removeFailedStack(applications, job, { line, id });
    if (found === exists) existing.add(memberName(job.stack, id));
    else if (found !== undefined) waits.push(found);
  }
  // A deletion that this action started has priority: only its failure may fail the action.
  const wait = waits.find((each) => each !== waiting) ?? waits[0];
  return { existing, ...(wait !== undefined && { wait }) };
}

const exists = "exists";

const waiting = "waiting";
const removing = (stack: string): string => `removing ${stack}`;

/** Returns a wait, `exists`, or undefined for a stack that is to be made. */
async function removeFailedStack(
  applications: Stacks,
  job: EnvironmentJob,
  { line, id }: { readonly line: Line; readonly id: string },
): Promise<string | undefined> {
  const stack = memberName(job.stack, id);
  const found = await applications.stack(job, stack);
  if (found === undefined)
    return requireOneName(applications, job, stack, longStackName(job.environment, line, id));
  if (!isOfLine(found.tags, line)) throw taken(found, job);
  const { status } = found;
  const phase = stackPhase(status);
  const begun = job.continuation === removing(stack);
  // The stack has only change sets, and the next action replaces them. They may even belong to that action,
  // because Lambda can deliver an event twice.
  if (status === "REVIEW_IN_PROGRESS") return undefined;
  // A teardown or an older execution still changes the stack.
  if (phase === "busy" || phase === "deleting") return begun ? removing(stack) : waiting;
  if (remains.includes(status)) return remove(applications, job, stack);
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
  return exists;
}

/**
 * A line whose record in the cache was lost would get a second stack, without the data of the first one. Throws
 * `StackHasLongName` when the line has the stack under its long name.
 */
async function requireOneName(
  applications: Stacks,
  job: EnvironmentJob,
  stack: string,
  long: string,
): Promise<undefined> {
  if (stack === long || (await applications.stack(job, long)) === undefined) return;
  const seen = `The stack ${stack} is to be made in account ${job.account}, and the line has the stack ${long} there.`;
  throw new ReleaseError("StackHasLongName", seen);
}

/** Names have room for a part of a digest only, so another line may have the same names. */
function taken({ name, tags: of }: LineStack, { account }: EnvironmentJob): ReleaseError {
  const other = [tags.account, tags.app, tags.branch].map((tag) => of[tag]).join("/");
  return new ReleaseError("NameTaken", `The stack ${name} in account ${account} belongs to ${other}.`);
}

async function remove(applications: Stacks, job: EnvironmentJob, stack: string): Promise<string> {
  await applications.remove(job, stack, deleteToken("remains", `${job.execution} ${stack}`));
  return removing(stack);
}
