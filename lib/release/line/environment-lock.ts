/**
 * The lock of a gated environment's stacks: the execution that has made change sets there and has not executed
 * them yet. It is an object in the line's folder of the cache. An ended execution holds no lock.
 */
import { describeProblems, valueTree } from "#release/document/node-tree.ts";
import { parsedJson } from "#release/document/parsed-json.ts";
import { listOf, object, oneOf, optional, readShape, type Shape, text } from "#release/document/shape.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import { cacheKeys } from "#release/names/names.ts";
import { type ReviewedRelease, reviewedReleaseShape } from "#release/review/reviewed-release.ts";

export type EnvironmentLock = {
  readonly schema: 1;
  readonly environment: string;
  readonly pipeline: string;
  /** The owner. */
  readonly execution: string;
  /** The stacks in which the owner makes change sets. */
  readonly stacks: readonly string[];
  /** ISO 8601. */
  readonly since: string;
  /** The owner has executed its change sets. ISO 8601. */
  readonly released?: string;
  /** The last releases that were executed in the environment, the newest first. A later review shows them. */
  readonly releases?: readonly ReviewedRelease[];
  /** The clearance was broken, so no release enters the environment until an operator opens it. */
  readonly stopped?: { readonly at: string; readonly sentence: string };
  /** The last time that an operator opened the environment. */
  readonly opened?: { readonly at: string; readonly reason: string };
};

const shape: Shape<EnvironmentLock> = object({
  schema: oneOf(1),
  environment: text(),
  pipeline: text(),
  execution: text(),
  stacks: listOf(text()),
  since: text(),
  released: optional(text()),
  releases: optional(listOf(reviewedReleaseShape)),
  stopped: optional(object({ at: text(), sentence: text() })),
  opened: optional(object({ at: text(), reason: text() })),
});

export const lockKey = (line: string, environment: string): string =>
  `${cacheKeys.folder(line)}locks/${environment}.json`;

export const formatLock = (lock: EnvironmentLock): string => JSON.stringify(lock);

/** Throws `ReleaseDocumentMalformed`. */
export function parseLock(json: string): EnvironmentLock {
  const read = readShape(shape, valueTree(parsedJson(json)));
  if ("value" in read) return read.value;
  const seen = `The lock of an environment is not whole: ${describeProblems(read.problems)}`;
  throw new ReleaseError("ReleaseDocumentMalformed", seen);
}
