/**
 * CloudFormation deploy: creates, updates, replaces or deletes a stack, or creates and executes a change
 * set.
 */
import { isAwsError } from "#cloud/kernel/aws-error.ts";
import { assumptions } from "#cloud/pipeline/assumptions.ts";
import { stackRequest } from "./cloudformation-request.ts";
import { describeStack, type StackMemo, succeeded, watchStack } from "./cloudformation-stack.ts";
import { type ActionProvider, DAY, failed, type Job, type Outcome, properties } from "./provider.ts";

type Configuration = Readonly<Record<string, string>>;

const modes = [
  "CREATE_UPDATE",
  "REPLACE_ON_FAILURE",
  "CHANGE_SET_REPLACE",
  "CHANGE_SET_EXECUTE",
  "DELETE_ONLY",
];

/**
 * The CloudFormation User Guide counts ROLLBACK_COMPLETE as a failed state; the mode would have no use
 * without it.
 */
const FAILED_STATES = [
  "ROLLBACK_COMPLETE",
  "ROLLBACK_FAILED",
  "CREATE_FAILED",
  "DELETE_FAILED",
  "UPDATE_ROLLBACK_FAILED",
];

export const cloudFormation: ActionProvider = {
  categories: ["Deploy"],
  provider: "CloudFormation",
  inputs: [0, 10],
  outputs: [0, 1],
  properties: properties(
    ["ActionMode", "StackName"],
    [
      "Capabilities",
      "ChangeSetName",
      "OutputFileName",
      "ParameterOverrides",
      "RoleArn",
      "TemplateConfiguration",
      "TemplatePath",
    ],
  ),
  check: checkConfiguration,
  timeoutMinutes: 3 * DAY,
  start: async (job) => await watchStack(job, await begin(job)),
  observe: async (job, memo: StackMemo) =>
    await watchStack(job, memo.replace ? await replace(job, memo) : memo),
};

function checkConfiguration(configuration: Configuration, inputs: readonly string[]): string | undefined {
  const mode = configuration["ActionMode"] ?? "";
  if (mode.includes("#{")) return undefined;
  if (!modes.includes(mode)) return `ActionMode ${mode} must be one of ${modes.join(", ")}`;
  const needed = {
    CREATE_UPDATE: ["TemplatePath", "RoleArn"],
    REPLACE_ON_FAILURE: ["TemplatePath", "RoleArn"],
    CHANGE_SET_REPLACE: ["TemplatePath", "RoleArn", "ChangeSetName"],
    CHANGE_SET_EXECUTE: ["ChangeSetName"],
    DELETE_ONLY: ["RoleArn"],
  }[mode];
  const missing = needed?.find((key) => configuration[key] === undefined);
  if (missing !== undefined) return `${missing} is required for the ActionMode ${mode}`;
  for (const key of ["TemplatePath", "TemplateConfiguration"]) {
    const value = configuration[key];
    if (value === undefined || value.includes("#{")) continue;
    const [artifact = "", path] = value.split("::");
    if (path === undefined || path === "") return `${key} must be of the form ArtifactName::FileName`;
    if (!inputs.includes(artifact))
      return `${key} names ${artifact}, which is not an input artifact of the action`;
  }
  return undefined;
}

async function begin(job: Job): Promise<StackMemo | Outcome> {
  const { ActionMode, StackName = "", RoleArn } = job.configuration;
  switch (ActionMode) {
    case "CREATE_UPDATE":
      return await createOrUpdate(job, false);
    case "REPLACE_ON_FAILURE":
      return await createOrUpdate(job, true);
    case "CHANGE_SET_REPLACE":
      return await makeChangeSet(job);
    case "CHANGE_SET_EXECUTE":
      return await executeChangeSet(job);
    case "DELETE_ONLY": {
      const stack = await describeStack(job, StackName);
      if (stack === undefined)
        return { status: "Succeeded", details: { summary: "The stack does not exist." } };
      await job.call("cloudformation", "DeleteStack", { StackName, RoleARN: RoleArn });
      return { waitsFor: "deletion", stack: stack.StackId ?? StackName };
    }
    default:
      return failed(
        "ConfigurationError",
        `ActionMode ${ActionMode ?? ""} must be one of ${modes.join(", ")}`,
      );
  }
}

