/**
 * The program of the launcher process: starts the processes that `launcher.ts` orders, and reports their ends.
 * It ends with its cloud: when the channel closes, it kills the process groups that are left, and exits.
 */
import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import type { LaunchOrder, LaunchReport } from "./launcher.ts";

/** The leaders of process groups that may have living members. */
const groups = new Set<number>();

const report = (message: LaunchReport): void => void process.send?.(message);

process.on("message", ({ id, file, args, cwd, environment, output }: LaunchOrder) => {
  try {
    const log = openSync(output, "w");
    const child = spawn(file, args, {
      cwd,
      env: environment,
      stdio: ["ignore", log, log],
      detached: true,
    });
    closeSync(log);
    const { pid } = child;
    child.once("error", (error) => report({ id, kind: "failed", message: error.message }));
    if (pid === undefined) return;
    groups.add(pid);
    report({ id, kind: "started", pid });
    child.once("exit", (code) => {
      // The number of an empty group may later belong to another process.
      if (!kill(pid, 0)) groups.delete(pid);
      report({ id, kind: "ended", code: code ?? 137 });
    });
  } catch (error) {
    report({ id, kind: "failed", message: (error as Error).message });
  }
});

process.on("disconnect", () => {
  for (const group of groups) kill(group, "SIGKILL");
  process.exit();
});

// A terminal sends Ctrl-C to all processes of the foreground. The cloud stops its builds first.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);

function kill(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-group, signal);
  } catch {
    return false;
  }
}
