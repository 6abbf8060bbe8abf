/** Finds the origin of a version and the last releases of an environment, in the results of the line. */
import type { PastResults } from "#ports/past-results.ts";
import type { Results } from "#ports/results.ts";
import { releasedAt } from "#release/line/released-at.ts";
import type { Result } from "#release/line/result.ts";
import { parseResult } from "#release/line/result-shape.ts";
import { formatKey, type Line, resultKeys } from "#release/names/key.ts";
import type { Origin } from "#release/people/origin.ts";
import type { Clearance } from "#release/review/clearance.ts";
import { type ReviewedRelease, shownReleases } from "#release/review/reviewed-release.ts";
import { resultOfVersion } from "./write-results.ts";

export type PastDeps = {
  readonly results: Pick<Results, "read">;
  readonly pastResults: PastResults;
};

type Deployed = {
  readonly line: Line;
  readonly artifact: Pick<Clearance["artifact"], "versionId">;
};

/** The limit of results that are read. It matters for a line with many failures; most results reached the environment. */
const read = 8;

export const originOf = async (
  { results }: Pick<PastDeps, "results">,
  { line, artifact }: Deployed,
): Promise<Origin | undefined> => (await resultOfVersion(results, line, artifact.versionId))?.upload;

/** The last releases, the newest first, for an environment whose lock does not list them. */
export async function lastReleases(
  { results, pastResults }: PastDeps,
  { line, artifact }: Deployed,
  environment: string,
): Promise<readonly ReviewedRelease[]> {
  const own = resultKeys(formatKey(line), artifact.versionId);
  const folder = own.version.slice(0, own.version.lastIndexOf("/") + 1);
  const keys = (await pastResults.newestFirst(folder)).filter(
    (key) => key !== own.version && key !== own.latest,
  );
  const found: ReviewedRelease[] = [];
  for (const key of keys.slice(0, read)) {
    const result = resultIn(await results.read(key));
    const at = result && releasedAt(result, environment);
    if (result !== undefined && at !== undefined) found.push(released(result, at));
    if (found.length === shownReleases) break;
  }
  return found.toSorted((a, b) => (a.at < b.at ? 1 : -1));
}

function resultIn(json: string | undefined): Result | undefined {
  try {
    return json === undefined ? undefined : parseResult(json);
  } catch {
    return undefined; // a result of another version of Kedge is no reason to refuse a release
  }
}

const released = ({ version, upload }: Result, at: string): ReviewedRelease => ({
  version,
  at,
  ...(upload?.by && { by: upload.by }),
  ...(upload?.commit !== undefined && { commit: upload.commit }),
});
