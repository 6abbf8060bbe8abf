/** The ports to the FIFO queues of lines. */
import type { BranchClass } from "#release/estate/branch-class.ts";
import type { AccountInRegion } from "./target.ts";

export type LineMessage = {
  /** Each class has a queue of its own. */
  readonly class: BranchClass;
  /** The line's name: messages of one group are handled one after the other. */
  readonly group: string;
  /** SQS drops a message with the same id within five minutes. */
  readonly deduplication: string;
  readonly body: string;
};

/** The queues of lines to reconcile, in any anchor. */
export type LineQueue = {
  readonly send: (anchor: AccountInRegion, messages: readonly LineMessage[]) => Promise<void>;
};

/** The messages of these queues whose handling failed. */
export type LineRetry = {
  /** Makes the messages visible again after so many seconds. `receipts` are of one line, at most ten. */
  readonly later: (queueArn: string, receipts: readonly string[], seconds: number) => Promise<void>;
};
