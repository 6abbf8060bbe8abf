/** What SQS keeps: queues, their messages, moves in progress; and beside the tables the mailboxes in which messages live. */
import type { MessageAttributeValue } from "@aws-sdk/client-sqs";
import type { OpenTable, Table } from "#cloud/kernel/store.ts";

export type Queue = {
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly fifo: boolean;
  /** As set by the owner, validated; defaults are added when read. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdAt: number;
  readonly modifiedAt: number;
};

export type Message = {
  readonly id: string;
  readonly queue: string;
  /** Order of arrival in this queue. */
  readonly sequence: number;
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttributeValue>>;
  readonly traceHeader?: string;
  readonly senderId: string;
  readonly sentAt: number;
  readonly visibleAt: number;
  readonly receiveCount: number;
  readonly firstReceivedAt?: number;
  /** Of the latest receive; absent while the message waits for its first or next one. */
  readonly receipt?: string;
  readonly receivedAt?: number;
  readonly groupId?: string;
  readonly deduplicationId?: string;
  /** The queue whose redrive policy brought it here. */
  readonly deadLetterSource?: string;
};

/** A deduplication id seen within the last five minutes, and what was answered then. */
export type Deduplication = {
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
  /** When a deleted queue's name may be used again, and when a queue was last purged. */
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
  /** The sequence number given out last. */
  last: number;
};
