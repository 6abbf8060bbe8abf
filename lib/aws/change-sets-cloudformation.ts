/** The change sets of application stacks in the target accounts. */
import {
  type Change,
  type ChangeAction,
  type CloudFormationClient,
  CreateChangeSetCommand,
  type CreateChangeSetCommandInput,
  DeleteChangeSetCommand,
  DescribeChangeSetCommand,
  type DescribeChangeSetCommandOutput,
  ExecuteChangeSetCommand,
  GetTemplateCommand,
  type ResourceChangeDetail,
} from "@aws-sdk/client-cloudformation";
import type { ChangeSets } from "#ports/change-sets.ts";
import type { AccountInRegion } from "#ports/target.ts";
import { roleArn } from "#release/names/arns.ts";
import { roles } from "#release/names/deployed-names.ts";
import { canonicalJson, sha256Hex } from "#release/names/digest.ts";
import type { ChangeSet, PropertyChange, ResourceChange } from "#release/review/stack-change.ts";
import { isMissingStack, isNamed, unlessDone } from "./error-names.ts";
import { findStack, outputsOf } from "./find-stack.ts";

/** The description names the inputs, so that a second invocation finds the change set of the first. */
function inputOf(account: string, request: Parameters<ChangeSets["create"]>[1]): CreateChangeSetCommandInput {
  const inputs: CreateChangeSetCommandInput = {
    StackName: request.stack,
    ChangeSetName: request.name,
    ChangeSetType: request.exists ? "UPDATE" : "CREATE",
    ...("url" in request.template
      ? { TemplateURL: request.template.url }
      : { TemplateBody: request.template.body }),
    Parameters: Object.entries(request.parameters).map(([ParameterKey, ParameterValue]) => ({
      ParameterKey,
      ParameterValue,
    })),
    Tags: Object.entries(request.tags).map(([Key, Value]) => ({ Key, Value })),
    Capabilities: [...request.capabilities],
    RoleARN: roleArn(account, roles.cloudformation),
    IncludeNestedStacks: request.nested,
  };
  return { ...inputs, Description: `Made of ${sha256Hex(canonicalJson(inputs))}` };
}

export const changeSetsCloudformation = (
  clientFor: (target: AccountInRegion) => CloudFormationClient,
): ChangeSets => ({
  create: async (target, request) => {
    const client = clientFor(target);
    const input = inputOf(target.account, request);
    try {
      await client.send(new CreateChangeSetCommand(input));
    } catch (error) {
      if (!isNamed(error, "AlreadyExistsException")) throw error;
      // An invocation may come twice, also after the approval. A change set of the same inputs stays.
      const names = { StackName: request.stack, ChangeSetName: request.name };
      const made = await describePage(client, { ...names, NextToken: undefined });
      if (made !== undefined && made.Description === input.Description && isUsable(made)) return;
      await client.send(new DeleteChangeSetCommand(names));
      await client.send(new CreateChangeSetCommand(input));
    }
  },
  describe: async (target, stack, name) => {
    const client = clientFor(target);
    const described = await describeAll(client, { StackName: stack, ChangeSetName: name });
    return described && (await changeSetOf(client, described));
  },
  template: async (target, changeSet, stack) => {
    const names = { ChangeSetName: changeSet, ...(stack !== undefined && { StackName: stack }) };
    try {
      const input = { ...names, TemplateStage: "Original" } as const;
      return (await clientFor(target).send(new GetTemplateCommand(input))).TemplateBody;
    } catch (error) {
      if (isMissingChangeSet(error)) return undefined;
      throw error;
    }
  },
  deployed: async (target, stack) => {
    try {
      const input = { StackName: stack, TemplateStage: "Original" } as const;
      return (await clientFor(target).send(new GetTemplateCommand(input))).TemplateBody;
    } catch (error) {
      if (isMissingStack(error)) return undefined;
      throw error;
    }
  },
  execute: async (target, changeSet, token) => {
    const execute = new ExecuteChangeSetCommand({ ChangeSetName: changeSet, ClientRequestToken: token });
    // The change set was executed already, or is obsolete; the caller compares the stack's last change set.
    await unlessDone(
      clientFor(target).send(execute),
      "InvalidChangeSetStatus",
      "InvalidChangeSetStatusException",
    );
  },
  stack: async (target, name) => {
    const found = await findStack(clientFor(target), name);
    return (
      found && {
        status: found.StackStatus ?? "",
        ...(found.ChangeSetId !== undefined && { changeSet: found.ChangeSetId }),
        outputs: outputsOf(found),
      }
    );
  },
  remove: (target, changeSet) =>
    unlessDone(
      clientFor(target).send(new DeleteChangeSetCommand({ ChangeSetName: changeSet })),
      "ChangeSetNotFound",
      "ChangeSetNotFoundException",
    ),
  discard: async (target, stack, name) => {
    try {
      const input = { StackName: stack, ChangeSetName: name };
      await clientFor(target).send(new DeleteChangeSetCommand(input));
    } catch (error) {
      if (!isMissingChangeSet(error)) throw error;
    }
  },
});

