/** Runs work once for all workers of a test run. The first worker does the work; the others wait for its end. */
import { access, mkdir, rmdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

const pollMs = 50;

/** `make` writes the file or folder at `path`. When `make` fails, the next caller tries again. */
export async function once(path: string, make: () => Promise<unknown>): Promise<string> {
  const lock = `${path}.lock`;
  const done = `${path}.done`;
  await mkdir(dirname(path), { recursive: true });
  while (!(await exists(done))) {
    if (!(await created(lock))) {
      await wait(pollMs);
      continue;
    }
    try {
      // Another worker may have finished between the look and the lock.
      if (await exists(done)) break;
      await make();
      await writeFile(done, "");
    } finally {
      await rmdir(lock);
    }
  }
  return path;
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

async function created(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}
