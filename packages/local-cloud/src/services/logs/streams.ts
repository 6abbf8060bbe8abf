/** These operations create, describe and delete log streams. */
import type * as logs from "@aws-sdk/client-cloudwatch-logs";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { OperationOf } from "#cloud/kernel/service.ts";
import { findGroup, findStream, groupAccess, invalid } from "./find-group.ts";
import { page } from "./page.ts";
import { dropStream, type LogsState, type Stream, streamKey } from "./state.ts";

export const createLogStream: OperationOf<typeof logs, LogsState, "CreateLogStream"> = {
  access: ({ logGroupName, logStreamName }, call) =>
    groupAccess("CreateLogStream", logGroupName, call, logStreamName),
  run: ({ logGroupName, logStreamName: name = "" }, call) => {
    const group = findGroup(logGroupName, call);
    const key = streamKey(group.name, name);
    if (call.state.streams.has(key))
      throw new AwsError("ResourceAlreadyExistsException", "The specified log stream already exists");
    call.state.streams.set(key, {
      group: group.name,
      name,
      arn: `${group.arn}:log-stream:${name}`,
      createdAt: call.clock.now().getTime(),
      lastIngestedAt: undefined,
      chunks: 0,
      firstAt: undefined,
      lastAt: undefined,
      bytes: 0,
    });
    return {};
  },
};

export const describeLogStreams: OperationOf<typeof logs, LogsState, "DescribeLogStreams"> = {
  access: ({ logGroupName, logGroupIdentifier }, call) =>
    groupAccess("DescribeLogStreams", logGroupName ?? logGroupIdentifier, call),
  run: (input, call) => {
    const group = findGroup(input.logGroupName ?? input.logGroupIdentifier, call);
    const { orderBy = "LogStreamName", logStreamNamePrefix = "", descending = false } = input;
    if (orderBy === "LastEventTime" && input.logStreamNamePrefix !== undefined)
      throw invalid("Cannot order by LastEventTime with a logStreamNamePrefix.");
    const time = ({ lastAt = 0, name }: Stream): string =>
      `${String(descending ? 1e15 - lastAt : lastAt).padStart(16, "0")} ${name}`;
    const mine = [...call.state.streams.values()].filter(
      (stream) => stream.group === group.name && stream.name.startsWith(logStreamNamePrefix),
    );
    const order =
      orderBy === "LastEventTime"
        ? time
        : descending
          ? ({ name }: Stream) => inverse(name)
          : ({ name }: Stream) => name;
    const { items, next } = page(mine, order, input.nextToken, input.limit, 50);
    return {
      logStreams: items.map((stream) => ({
        logStreamName: stream.name,
        creationTime: stream.createdAt,
        firstEventTimestamp: stream.firstAt,
        lastEventTimestamp: stream.lastAt,
        lastIngestionTime: stream.lastIngestedAt,
        uploadSequenceToken: String(stream.chunks),
        arn: stream.arn,
        storedBytes: 0,
      })),
      ...(next && { nextToken: next }),
    };
  },
};

/** Returns a text that sorts in the opposite order. */
const inverse = (text: string): string =>
  [...text.padEnd(512, "\u0000")].map((char) => String.fromCharCode(0xffff - char.charCodeAt(0))).join("");

export const deleteLogStream: OperationOf<typeof logs, LogsState, "DeleteLogStream"> = {
  access: ({ logGroupName, logStreamName }, call) =>
    groupAccess("DeleteLogStream", logGroupName, call, logStreamName),
  run: ({ logGroupName, logStreamName }, call) => {
    dropStream(call.state, findStream(logGroupName, logStreamName, call));
    return {};
  },
};
