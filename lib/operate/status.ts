/** Answers the result of a line's newest upload, or of one version. */
import type { Result } from "#release/line/result.ts";
import { formatKey, type Line } from "#release/names/key.ts";
import { OperateError } from "./operate-error.ts";
import { type ResultReader, readResult } from "./read-result.ts";

export async function releaseStatus(
  { results }: { readonly results: ResultReader },
  { line, version }: { readonly line: Line; readonly version: string },
): Promise<Result> {
  const result = await readResult(results, line, version);
  if (result !== undefined) return result;
  const which = version === "latest" ? "" : ` version ${version}`;
  throw new OperateError(
    "NoResult",
    `There is no result for ${formatKey(line)}${which}: nothing was uploaded there, or it was not looked at yet.`,
  );
}