type Described = {
  readonly first: DescribeChangeSetCommandOutput;
  readonly changes: readonly Change[];
};

/** An ARN names a change set without its stack. */
type Names = { readonly StackName?: string; readonly ChangeSetName: string };

async function describeAll(client: CloudFormationClient, names: Names): Promise<Described | undefined> {
  const changes: Change[] = [];
  let first: DescribeChangeSetCommandOutput | undefined;
  let NextToken: string | undefined;
  do {
    const page = await describePage(client, { ...names, NextToken });
    if (page === undefined) return undefined;
    first ??= page;
    changes.push(...(page.Changes ?? []));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return { first, changes };
}

async function describePage(
  client: CloudFormationClient,
  { NextToken, ...names }: Names & { readonly NextToken: string | undefined },
): Promise<DescribeChangeSetCommandOutput | undefined> {
  const input = { ...names, IncludePropertyValues: true, ...(NextToken !== undefined && { NextToken }) };
  try {
    return await client.send(new DescribeChangeSetCommand(input));
  } catch (error) {
    if (isMissingChangeSet(error)) return undefined;
    throw error;
  }
}

const isMissingChangeSet = (error: unknown): boolean =>
  isNamed(error, "ChangeSetNotFound", "ChangeSetNotFoundException") || isMissingStack(error);

/** Describes the change sets of nested stacks as well; CloudFormation returns their ARNs. */
async function changeSetOf(client: CloudFormationClient, { first, changes }: Described): Promise<ChangeSet> {
  const { ChangeSetId = "", StatusReason, Parameters = [] } = first;
  const nested: ChangeSet["nested"][number][] = [];
  for (const { ResourceChange } of changes) {
    if (ResourceChange?.ChangeSetId === undefined) continue;
    const found = await describeAll(client, { ChangeSetName: ResourceChange.ChangeSetId });
    const logicalId = ResourceChange.LogicalResourceId ?? "";
    if (found !== undefined) nested.push({ logicalId, ...(await changeSetOf(client, found)) });
  }
  return {
    id: ChangeSetId,
    status: statusOf(first),
    ...(StatusReason !== undefined && { reason: StatusReason }),
    parameters: Object.fromEntries(
      Parameters.map(({ ParameterKey = "", ParameterValue = "" }) => [ParameterKey, ParameterValue]),
    ),
    resolved: Object.fromEntries(
      Parameters.flatMap(({ ParameterKey = "", ResolvedValue }) =>
        ResolvedValue === undefined ? [] : [[ParameterKey, ResolvedValue]],
      ),
    ),
    changes: changes.flatMap(resourceChangeOf),
    nested,
  };
}

/** CloudFormation reports an empty change set as a failure, which only its text tells. */
const noChanges = /didn't contain changes|No updates are to be performed/;

function statusOf({
  Status,
  ExecutionStatus,
  StatusReason,
}: DescribeChangeSetCommandOutput): ChangeSet["status"] {
  if (Status === "FAILED") return noChanges.test(StatusReason ?? "") ? "unchanged" : "failed";
  if (Status !== "CREATE_COMPLETE") return "pending";
  if (ExecutionStatus === "AVAILABLE" || ExecutionStatus === "UNAVAILABLE") return "ready";
  return ExecutionStatus?.startsWith("EXECUTE_") ? "executed" : "failed";
}

function resourceChangeOf({ ResourceChange: change }: Change): readonly ResourceChange[] {
  if (change === undefined) return [];
  const { Action, LogicalResourceId, ResourceType, PhysicalResourceId, Replacement, PolicyAction } = change;
  return [
    {
      logicalId: LogicalResourceId ?? "",
      type: ResourceType ?? "",
      action: actionOf(Action),
      ...(PhysicalResourceId !== undefined && { physicalId: PhysicalResourceId }),
      ...(Replacement !== undefined && { replacement: Replacement }),
      ...(PolicyAction !== undefined && { policy: PolicyAction }),
      properties: propertiesOf(change.Details ?? []),
    },
  ];
}

/** `SyncWithActual` occurs in drift-aware change sets only, which Kedge does not make. */
const actionOf = (action: ChangeAction | undefined): ResourceChange["action"] =>
  action === undefined || action === "SyncWithActual" ? "Dynamic" : action;

/** Several causes of one property's change are one line. */
function propertiesOf(details: readonly ResourceChangeDetail[]): readonly PropertyChange[] {
  const byPath = new Map<string, PropertyChange>();
  for (const { Target } of details) {
    const path = Target?.Path ?? `/${Target?.Attribute ?? ""}${Target?.Name ? `/${Target.Name}` : ""}`;
    byPath.set(path, {
      path,
      ...(Target?.BeforeValue !== undefined && { before: Target.BeforeValue }),
      ...(Target?.AfterValue !== undefined && { after: Target.AfterValue }),
    });
  }
  return [...byPath.values()];
}

/** False for a change set that failed, or that another change of the stack has made obsolete. */
const isUsable = ({ Status, ExecutionStatus }: DescribeChangeSetCommandOutput): boolean =>
  Status !== "FAILED" && ExecutionStatus !== "OBSOLETE";
