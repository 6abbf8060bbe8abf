/** Implements DescribeStacks and ListStacks. */
import type { Stack } from "@aws-sdk/client-cloudformation";
import type { OperationOf } from "#cloud/kernel/service.ts";
import { stackAccess } from "./access.ts";
import { missingStack, stackOf } from "./find-stack.ts";
import { page } from "./paging.ts";
import type { Definition, Sdk, StackRow, State } from "./state.ts";

export const parameterDocuments = (definition: Definition) =>
  definition.parameters.map((one) => ({
    ParameterKey: one.key,
    ParameterValue: one.noEcho ? "****" : one.value,
    ...(one.resolved === undefined ? {} : { ResolvedValue: one.noEcho ? "****" : one.resolved }),
  }));

function stackDocument(stack: StackRow): Stack {
  const { definition } = stack;
  return {
    StackId: stack.stackId,
    StackName: stack.name,
    ...(stack.changeSetId === undefined ? {} : { ChangeSetId: stack.changeSetId }),
    ...(definition.description === undefined ? {} : { Description: definition.description }),
    ...(definition.parameters.length === 0 ? {} : { Parameters: parameterDocuments(definition) }),
    CreationTime: stack.created,
    ...(stack.updated === undefined ? {} : { LastUpdatedTime: stack.updated }),
    ...(stack.deleted === undefined ? {} : { DeletionTime: stack.deleted }),
    RollbackConfiguration: {},
    StackStatus: stack.status,
    ...(stack.statusReason === undefined ? {} : { StackStatusReason: stack.statusReason }),
    DisableRollback: stack.onFailure === "DO_NOTHING",
    NotificationARNs: [...definition.notificationArns],
    ...(stack.timeoutInMinutes === undefined ? {} : { TimeoutInMinutes: stack.timeoutInMinutes }),
    ...(definition.capabilities.length === 0
      ? {}
      : { Capabilities: [...definition.capabilities] as NonNullable<Stack["Capabilities"]> }),
    ...(stack.outputs.length === 0
      ? {}
      : {
          Outputs: stack.outputs.map((one) => ({
            OutputKey: one.key,
            OutputValue: one.value,
            ...(one.description === undefined ? {} : { Description: one.description }),
            ...(one.exportName === undefined ? {} : { ExportName: one.exportName }),
          })),
        }),
    ...(stack.roleArn === undefined ? {} : { RoleARN: stack.roleArn }),
    Tags: definition.tags.map((tag) => ({ ...tag })),
    EnableTerminationProtection: stack.terminationProtection,
    ...(stack.parentId === undefined ? {} : { ParentId: stack.parentId }),
    ...(stack.rootId === undefined ? {} : { RootId: stack.rootId }),
    DriftInformation: { StackDriftStatus: "NOT_CHECKED" },
    RetainExceptOnCreate: stack.retainExceptOnCreate,
  };
}

const newestFirst = (one: StackRow, other: StackRow): number =>
  other.created.getTime() - one.created.getTime();

export const describeStacks: OperationOf<Sdk, State, "DescribeStacks"> = {
  access: (input, call) =>
    input.StackName === undefined
      ? [stackAccess("DescribeStacks", undefined, call), stackAccess("ListStacks", undefined, call)]
      : stackAccess("DescribeStacks", input.StackName, call),
  run: (input, call) => {
    if (input.StackName !== undefined)
      return { Stacks: [stackDocument(stackOf(call, input.StackName, missingStack.withId))] };
    const live = [...call.state.stacks.values()]
      .filter((stack) => stack.status !== "DELETE_COMPLETE")
      .sort(newestFirst);
    const { items, next } = page(live, input.NextToken, 100);
    return { Stacks: items.map(stackDocument), ...(next === undefined ? {} : { NextToken: next }) };
  },
};

export const listStacks: OperationOf<Sdk, State, "ListStacks"> = {
  access: (_input, call) => stackAccess("ListStacks", undefined, call),
  run: (input, call) => {
    const selected = input.StackStatusFilter ?? [];
    const found = [...call.state.stacks.values()]
      .filter((stack) => selected.length === 0 || selected.includes(stack.status))
      .sort(newestFirst);
    const { items, next } = page(found, input.NextToken, 100);
    return {
      StackSummaries: items.map((stack) => ({
        StackId: stack.stackId,
        StackName: stack.name,
        ...(stack.definition.description === undefined
          ? {}
          : { TemplateDescription: stack.definition.description }),
        CreationTime: stack.created,
        ...(stack.updated === undefined ? {} : { LastUpdatedTime: stack.updated }),
        ...(stack.deleted === undefined ? {} : { DeletionTime: stack.deleted }),
        StackStatus: stack.status,
        ...(stack.statusReason === undefined ? {} : { StackStatusReason: stack.statusReason }),
        ...(stack.parentId === undefined ? {} : { ParentId: stack.parentId }),
        ...(stack.rootId === undefined ? {} : { RootId: stack.rootId }),
        DriftInformation: { StackDriftStatus: "NOT_CHECKED" },
      })),
      ...(next === undefined ? {} : { NextToken: next }),
    };
  },
};
