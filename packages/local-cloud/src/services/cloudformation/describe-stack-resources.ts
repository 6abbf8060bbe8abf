/** Implements DescribeStackResource, DescribeStackResources and ListStackResources. */
import { validationError } from "#cloud/cloudformation/template-error.ts";
import type { OperationOf } from "#cloud/kernel/service.ts";
import { stackAccess } from "./access.ts";
import { missingStack, resourcesOf, stackOf } from "./find-stack.ts";
import { page } from "./paging.ts";
import type { ResourceRow, Sdk, StackRow, State } from "./state.ts";

const base = (row: ResourceRow) => ({
  LogicalResourceId: row.logicalId,
  ...(row.physicalId === undefined ? {} : { PhysicalResourceId: row.physicalId }),
  ResourceType: row.type,
  ResourceStatus: row.status,
  ...(row.reason === undefined ? {} : { ResourceStatusReason: row.reason }),
  DriftInformation: { StackResourceDriftStatus: "NOT_CHECKED" as const },
});

const stackFields = (stack: StackRow) => ({ StackName: stack.name, StackId: stack.stackId });

export const describeStackResource: OperationOf<Sdk, State, "DescribeStackResource"> = {
  access: (input, call) => stackAccess("DescribeStackResource", input.StackName, call),
  run: (input, call) => {
    const stack = stackOf(call, input.StackName ?? "", missingStack.quoted);
    const row = resourcesOf(call.state, stack.stackId).find(
      (one) => one.logicalId === input.LogicalResourceId,
    );
    if (!row)
      throw validationError(
        `Resource ${input.LogicalResourceId ?? ""} does not exist for stack ${stack.name}`,
      );
    return {
      StackResourceDetail: {
        ...stackFields(stack),
        ...base(row),
        LastUpdatedTimestamp: row.time,
        ...(row.metadata === undefined ? {} : { Metadata: row.metadata }),
      },
    };
  },
};

export const describeStackResources: OperationOf<Sdk, State, "DescribeStackResources"> = {
  access: (input, call) => stackAccess("DescribeStackResources", input.StackName, call),
  run: (input, call) => {
    if (input.StackName === undefined && input.PhysicalResourceId === undefined) {
      throw validationError("StackName or PhysicalResourceId must be specified.");
    }
    const stack =
      input.StackName === undefined
        ? [...call.state.stacks.values()].find((one) =>
            resourcesOf(call.state, one.stackId).some(
              (row) => row.physicalId === input.PhysicalResourceId && row.status !== "DELETE_COMPLETE",
            ),
          )
        : stackOf(call, input.StackName, missingStack.withId);
    if (!stack) throw validationError(`Stack for ${input.PhysicalResourceId ?? ""} does not exist`);
    return {
      StackResources: resourcesOf(call.state, stack.stackId)
        .filter((row) => input.LogicalResourceId === undefined || row.logicalId === input.LogicalResourceId)
        .slice(0, 100)
        .map((row) => ({ ...stackFields(stack), ...base(row), Timestamp: row.time })),
    };
  },
};

export const listStackResources: OperationOf<Sdk, State, "ListStackResources"> = {
  access: (input, call) => stackAccess("ListStackResources", input.StackName, call),
  run: (input, call) => {
    const stack = stackOf(call, input.StackName ?? "", missingStack.withId);
    const { items, next } = page(resourcesOf(call.state, stack.stackId), input.NextToken, 100);
    return {
      StackResourceSummaries: items.map((row) => ({ ...base(row), LastUpdatedTimestamp: row.time })),
      ...(next === undefined ? {} : { NextToken: next }),
    };
  },
};
