/**
 * Declares the state of SQS: queues, messages and move tasks. The live queues hold the same messages in
 * memory.
 */
import type { MessageAttributeValue } from "@aws-sdk/client-sqs";
import type { OpenTable, Table } from "#cloud/kernel/store.ts";

export type Queue = {
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly fifo: boolean;
  /** The attributes that the owner set. Reads add the defaults. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdAt: number;
  readonly modifiedAt: number;
};

export type Message = {
  readonly id: string;
  readonly queue: string;
  /** The order of arrival in this queue. */
  readonly sequence: number;
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttributeValue>>;
  readonly traceHeader?: string;
  readonly senderId: string;
  readonly sentAt: number;
  readonly visibleAt: number;
  readonly receiveCount: number;
  readonly firstReceivedAt?: number;
  /** The handle of the latest receive; absent before the first receive from this queue. */
  readonly receipt?: string;
  readonly receivedAt?: number;
  /** ChangeMessageVisibility set the timeout to 0 since the latest receive. */
  readonly released?: true;
  readonly groupId?: string;
  readonly deduplicationId?: string;
  /** The queue whose redrive policy moved the message here. */
  readonly deadLetterSource?: string;
};

/**
 * A deduplication id of the last five minutes, and the answer for it (SQS API Reference, SendMessage,
 * "MessageDeduplicationId").
 */
type Deduplication = {
  readonly messageId: string;
  readonly sequence: number;
  readonly until: number;
};

export type MoveTask = {
  readonly handle: string;
  readonly sourceArn: string;
  readonly destinationArn?: string;
  readonly maxPerSecond?: number;
  readonly startedAt: number;
  readonly status: "RUNNING" | "COMPLETED" | "CANCELLING" | "CANCELLED" | "FAILED";
  readonly toMove: number;
  readonly moved: number;
  readonly failureReason?: string;
};

export type SqsState = {
  readonly queues: Table<Queue>;
  readonly messages: Table<Message>;
  readonly deduplications: Table<Deduplication>;
  readonly moves: Table<MoveTask>;
  /**
   * The times of a queue's deletion and of its last purge. They limit the reuse of the name and the next
   * purge (SQS API Reference, DeleteQueue and PurgeQueue).
   */
  readonly deletedAt: Table<number>;
  readonly purgedAt: Table<number>;
  readonly liveQueues: Map<string, LiveQueue>;
};

export const sqsState = (table: OpenTable): SqsState => ({
  queues: table<Queue>("queues"),
  messages: table<Message>("messages"),
  deduplications: table<Deduplication>("deduplications"),
  moves: table<MoveTask>("moves"),
  deletedAt: table<number>("deleted-at"),
  purgedAt: table<number>("purged-at"),
  liveQueues: new Map(),
});

export type LiveQueue = {
  readonly messages: Map<string, Message>;
  readonly waiting: Set<() => void>;
  /** The last sequence number. */
  last: number;
};