async function createOrUpdate(job: Job, replaces: boolean): Promise<StackMemo | Outcome> {
  const { StackName = "", RoleArn } = job.configuration;
  const stack = await describeStack(job, StackName);
  if (stack === undefined) return await create(job);
  const id = stack.StackId ?? StackName;
  if (replaces && FAILED_STATES.includes(stack.StackStatus ?? "")) {
    await job.call("cloudformation", "DeleteStack", { StackName: id, RoleARN: RoleArn });
    return { waitsFor: "deletion", stack: id, replace: true };
  }
  try {
    await job.call("cloudformation", "UpdateStack", await stackRequest(job));
  } catch (error) {
    const nothing =
      isAwsError(error, "ValidationError") && /No updates are to be performed/.test(error.message);
    if (!nothing || !assumptions.emptyChangeSetSucceeds) throw error;
    return await succeeded(job, stack, "No updates are to be performed.");
  }
  return { waitsFor: "stack", stack: id };
}

/** Creates the stack again: the second half of REPLACE_ON_FAILURE, after the failed stack was deleted. */
async function replace(job: Job, memo: StackMemo): Promise<StackMemo | Outcome> {
  const stack = await describeStack(job, memo.stack);
  return stack === undefined || stack.StackStatus === "DELETE_COMPLETE" ? await create(job) : memo;
}

async function create(job: Job): Promise<StackMemo> {
  const { StackId = "" } = await job.call<{ StackId?: string }>(
    "cloudformation",
    "CreateStack",
    await stackRequest(job),
  );
  return { waitsFor: "stack", stack: StackId };
}

async function makeChangeSet(job: Job): Promise<StackMemo | Outcome> {
  const { StackName = "", ChangeSetName = "" } = job.configuration;
  const stack = await describeStack(job, StackName);
  const request = await stackRequest(job);
  if (stack !== undefined) await dropChangeSet(job, StackName, ChangeSetName);
  const { Id = ChangeSetName } = await job.call<{ Id?: string }>("cloudformation", "CreateChangeSet", {
    ...request,
    ChangeSetName,
    ChangeSetType: stack === undefined || stack.StackStatus === "REVIEW_IN_PROGRESS" ? "CREATE" : "UPDATE",
  });
  return { waitsFor: "change-set", stack: StackName, changeSet: Id };
}

async function dropChangeSet(job: Job, StackName: string, ChangeSetName: string): Promise<void> {
  try {
    await job.call("cloudformation", "DeleteChangeSet", { StackName, ChangeSetName });
  } catch (error) {
    if (!isAwsError(error, "ChangeSetNotFound", "ChangeSetNotFoundException")) throw error;
  }
}

async function executeChangeSet(job: Job): Promise<StackMemo | Outcome> {
  const { StackName = "", ChangeSetName = "" } = job.configuration;
  const set = await job.call<{ Status?: string; StatusReason?: string; StackId?: string }>(
    "cloudformation",
    "DescribeChangeSet",
    { StackName, ChangeSetName },
  );
  const id = set.StackId ?? StackName;
  if (isEmpty(set))
    return await succeeded(job, await describeStack(job, id), "The change set contains no changes.");
  await job.call("cloudformation", "ExecuteChangeSet", { StackName, ChangeSetName });
  return { waitsFor: "stack", stack: id };
}

const isEmpty = (set: { readonly Status?: string; readonly StatusReason?: string }): boolean =>
  assumptions.emptyChangeSetSucceeds &&
  set.Status === "FAILED" &&
  /didn't contain changes|No updates are to be performed/.test(set.StatusReason ?? "");
