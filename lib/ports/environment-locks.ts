/** The ports to the locks of gated environments, and to the executions that own them. */

export type StoredLock = {
  readonly content: string;
  /** Changes with each write. */
  readonly tag: string;
};

export type EnvironmentLocks = {
  /** Undefined when there is no such object. */
  readonly read: (key: string) => Promise<StoredLock | undefined>;
  /**
   * Writes only if the object still has the tag, or, without a tag, if there is no object. False when another
   * write came first.
   */
  readonly write: (key: string, content: string, tag: string | undefined) => Promise<boolean>;
};

export type LockOwners = {
  /** True also for an execution or a pipeline that does not exist. */
  readonly hasEnded: (pipeline: string, execution: string) => Promise<boolean>;
};
