/** Draws the history of a line: below each upload's version the results that were written for it. */
import type { HistoryEntry } from "#operate/history.ts";
import { showPeople } from "./people.ts";

/** An upload that comes between two results of another one begins a new block. */
export function showHistory(entries: readonly HistoryEntry[]): string {
  const lines: string[] = [];
  let version: string | undefined;
  let last = "";
  for (const each of entries) {
    if (each.version !== version) lines.push(`  version ${each.version}`, ...peopleOf(entries, each.version));
    const status = (each.result?.status ?? "removed").padEnd(20);
    const text = `${status} ${each.result?.reason.sentence ?? "Its result was removed: no line owned it."}`;
    // Between two of the same words only stages moved on; --json has them.
    if (each.version !== version || text !== last)
      lines.push(`    ${each.at.replace("T", " ").replace(/\.\d+Z$/, "Z")}  ${text}`);
    version = each.version;
    last = text;
  }
  return lines.join("\n");
}

/** The newest result of a version has all its people, and each override of a stage. */
function peopleOf(entries: readonly HistoryEntry[], version: string): readonly string[] {
  const newest = entries.findLast((each) => each.version === version && each.result !== undefined);
  if (newest?.result === undefined) return [];
  const overridden = newest.result.stages
    .filter((stage) => stage.overridden)
    .map(({ name }) => `a condition of the stage ${name} was overridden`);
  return [...showPeople(newest.result, newest.people ?? {}), ...overridden].map((line) => `    ${line}`);
}
