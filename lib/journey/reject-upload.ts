/**
 * Writes the final result of an upload that reconcile cannot handle: its anchor left the estate, or every
 * attempt failed.
 */

import type { Artifacts } from "#ports/artifacts.ts";
import type { Clock } from "#ports/clock.ts";
import type { Results } from "#ports/results.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import type { Message } from "#release/line/observation.ts";
import { rejectedResult } from "#release/line/report.ts";
import type { Result } from "#release/line/result.ts";
import { withPeople } from "#release/line/result-people.ts";
import { formatResult } from "#release/line/result-shape.ts";
import { formatKey, type Line, resultKeys } from "#release/names/key.ts";
import { type PeopleDeps, uploadOf } from "./people-of-line.ts";
import { resultOfVersion } from "./write-results.ts";

type RejectDeps = PeopleDeps & {
  readonly artifacts: Pick<Artifacts, "newest">;
  readonly results: Results;
  readonly clock: Clock;
};

/** Undefined when there is no upload at the line's key to reject. */
export async function rejectUpload(
  deps: RejectDeps,
  line: Line,
  message: Pick<Message, "versionId">,
  error: ReleaseError,
): Promise<Result | undefined> {
  const key = formatKey(line);
  const artifact = await deps.artifacts.newest(key);
  const newest = artifact?.versionId;
  const version = newest ?? message.versionId;
  if (version === undefined) return undefined;
  const before = await resultOfVersion(deps.results, line, version);
  const upload = await uploadOf(deps, { line, ...(artifact && { artifact }) }, version, before);
  const result = withPeople(rejectedResult(key, version, error, deps.clock()), before, upload);
  const keys = resultKeys(key, version);
  await deps.results.write(keys.version, formatResult(result));
  if (keys.latest !== undefined && version === newest)
    await deps.results.write(keys.latest, formatResult(result));
  return result;
}

/** The error in the uploader's result when a message moves to the dead-letter queue. */
export const deadLetterError = (error: unknown): ReleaseError => {
  if (error instanceof ReleaseError && error.move === "errored") return error;
  const words = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new ReleaseError("ReconcileFailed", words, error);
};
