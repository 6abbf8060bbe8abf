/** The port to the metrics that alarms of an anchor read. */

export type Metrics = {
  /** Counts an environment that a broken clearance has stopped. */
  readonly environmentStopped: () => Promise<void>;
};
