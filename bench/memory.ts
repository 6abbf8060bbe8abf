/**
 * Memory of this process and of its children (Lambda sandboxes, builds) as Linux reports it. On other systems
 * it is the memory of this process alone.
 */
import { readdirSync, readFileSync } from "node:fs";

const everyMs = 250;
const mebibyte = 2 ** 20;

/** The memory now, in MiB. */
export function memoryNow(): number {
  const own = process.memoryUsage.rss() / mebibyte;
  if (process.platform !== "linux") return own;
  const processes = readdirSync("/proc").flatMap((id) => (/^\d+$/.test(id) ? statusOf(id) : []));
  const ours = new Set([process.pid]);
  for (const id of ours) for (const { pid, parent } of processes) if (parent === id) ours.add(pid);
  ours.delete(process.pid);
  return processes.reduce((sum, { pid, rss }) => (ours.has(pid) ? sum + rss : sum), own);
}

/**
 * Reads the memory again and again. The returned function stops that, and returns the largest value in MiB.
 */
export function watchMemory(): () => number {
  let most = memoryNow();
  const timer = setInterval(() => {
    most = Math.max(most, memoryNow());
  }, everyMs);
  return () => {
    clearInterval(timer);
    return Math.max(most, memoryNow());
  };
}

type Status = { readonly pid: number; readonly parent: number; readonly rss: number };

function statusOf(id: string): readonly Status[] {
  try {
    const status = readFileSync(`/proc/${id}/status`, "utf8");
    const field = (name: string) => Number(status.match(new RegExp(`^${name}:\\s+(\\d+)`, "m"))?.[1] ?? 0);
    return [{ pid: Number(id), parent: field("PPid"), rss: field("VmRSS") / 1024 }];
  } catch {
    return []; // the process has ended meanwhile
  }
}
