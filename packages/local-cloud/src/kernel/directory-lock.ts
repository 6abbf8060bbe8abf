/** Locks a data directory for one process, because two processes would overwrite each other's journal. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

class DirectoryInUse extends Error {
  override name = "DirectoryInUse";
}

/** Takes the directory, also from a process that was killed. Returns a function that releases it. */
export function lockDirectory(directory: string): () => void {
  mkdirSync(directory, { recursive: true });
  const path = join(directory, "lock");
  const owner = Number(read(path) ?? "");
  if (owner > 0 && owner !== process.pid && isAlive(owner)) {
    throw new DirectoryInUse(
      `The data directory ${directory} is in use by process ${owner}. Stop it, or name another directory; if it is no embedded cloud, delete ${path}.`,
    );
  }
  writeFileSync(path, String(process.pid));
  return () => rmSync(path, { force: true });
}

const read = (path: string): string | undefined => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
};

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  // A killed process keeps its number until its parent has waited for it. Linux reports it as a zombie.
  return !/^\d+ \(.*\) [ZX] /s.test(read(`/proc/${pid}/stat`) ?? "");
}
