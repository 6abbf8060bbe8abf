/** The port to one dead-letter queue. */

export type DeadLetter = {
  readonly id: string;
  /** When it was first sent, ISO 8601. */
  readonly sentAt: string;
  readonly body: string;
};

type MoveState =
  | { readonly state: "running" | "completed"; readonly moved: number }
  | { readonly state: "ended"; readonly moved: number; readonly status: string; readonly reason?: string };

export type DeadLetters = {
  /**
   * Reads up to a thousand messages and makes them visible again at once. SQS delivers at most ten messages
   * of one line.
   */
  readonly peek: () => Promise<readonly DeadLetter[]>;
  /** Begins to move all messages back to the queues they came from. */
  readonly startMove: () => Promise<void>;
  /** The state of the last move. */
  readonly moveState: () => Promise<MoveState>;
};
