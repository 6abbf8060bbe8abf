/**
 * Files of blobs that no row speaks of: a kill between the writing of a blob and the writing of its row leaves one, and
 * nothing would ever delete it. Asks the rows themselves, so that no service has to say which blobs it holds.
 */
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Store } from "./store.ts";

/** Before anything is written anew; answers how many were removed. */
export function removeOrphanBlobs(directory: string, store: Store): number {
  const orphans = new Set(filesIn(directory));
  for (const path of orphans.size === 0 ? [] : store.paths()) {
    for (const entry of store.table(path).entries()) forget(entry, orphans);
  }
  for (const id of orphans) rmSync(join(directory, id), { force: true });
  return orphans.size;
}

/** Takes every text of a row, however deep, out of the set: it may be a blob's id. */
function forget(value: unknown, orphans: Set<string>): void {
  if (typeof value === "string") orphans.delete(value);
  else if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return;
  else if (value instanceof Map) for (const inner of value) forget(inner, orphans);
  else for (const inner of value instanceof Set ? value : Object.values(value)) forget(inner, orphans);
}

function filesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
