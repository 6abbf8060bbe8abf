/**
 * Declares the state of CloudWatch Logs: groups, streams, the events of each stream, and resource policies.
 */
import type { OpenTable, Table } from "#cloud/kernel/store.ts";

export type Group = {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly retentionDays: number | undefined;
  readonly kmsKeyId: string | undefined;
  readonly logGroupClass: string;
  readonly tags: Readonly<Record<string, string>>;
};

export type LogEvent = { readonly timestamp: number; readonly message: string; readonly ingestedAt: number };

export type Stream = {
  readonly group: string;
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly lastIngestedAt: number | undefined;
  /** The number of chunks. The events of a chunk have the key `<group>:<stream>:<number>`. */
  readonly chunks: number;
  readonly firstAt: number | undefined;
  readonly lastAt: number | undefined;
  readonly bytes: number;
};

/** A filter that sends matching events of a group to a function. */
export type SubscriptionFilter = {
  readonly group: string;
  readonly name: string;
  readonly pattern: string;
  readonly destinationArn: string;
  /** The service name that the function's policy allows. */
  readonly service: string;
  readonly createdAt: number;
};

export type LogsState = {
  readonly groups: Table<Group>;
  readonly streams: Table<Stream>;
  readonly chunks: Table<readonly LogEvent[]>;
  readonly filters: Table<SubscriptionFilter>;
  readonly policies: Table<{ readonly name: string; readonly document: string; readonly updatedAt: number }>;
};

export const logsState = (table: OpenTable): LogsState => ({
  groups: table<Group>("groups"),
  streams: table<Stream>("streams"),
  chunks: table<readonly LogEvent[]>("chunks"),
  filters: table<SubscriptionFilter>("filters"),
  policies: table<{ readonly name: string; readonly document: string; readonly updatedAt: number }>(
    "policies",
  ),
});

export const subscriptionKey = (group: string, filter: string): string => `${group}:${filter}`;

export const streamKey = (group: string, stream: string): string => `${group}:${stream}`;

/** Returns the events of a stream within its group's retention, oldest first. */
export function eventsOf(state: LogsState, stream: Stream, now: number): readonly LogEvent[] {
  const days = state.groups.get(stream.group)?.retentionDays;
  const oldest = days === undefined ? 0 : now - days * 86_400_000;
  const all: LogEvent[] = [];
  for (let chunk = 0; chunk < stream.chunks; chunk += 1)
    all.push(...(state.chunks.get(`${streamKey(stream.group, stream.name)}:${chunk}`) ?? []));
  return all
    .filter(({ timestamp }) => timestamp >= oldest)
    .sort((left, right) => left.timestamp - right.timestamp);
}

export function dropStream(state: LogsState, stream: Stream): void {
  const key = streamKey(stream.group, stream.name);
  for (let chunk = 0; chunk < stream.chunks; chunk += 1) state.chunks.delete(`${key}:${chunk}`);
  state.streams.delete(key);
}
