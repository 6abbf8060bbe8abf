/** Bounds the output of a command: a file that grows beyond the limit is cut, so that a loop cannot fill the disk. */
import { readFileSync, statSync, truncateSync } from "node:fs";

const OUTPUT_LIMIT = 8 * 1024 * 1024;

const INTERVAL_MS = 250;

/** Cuts the file at intervals. Returns a function that ends this. */
export function boundFile(path: string): () => void {
  const timer = setInterval(() => {
    try {
      if (statSync(path).size > 2 * OUTPUT_LIMIT) truncateSync(path, OUTPUT_LIMIT + 1);
    } catch {
      // The folder of the build is being removed.
    }
  }, INTERVAL_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** Returns the output up to the limit, with a note when there was more. */
export function readOutput(path: string): string {
  const { size } = statSync(path);
  if (size <= OUTPUT_LIMIT) return readFileSync(path, "utf8");
  truncateSync(path, OUTPUT_LIMIT);
  return `${readFileSync(path, "utf8")}\n${truncated(OUTPUT_LIMIT)}\n`;
}

export const truncated = (limit: number): string =>
  `[The embedded cloud kept the first ${limit / 1024 / 1024} MiB of this output.]`;
