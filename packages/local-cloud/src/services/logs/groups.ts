/** These operations create, describe and delete log groups, and set their retention. */
import type * as logs from "@aws-sdk/client-cloudwatch-logs";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { Call, OperationOf } from "#cloud/kernel/service.ts";
import { findGroup, groupAccess, groupArn, invalid } from "./find-group.ts";
import { page } from "./page.ts";
import { dropStream, type Group, type LogsState, subscriptionKey } from "./state.ts";

const RETENTIONS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

export const createLogGroup: OperationOf<typeof logs, LogsState, "CreateLogGroup"> = {
  access: ({ logGroupName, tags = {} }, call) => ({
    ...groupAccess("CreateLogGroup", logGroupName, call),
    context: { "aws:TagKeys": Object.keys(tags) },
  }),
  run: ({ logGroupName: name = "", kmsKeyId, tags = {}, logGroupClass = "STANDARD" }, call) => {
    if (call.state.groups.has(name))
      throw new AwsError("ResourceAlreadyExistsException", "The specified log group already exists");
    call.state.groups.set(name, {
      name,
      arn: groupArn(name, call),
      createdAt: call.clock.now().getTime(),
      retentionDays: undefined,
      kmsKeyId,
      logGroupClass,
      tags,
    });
    return {};
  },
};

const sizeOf = ({ name }: Group, { state }: Call<LogsState>): number =>
  [...state.streams.values()].reduce((sum, stream) => sum + (stream.group === name ? stream.bytes : 0), 0);

export const describeLogGroups: OperationOf<typeof logs, LogsState, "DescribeLogGroups"> = {
  access: (_input, call) => ({ action: "logs:DescribeLogGroups", resource: groupArn("*", call) }),
  run: ({ logGroupNamePrefix = "", logGroupNamePattern = "", nextToken, limit }, call) => {
    const shown = [...call.state.groups.values()].filter(
      ({ name }) =>
        name.startsWith(logGroupNamePrefix) && name.toLowerCase().includes(logGroupNamePattern.toLowerCase()),
    );
    const { items, next } = page(shown, ({ name }) => name, nextToken, limit, 50);
    return {
      logGroups: items.map((group) => ({
        logGroupName: group.name,
        creationTime: group.createdAt,
        metricFilterCount: 0,
        arn: `${group.arn}:*`,
        logGroupArn: group.arn,
        storedBytes: sizeOf(group, call),
        logGroupClass: group.logGroupClass as logs.LogGroupClass,
        ...(group.retentionDays !== undefined && { retentionInDays: group.retentionDays }),
        ...(group.kmsKeyId !== undefined && { kmsKeyId: group.kmsKeyId }),
      })),
      ...(next && { nextToken: next }),
    };
  },
};

export const deleteLogGroup: OperationOf<typeof logs, LogsState, "DeleteLogGroup"> = {
  access: ({ logGroupName }, call) => groupAccess("DeleteLogGroup", logGroupName, call),
  run: ({ logGroupName }, call) => {
    const { name } = findGroup(logGroupName, call);
    for (const stream of [...call.state.streams.values()])
      if (stream.group === name) dropStream(call.state, stream);
    for (const filter of [...call.state.filters.values()])
      if (filter.group === name) call.state.filters.delete(subscriptionKey(name, filter.name));
    call.state.groups.delete(name);
    return {};
  },
};

export const putRetentionPolicy: OperationOf<typeof logs, LogsState, "PutRetentionPolicy"> = {
  access: ({ logGroupName }, call) => groupAccess("PutRetentionPolicy", logGroupName, call),
  run: ({ logGroupName, retentionInDays = 0 }, call) => {
    if (!RETENTIONS.includes(retentionInDays))
      throw invalid(
        `1 validation error detected: Value '${retentionInDays}' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [${RETENTIONS.join(", ")}]`,
      );
    const group = findGroup(logGroupName, call);
    call.state.groups.set(group.name, { ...group, retentionDays: retentionInDays });
    return {};
  },
};

export const deleteRetentionPolicy: OperationOf<typeof logs, LogsState, "DeleteRetentionPolicy"> = {
  access: ({ logGroupName }, call) => groupAccess("DeleteRetentionPolicy", logGroupName, call),
  run: ({ logGroupName }, call) => {
    const group = findGroup(logGroupName, call);
    call.state.groups.set(group.name, { ...group, retentionDays: undefined });
    return {};
  },
};
