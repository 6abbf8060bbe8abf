/**
 * Checks whether the line has reached its expiry. An expired artifact orders a teardown, as an empty artifact
 * does, until a newer version is at the key. A line that was torn down for its age stays down, even if the
 * estate changes.
 */
import type { Observation } from "./observation.ts";

export const isExpired = ({ artifact, expiresAt, at, tornDown }: Observation): boolean =>
  artifact !== undefined &&
  artifact.size > 0 &&
  (tornDown === artifact.versionId || (expiresAt !== undefined && expiresAt <= at));
