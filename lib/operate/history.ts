/** Answers every result that was written for the uploads of a line, oldest first. */

import type { ResultVersion, ResultVersions } from "#ports/result-versions.ts";
import type { Result } from "#release/line/result.ts";
import { compareTexts } from "#release/names/compare-texts.ts";
import { formatKey, type Line, resultKeys } from "#release/names/key.ts";
import type { Names } from "#release/people/shown-person.ts";
import { inBatches } from "./in-batches.ts";
import { OperateError } from "./operate-error.ts";
import { type NamesDeps, namesOf, peopleIn } from "./people.ts";

/** `result` is absent where the result was removed, as the orphan collection removes those of no line. */
export type HistoryEntry = {
  readonly at: string;
  /** The upload's version. */
  readonly version: string;
  /** S3's version of the result object: two entries never share one. */
  readonly entry: string;
  readonly result?: Result;
  /** The names of the people in the result, by their ids. */
  readonly people?: Names;
};

type HistoryQuery = {
  readonly line: Line;
  /** Only the results of this upload. */
  readonly release?: string | undefined;
  /** Only so many of the newest. */
  readonly limit: number;
};

type HistoryDeps = NamesDeps & { readonly resultVersions: ResultVersions };

/** Throws `NoHistory` when there is none. */
export async function releaseHistory(
  { resultVersions, people }: HistoryDeps,
  query: HistoryQuery,
): Promise<readonly HistoryEntry[]> {
  // Of one key the newest comes first, also within a second; a stable sort keeps that order.
  const newest = (await listVersions(resultVersions, query))
    .toSorted((one, other) => compareTexts(other.at, one.at))
    .slice(0, query.limit);
  const entries = await inBatches(newest, (each) => read(resultVersions, each));
  if (entries.length > 0) {
    const named = await withNames({ people }, query.line, entries);
    return named.toReversed().sort((one, other) => compareTexts(one.at, other.at));
  }
  const which = query.release === undefined ? "" : ` version ${query.release}`;
  throw new OperateError(
    "NoHistory",
    `Nothing was ever said of ${formatKey(query.line)}${which}, or it is kept no longer.`,
  );
}

async function withNames(
  deps: NamesDeps,
  { account }: Line,
  entries: readonly HistoryEntry[],
): Promise<readonly HistoryEntry[]> {
  const ids = (entry: HistoryEntry) => (entry.result === undefined ? [] : peopleIn(entry.result));
  const names = await namesOf(deps, account, entries.flatMap(ids));
  return entries.map((entry) => {
    const own = Object.entries(names).filter(([id]) => ids(entry).includes(id));
    return { ...entry, ...(own.length > 0 && { people: Object.fromEntries(own) }) };
  });
}

async function listVersions(
  resultVersions: ResultVersions,
  { line, release }: HistoryQuery,
): Promise<readonly ResultVersion[]> {
  const { version: ofRelease, latest } = resultKeys(formatKey(line), release ?? "");
  const folder = ofRelease.slice(0, ofRelease.lastIndexOf("/") + 1);
  const all = await resultVersions.list(folder);
  return all.filter(({ key }) => key !== latest && (release === undefined || key === ofRelease));
}

async function read(
  resultVersions: ResultVersions,
  { key, id, at, removed }: ResultVersion,
): Promise<HistoryEntry> {
  const version = key.slice(key.lastIndexOf("/") + 1, -".json".length);
  if (removed) return { at, version, entry: id };
  const result = JSON.parse(await resultVersions.read(key, id)) as Result;
  return { at: result.updatedAt, version, entry: id, result };
}
