/** Reads the result of an upload, as any CI may. */
import type { Results } from "#ports/results.ts";
import type { Result } from "#release/line/result.ts";
import { formatKey, type Line, resultKeys } from "#release/names/key.ts";

export type ResultReader = Pick<Results, "read">;

/** `version` is an upload's version id or `latest`. Undefined while there is no result. */
export async function readResult(
  results: ResultReader,
  line: Line,
  version: string,
): Promise<Result | undefined> {
  const keys = resultKeys(formatKey(line), version);
  return readResultAt(results, version === "latest" ? (keys.latest ?? keys.version) : keys.version);
}

/** By the key of the result object. A reader takes fields of later releases of Kedge as they are. */
export async function readResultAt(results: ResultReader, key: string): Promise<Result | undefined> {
  const json = await results.read(key);
  return json === undefined ? undefined : (JSON.parse(json) as Result);
}
