/** Computes when a line expires without a new upload, and is torn down. */
import { classOf } from "#release/estate/branch-class.ts";
import type { Estate } from "#release/estate/estate.ts";
import type { ArtifactNow } from "#release/line/observation.ts";
import type { Line } from "#release/names/key.ts";
import { environmentsFor } from "#release/traits/targets.ts";

const day = 24 * 3600 * 1000;

/** Undefined for a line that stays: its class has no time to live, or it reaches a protected environment. */
export function expiryOf(
  estate: Estate,
  line: Line,
  { lastModified }: Pick<ArtifactNow, "lastModified">,
): string | undefined {
  const days = estate.ttlDays[classOf(estate, line)];
  if (days === undefined || environmentsFor(estate, line).targets.some((target) => target.protected))
    return undefined;
  return new Date(Date.parse(lastModified) + days * day).toISOString();
}
