/** The ports to the time. */

/** ISO 8601, UTC. */
export type Clock = () => string;

/** Resolves after so many milliseconds. */
export type Wait = (ms: number) => Promise<void>;
