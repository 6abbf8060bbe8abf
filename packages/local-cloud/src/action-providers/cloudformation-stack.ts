/**
 * Watches a stack or a change set until it ends, and returns the outcome: the outputs, or the reason of the
 * failure.
 */
import { writeZip } from "#cloud/build/zip-writer.ts";
import { isAwsError } from "#cloud/kernel/aws-error.ts";
import { assumptions } from "#cloud/pipeline/assumptions.ts";
import { failed, type Job, type Outcome } from "./provider.ts";

export type StackMemo = {
  readonly waitsFor: "stack" | "change-set" | "deletion";
  readonly stack: string;
  readonly changeSet?: string;
  /** True when the action creates the stack again after its deletion. */
  readonly replace?: boolean;
};

type Stack = {
  readonly StackId?: string;
  readonly StackStatus?: string;
  readonly StackStatusReason?: string;
  readonly Outputs?: readonly { readonly OutputKey?: string; readonly OutputValue?: string }[];
};

const DONE = ["CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE"];

export async function describeStack(job: Job, name: string): Promise<Stack | undefined> {
  try {
    const { Stacks } = await job.call<{ Stacks?: readonly Stack[] }>("cloudformation", "DescribeStacks", {
      StackName: name,
    });
    return Stacks?.[0];
  } catch (error) {
    if (isAwsError(error, "ValidationError") && /does not exist/.test(error.message)) return undefined;
    throw error;
  }
}

export async function watchStack(job: Job, memo: StackMemo | Outcome): Promise<Outcome> {
  if ("status" in memo) return memo;
  if (memo.waitsFor === "change-set") return await watchChangeSet(job, memo);
  const stack = await describeStack(job, memo.stack);
  const status = stack?.StackStatus ?? "DELETE_COMPLETE";
  const details = { externalExecutionId: memo.stack, externalExecutionUrl: consoleUrl(job, memo.stack) };
  if (status.endsWith("_IN_PROGRESS"))
    return { status: "InProgress", details: { memo, ...details, summary: status } };
  if (memo.waitsFor === "deletion" && status === "DELETE_COMPLETE" && !memo.replace) {
    return { status: "Succeeded", details };
  }
  // The engine observes again at once, and the provider then creates the stack again.
  if (memo.replace && status === "DELETE_COMPLETE")
    return { status: "InProgress", details: { memo, ...details } };
  if (memo.waitsFor === "stack" && DONE.includes(status)) return await succeeded(job, stack);
  const cause = await rootCause(job, memo.stack);
  return failed(
    "JobFailed",
    `The stack operation ended in ${status}. ${cause ?? stack?.StackStatusReason ?? ""}`.trim(),
    details,
  );
}

async function watchChangeSet(job: Job, memo: StackMemo): Promise<Outcome> {
  const set = await job.call<{ Status?: string; StatusReason?: string; StackId?: string }>(
    "cloudformation",
    "DescribeChangeSet",
    { StackName: memo.stack, ChangeSetName: memo.changeSet },
  );
  const details = {
    externalExecutionId: memo.changeSet ?? "",
    externalExecutionUrl: consoleUrl(job, set.StackId ?? memo.stack),
  };
  const { Status = "", StatusReason = "" } = set;
  if (Status.endsWith("_PENDING") || Status.endsWith("_IN_PROGRESS"))
    return { status: "InProgress", details: { memo, ...details } };
  const empty = /didn't contain changes|No updates are to be performed/.test(StatusReason);
  if (Status === "CREATE_COMPLETE" || (Status === "FAILED" && empty && assumptions.emptyChangeSetSucceeds)) {
    const outcome = await succeeded(job, await describeStack(job, set.StackId ?? memo.stack), StatusReason);
    return { ...outcome, details: { ...outcome.details, ...details } };
  }
  return failed("JobFailed", `The change set could not be created. ${Status}: ${StatusReason}`, details);
}

const consoleUrl = (job: Job, stack: string): string =>
  `https://${job.region}.console.aws.amazon.com/cloudformation/home?region=${job.region}#/stacks/stackinfo?stackId=${encodeURIComponent(stack)}`;

/**
 * On success the stack's outputs become output variables and, when the action names an output file, the
 * output artifact.
 */
export async function succeeded(
  job: Job,
  stack: Stack | undefined,
  summary = "",
): Promise<Outcome & { status: "Succeeded" }> {
  const outputVariables = Object.fromEntries(
    (stack?.Outputs ?? []).map(({ OutputKey = "", OutputValue = "" }) => [OutputKey, OutputValue]),
  );
  const written: string[] = [];
  const file = job.configuration["OutputFileName"];
  const output = job.outputs[0];
  if (file !== undefined && output !== undefined) {
    await output.write(
      writeZip([{ name: file, data: Buffer.from(JSON.stringify(outputVariables, null, 2)) }]),
    );
    written.push(output.name);
  }
  return {
    status: "Succeeded",
    written,
    details: {
      outputVariables,
      ...(summary !== "" && { summary }),
      ...(stack?.StackId !== undefined && {
        externalExecutionId: stack.StackId,
        externalExecutionUrl: consoleUrl(job, stack.StackId),
      }),
    },
  };
}

type StackEvent = {
  readonly Timestamp?: Date;
  readonly LogicalResourceId?: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceType?: string;
  readonly ResourceStatus?: string;
  readonly ResourceStatusReason?: string;
  readonly StackId?: string;
};

/**
 * Finds the earliest failure of this operation that is not a consequence of another failure. It follows
 * nested stacks down.
 */
async function rootCause(job: Job, stack: string, depth = 0): Promise<string | undefined> {
  const events: StackEvent[] = [];
  let token: string | undefined;
  try {
    do {
      const page = await job.call<{ StackEvents?: readonly StackEvent[]; NextToken?: string }>(
        "cloudformation",
        "DescribeStackEvents",
        { StackName: stack, ...(token !== undefined && { NextToken: token }) },
      );
      events.push(
        ...(page.StackEvents ?? []).filter(({ Timestamp }) => (Timestamp ?? job.startTime) >= job.startTime),
      );
      token = page.NextToken;
    } while (token !== undefined && events.length < 2000);
  } catch (error) {
    // Without that permission AWS, too, reports only the stack's own reason.
    if (isAwsError(error)) return undefined;
    throw error;
  }
  const cause = events.findLast(
    ({ ResourceStatus = "", ResourceStatusReason = "" }) =>
      ResourceStatus.endsWith("_FAILED") && !/cancelled/i.test(ResourceStatusReason),
  );
  if (cause === undefined) return undefined;
  const nested =
    cause.ResourceType === "AWS::CloudFormation::Stack" && cause.PhysicalResourceId !== cause.StackId;
  const deeper =
    nested && cause.PhysicalResourceId && depth < 5
      ? await rootCause(job, cause.PhysicalResourceId, depth + 1)
      : undefined;
  return (
    deeper ??
    `${cause.LogicalResourceId ?? ""} (${cause.ResourceType ?? ""}): ${cause.ResourceStatusReason ?? "no reason was given"}`
  );
}
