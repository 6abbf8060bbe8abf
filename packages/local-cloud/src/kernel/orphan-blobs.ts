/**
 * Removes the files of blobs that no row names. A kill between the writes of a blob and of its row leaves
 * such a file, and no code would ever delete it. The search reads the rows themselves, so that no service
 * has to list its blobs.
 */
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isBlobName } from "./data-directory.ts";
import type { Store } from "./store.ts";

/** Runs before the first write. Returns how many files it removed. */
export function removeOrphanBlobs(directory: string, store: Store): number {
  const orphans = new Set(filesIn(directory));
  for (const path of orphans.size === 0 ? [] : store.paths()) {
    for (const entry of store.table(path).entries()) forget(entry, orphans);
  }
  for (const id of orphans) rmSync(join(directory, id), { force: true });
  return orphans.size;
}

/** Removes every text of a row, at any depth, from the set, because it may be a blob's id. */
function forget(value: unknown, orphans: Set<string>): void {
  if (typeof value === "string") orphans.delete(value);
  else if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return;
  else if (value instanceof Map) for (const inner of value) forget(inner, orphans);
  else for (const inner of value instanceof Set ? value : Object.values(value)) forget(inner, orphans);
}

function filesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory).filter(isBlobName);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
