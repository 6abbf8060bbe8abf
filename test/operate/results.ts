/** Results for the tests of the operators' use cases. */
import type { Result, ResultStatus } from "#release/line/result.ts";
import { formatKey, type Line, resultKeys } from "#release/names/key.ts";
import type { TemplateRef } from "#release/plan/plan.ts";
import type { MemoryResults } from "#test/support/fakes/storage.ts";

export const resultOf = (line: Line, status: ResultStatus, more: Partial<Result> = {}): Result => ({
  ...{ schema: 1, key: formatKey(line), line, version: "version-1", status },
  reason: { code: status === "failed" ? "SmokeTestFailed" : "Released", sentence: `It is ${status}.` },
  ...{ stages: [], updatedAt: "2026-01-01T00:00:00.000Z" },
  ...more,
});

/** Writes the newest result of the line, and the result of its version. */
export async function writeResult(results: MemoryResults, line: Line, result: Result): Promise<void> {
  const { latest = "", version } = resultKeys(formatKey(line), result.version);
  for (const key of [latest, version]) await results.write(key, JSON.stringify(result));
}

export const releasedWith = (line: Line, template: TemplateRef, more: Partial<Result> = {}): Result =>
  resultOf(line, "released", { template, ...more });
