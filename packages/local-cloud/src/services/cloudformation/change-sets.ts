/** Implements DescribeChangeSet, ListChangeSets and DeleteChangeSet. */
import type { Change, ResourceChangeDetail } from "@aws-sdk/client-cloudformation";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { OperationOf } from "#cloud/kernel/service.ts";
import { stackAccess } from "./access.ts";
import { parameterDocuments } from "./describe-stacks.ts";
import { findChangeSet, lookUpChangeSet } from "./find-change-set.ts";
import { missingStack, stackOf } from "./find-stack.ts";
import { requireRoot } from "./nested-change-sets.ts";
import { page } from "./paging.ts";
import { removeNested } from "./remove-nested.ts";
import { locationOf } from "./stack-request.ts";
import type { ChangeSetRow, Sdk, State } from "./state.ts";

/** Returns the stack of a change set, because IAM decides about the stack's ARN. */
export const stackOfSet = (
  input: { readonly StackName?: string | undefined; readonly ChangeSetName?: string | undefined },
  state: State,
): string | undefined =>
  input.StackName ??
  (input.ChangeSetName === undefined ? undefined : state.changeSets.get(input.ChangeSetName)?.stackId);

const withoutValues = (change: Change): Change => ({
  ...change,
  ResourceChange: {
    ...change.ResourceChange,
    Details: (change.ResourceChange?.Details ?? []).map((detail): ResourceChangeDetail => {
      if (!detail.Target) return detail;
      const {
        BeforeValue: _before,
        AfterValue: _after,
        Path: _path,
        AttributeChangeType: _type,
        ...target
      } = detail.Target;
      return { ...detail, Target: target };
    }),
  },
});

const summary = (row: ChangeSetRow) => ({
  StackId: row.stackId,
  StackName: row.stackName,
  ChangeSetId: row.changeSetId,
  ChangeSetName: row.name,
  ExecutionStatus: row.executionStatus,
  Status: row.status,
  ...(row.statusReason === undefined ? {} : { StatusReason: row.statusReason }),
  CreationTime: row.created,
  ...(row.description === undefined ? {} : { Description: row.description }),
  IncludeNestedStacks: row.includeNestedStacks,
  ...(row.nestedIn && { ParentChangeSetId: row.nestedIn.parentId, RootChangeSetId: row.nestedIn.rootId }),
});

export const describeChangeSet: OperationOf<Sdk, State, "DescribeChangeSet"> = {
  access: (input, call) =>
    stackAccess("DescribeChangeSet", stackOfSet(input, call.state), call, {
      "cloudformation:ChangeSetName": input.ChangeSetName,
    }),
  run: (input, call) => {
    const row = findChangeSet(call.state, input.ChangeSetName ?? "", input.StackName);
    const changes = JSON.parse(row.changes) as Change[];
    const { items, next } = page(changes, input.NextToken, 100);
    const { definition } = row;
    return {
      ...summary(row),
      ...(definition.parameters.length === 0 ? {} : { Parameters: parameterDocuments(definition) }),
      NotificationARNs: [...definition.notificationArns],
      RollbackConfiguration: {},
      Capabilities: [...definition.capabilities] as (
        | "CAPABILITY_IAM"
        | "CAPABILITY_NAMED_IAM"
        | "CAPABILITY_AUTO_EXPAND"
      )[],
      Tags: definition.tags.map((tag) => ({ ...tag })),
      Changes: input.IncludePropertyValues ? items : items.map(withoutValues),
      ...(row.onStackFailure === undefined ? {} : { OnStackFailure: row.onStackFailure }),
      ...(next === undefined ? {} : { NextToken: next }),
    };
  },
};

export const listChangeSets: OperationOf<Sdk, State, "ListChangeSets"> = {
  access: (input, call) => stackAccess("ListChangeSets", input.StackName, call),
  run: (input, call) => {
    const stack = stackOf(call, input.StackName ?? "", missingStack.bracketed);
    const rows = [...call.state.changeSets.values()].filter(
      (row) => row.stackId === stack.stackId && row.executionStatus !== "EXECUTE_COMPLETE",
    );
    const { items, next } = page(rows, input.NextToken, 100);
    return { Summaries: items.map(summary), ...(next === undefined ? {} : { NextToken: next }) };
  },
};

export const deleteChangeSet: OperationOf<Sdk, State, "DeleteChangeSet"> = {
  access: (input, call) =>
    stackAccess("DeleteChangeSet", stackOfSet(input, call.state), call, {
      "cloudformation:ChangeSetName": input.ChangeSetName,
    }),
  run: (input, call) => {
    const name = input.ChangeSetName ?? "";
    const row = lookUpChangeSet(call.state, name, input.StackName);
    if (!row) {
      if (name.startsWith("arn:"))
        throw new AwsError("ChangeSetNotFound", `ChangeSet [${name}] does not exist`, 404);
      return {};
    }
    if (row.executionStatus === "EXECUTE_IN_PROGRESS") {
      throw new AwsError(
        "InvalidChangeSetStatus",
        `ChangeSet [${row.changeSetId}] cannot be deleted in its current execution status of [${row.executionStatus}]`,
      );
    }
    requireRoot(row, "deleted");
    removeNested(locationOf(call), row.changeSetId);
    call.state.changeSets.delete(row.changeSetId);
    return {};
  },
};
