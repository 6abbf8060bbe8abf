/**
 * Whether a line's time is up. An expired artifact is an order to tear the line down, as an empty one is, until something
 * newer lies at the key; and what has been torn down so stays down, however the estate changes meanwhile.
 */
import type { Observation } from "./observation.ts";

export const isExpired = ({ artifact, expiresAt, at, tornDown }: Observation): boolean =>
  artifact !== undefined &&
  artifact.size > 0 &&
  (tornDown === artifact.versionId || (expiresAt !== undefined && expiresAt <= at));
