/** The ports to the FIFO queues of lines. */
import type { BranchClass } from "#release/estate/branch-class.ts";
import type { AccountInRegion } from "./target.ts";

export type LineMessage = {
  /** Each class has a queue of its own. */
  readonly class: BranchClass;
  /** The line's name: messages of one group are handled one after the other. */
  readonly group: string;
  /** Equal messages within five minutes are one. */
  readonly deduplication: string;
  readonly body: string;
};

/** The queues of lines to look at, in any anchor. */
export type LineQueue = {
  readonly send: (anchor: AccountInRegion, messages: readonly LineMessage[]) => Promise<void>;
};

/** Messages of those queues that could not be handled. */
export type LineRetry = {
  /** They are handed out again after so many seconds, and not before. `receipts` are of one line, at most ten. */
  readonly later: (queueArn: string, receipts: readonly string[], seconds: number) => Promise<void>;
};
