/**
 * PutLogEvents stores log events. GetLogEvents reads one stream, and FilterLogEvents searches the streams of
 * a group.
 */
import type * as logs from "@aws-sdk/client-cloudwatch-logs";
import type { OperationOf } from "#cloud/kernel/service.ts";
import { deliverToSubscribers } from "./deliver.ts";
import { matchesFilter, parseFilter } from "./filter-pattern.ts";
import { findGroup, findStream, groupAccess, invalid } from "./find-group.ts";
import { eventsOf, type LogEvent, type LogsState, streamKey } from "./state.ts";

/**
 * A batch has at most 10,000 events and 1,048,576 bytes, where each event counts 26 bytes more. An event may be
 * 14 days old and two hours ahead (CloudWatch Logs API Reference, PutLogEvents).
 */
const PER_CALL = 10_000;
const BYTES_PER_CALL = 1_048_576;
const OVERHEAD = 26;
const PAST = 14 * 86_400_000;
const FUTURE = 2 * 3600_000;

export const putLogEvents: OperationOf<typeof logs, LogsState, "PutLogEvents"> = {
  access: ({ logGroupName, logStreamName }, call) =>
    groupAccess("PutLogEvents", logGroupName, call, logStreamName),
  run: ({ logGroupName, logStreamName, logEvents = [] }, call) => {
    const stream = findStream(logGroupName, logStreamName, call);
    const now = call.clock.now().getTime();
    const bytes = logEvents.reduce((sum, { message = "" }) => sum + Buffer.byteLength(message) + OVERHEAD, 0);
    if (bytes > BYTES_PER_CALL)
      throw invalid(`Upload too large: ${bytes} bytes exceeds limit of ${BYTES_PER_CALL}`);
    const times = logEvents.map(({ timestamp = 0 }) => timestamp);
    if (times.some((time, index) => index > 0 && time < (times[index - 1] ?? 0)))
      throw invalid("Log events in a single PutLogEvents request must be in chronological order.");
    const old = times.filter((time) => time < now - PAST).length;
    const early = times.findIndex((time) => time > now + FUTURE);
    const taken = logEvents
      .slice(old, early < 0 ? undefined : early)
      .map(({ timestamp = now, message = "" }): LogEvent => ({ timestamp, message, ingestedAt: now }));
    if (taken.length > 0) {
      const key = streamKey(stream.group, stream.name);
      call.state.chunks.set(`${key}:${stream.chunks}`, taken);
      const first = taken[0]?.timestamp ?? now;
      const last = taken.at(-1)?.timestamp ?? now;
      call.state.streams.set(key, {
        ...stream,
        chunks: stream.chunks + 1,
        lastIngestedAt: now,
        firstAt: Math.min(stream.firstAt ?? first, first),
        lastAt: Math.max(stream.lastAt ?? last, last),
        bytes: stream.bytes + bytes,
      });
      deliverToSubscribers(stream, taken, call);
    }
    return {
      nextSequenceToken: String(stream.chunks + 1),
      ...((old > 0 || early >= 0) && {
        rejectedLogEventsInfo: {
          ...(old > 0 && { tooOldLogEventEndIndex: old }),
          ...(early >= 0 && { tooNewLogEventStartIndex: early }),
        },
      }),
    };
  },
};

const within = (
  { timestamp }: LogEvent,
  start: number | undefined,
  end: number | undefined,
  last: boolean,
): boolean =>
  timestamp >= (start ?? 0) && (end === undefined || timestamp < end || (last && timestamp === end));

export const getLogEvents: OperationOf<typeof logs, LogsState, "GetLogEvents"> = {
  access: ({ logGroupName, logGroupIdentifier, logStreamName }, call) =>
    groupAccess("GetLogEvents", logGroupName ?? logGroupIdentifier, call, logStreamName),
  run: (input, call) => {
    const stream = findStream(input.logGroupName ?? input.logGroupIdentifier, input.logStreamName, call);
    const all = eventsOf(call.state, stream, call.clock.now().getTime()).filter((event) =>
      within(event, input.startTime, input.endTime, false),
    );
    const limit = Math.min(input.limit ?? PER_CALL, PER_CALL);
    const token = /^([fb])\/(\d+)$/.exec(input.nextToken ?? "");
    if (input.nextToken !== undefined && token === null) throw invalid("The specified nextToken is invalid.");
    const at = Number(token?.[2] ?? 0);
    // Without a token the page holds the newest events, unless the caller sets startFromHead. Each page has
    // both tokens.
    const from =
      token === null
        ? input.startFromHead
          ? 0
          : Math.max(0, all.length - limit)
        : token[1] === "f"
          ? at
          : Math.max(0, at - limit);
    const to = token?.[1] === "b" ? at : Math.min(all.length, from + limit);
    return {
      events: all.slice(from, to).map(({ timestamp, message, ingestedAt }) => ({
        timestamp,
        message,
        ingestionTime: ingestedAt,
      })),
      nextForwardToken: `f/${to}`,
      nextBackwardToken: `b/${from}`,
    };
  },
};

export const filterLogEvents: OperationOf<typeof logs, LogsState, "FilterLogEvents"> = {
  access: ({ logGroupName, logGroupIdentifier }, call) =>
    groupAccess("FilterLogEvents", logGroupName ?? logGroupIdentifier, call),
  run: (input, call) => {
    const group = findGroup(input.logGroupName ?? input.logGroupIdentifier, call);
    const filter = parseFilter(input.filterPattern ?? "");
    const now = call.clock.now().getTime();
    const streams = [...call.state.streams.values()].filter(
      ({ group: name, name: stream }) =>
        name === group.name &&
        (input.logStreamNames === undefined || input.logStreamNames.includes(stream)) &&
        stream.startsWith(input.logStreamNamePrefix ?? ""),
    );
    const found = streams
      .flatMap((stream) =>
        eventsOf(call.state, stream, now).map((event, index) => ({ ...event, stream: stream.name, index })),
      )
      .filter(
        (event) =>
          within(event, input.startTime, input.endTime, true) && matchesFilter(filter, event.message),
      )
      .sort((left, right) => left.timestamp - right.timestamp);
    const from = Number(input.nextToken ?? 0);
    const limit = Math.min(input.limit ?? PER_CALL, PER_CALL);
    const shown = found.slice(from, from + limit);
    return {
      events: shown.map(({ timestamp, message, ingestedAt, stream, index }) => ({
        logStreamName: stream,
        timestamp,
        message,
        ingestionTime: ingestedAt,
        eventId: `${String(timestamp).padStart(20, "0")}${String(index).padStart(36, "0")}`,
      })),
      searchedLogStreams: [],
      ...(found.length > from + limit && { nextToken: String(from + limit) }),
    };
  },
};
