/**
 * Takes one stack of an approved environment to its end: it executes the cleared change set by its ARN, waits,
 * and compares the ARN with the stack's last change set. An ARN names one change set for ever, so no other
 * change set can come between.
 */
import type { Applications } from "#ports/applications.ts";
import type { Assets } from "#ports/assets.ts";
import type { ChangeSets, StackNow } from "#ports/change-sets.ts";
import type { Capability } from "#release/artifact/manifest.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import { changeSetName } from "#release/names/names.ts";
import { executeToken } from "#release/names/tokens.ts";
import {
  broken,
  type Clearance,
  type ClearedNested,
  type ClearedStack,
  digestOf,
} from "#release/review/clearance.ts";
import { inFull } from "#release/stack/stack-failure.ts";
import { stackPhase } from "#release/stack/stack-status.ts";
import { clearedNested, templateDigest } from "./clearance-of.ts";
import { checkedChangeSet, createChangeSets } from "./environment-change-sets.ts";
import type { WorkerJob } from "./job.ts";
import type { PreparedStack } from "./prepared-stacks.ts";

export type AdvanceDeps = {
  readonly changeSets: ChangeSets;
  readonly assets: Assets;
  readonly applications: Pick<Applications, "failure">;
};

type Advance = {
  readonly job: WorkerJob;
  readonly stack: PreparedStack;
  readonly approved: Clearance;
  readonly capabilities: readonly Capability[];
};

/** `later` while CloudFormation works on the stack. The outputs are known when the stack was read at its end. */
export type Advanced = "later" | { readonly outputs?: StackNow["outputs"] };

export async function advanceStack(deps: AdvanceDeps, advance: Advance): Promise<Advanced> {
  const { job, stack, approved } = advance;
  const cleared = approved.stacks.find(({ name }) => name === stack.name);
  if (cleared?.unchanged) {
    // CloudFormation keeps it as a failed one. Prepare leaves it, because Prepare may run again before its answer.
    if (cleared.changeSet !== undefined) await deps.changeSets.remove(job, cleared.changeSet);
    return {};
  }
  const now = await deps.changeSets.stack(job, stack.name);
  if (stackPhase(now?.status) === "busy") return "later";
  if (now !== undefined && hasExecuted(now, job, cleared?.changeSet))
    return ended(deps, advance, cleared, now);
  const id = await changeSetToExecute(deps, advance, cleared, now);
  if (id === undefined) return "later";
  if (id === "unchanged") return {};
  await deps.changeSets.execute(job, id, executeToken(job.execution, stack.name));
  return "later";
}

/** A change set of a later level is known by its name, which holds the execution. */
const hasExecuted = ({ changeSet }: StackNow, job: WorkerJob, cleared: string | undefined): boolean =>
  cleared === undefined
    ? (changeSet?.includes(`:changeSet/${changeSetName(job.execution)}/`) ?? false)
    : changeSet === cleared;

/** Undefined while there is nothing to execute: CloudFormation still computes or begins. */
async function changeSetToExecute(
  deps: AdvanceDeps,
  { job, stack, capabilities }: Advance,
  approvedStack: ClearedStack | undefined,
  now: StackNow | undefined,
): Promise<string | undefined> {
  const cleared = approvedStack?.changeSet;
  const { changeSets } = deps;
  const made = await changeSets.describe(job, stack.name, changeSetName(job.execution));
  if (made === undefined && cleared === undefined) {
    const exists = now !== undefined && now.status !== "REVIEW_IN_PROGRESS";
    await createChangeSets(deps, job, [stack], {
      capabilities,
      existing: new Set(exists ? [stack.name] : []),
    });
    return undefined;
  }
  if (made?.status === "pending") return undefined;
  const found = await checkedChangeSet(changeSets, job, stack, made, cleared);
  if (found.status === "executed") return undefined;
  if (found.status === "unchanged" && cleared === undefined) {
    await changeSets.remove(job, found.id);
    return "unchanged";
  }
  if (cleared === undefined) return found.id;
  if (found.id === cleared) {
    compareNested(stack.name, approvedStack?.nested ?? [], found.below.map(clearedNested));
    return found.id;
  }
  throw broken(
    `The change set ${changeSetName(job.execution)} of the stack ${stack.name} is now ${found.id}; approved was ${cleared}.`,
  );
}

/** The ARN of the root binds the change sets below it. So a difference here is a change by CloudFormation itself. */
function compareNested(
  stack: string,
  approved: readonly ClearedNested[],
  now: readonly ClearedNested[],
): void {
  const paths = [...new Set([...approved, ...now].map(({ path }) => path))];
  const changed = paths.filter(
    (path) =>
      digestOf(approved.filter((each) => each.path === path)) !==
      digestOf(now.filter((each) => each.path === path)),
  );
  if (changed.length > 0)
    throw broken(`The nested stacks ${changed.join(", ")} of ${stack} have other change sets than approved.`);
}

async function ended(
  { changeSets, applications }: AdvanceDeps,
  { job, stack }: Advance,
  cleared: ClearedStack | undefined,
  now: StackNow,
): Promise<Advanced> {
  if (stackPhase(now.status) !== "stable") {
    const failure = await applications.failure(job, stack.name);
    const cause = failure === undefined ? "CloudFormation gave no reason." : inFull(failure);
    throw new ReleaseError("DeploymentFailed", `The stack ${stack.name} is ${now.status}: ${cause}`);
  }
  if (cleared?.changeSet !== undefined) return now;
  const deployed = await changeSets.deployed(job, stack.name);
  if (deployed !== undefined && templateDigest(deployed) === cleared?.template) return now;
  throw broken(`The stack ${stack.name} in account ${job.account} has another template than approved.`);
}
