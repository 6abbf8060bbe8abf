/**
 * The program of the launcher process: carries out the orders of `launcher.ts`. It starts processes and reports
 * their ends, and it opens ports in the network namespace that it shares with the sandboxes.
 * It ends with its cloud: when the channel closes, it kills the process groups that are left, and exits.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { createServer } from "node:net";
import type { LaunchOrder, LaunchReport, ListenOrder, Order } from "./launcher-protocol.ts";
import { boundFile } from "./output-limit.ts";

/** The leaders of process groups that may have living members. */
const groups = new Set<number>();

const report = (message: LaunchReport): void => void process.send?.(message);

process.on("message", (order: Order) => (order.kind === "listen" ? listen(order) : launch(order)));

function launch(order: LaunchOrder): void {
  const { id } = order;
  try {
    const child = start(order);
    const { pid } = child;
    child.once("error", (error) => report({ id, kind: "failed", message: error.message }));
    if (pid === undefined) return;
    groups.add(pid);
    const unbound = boundFile(order.output);
    if (order.sandbox) child.stdout?.once("data", () => report({ id, kind: "started", pid }));
    else report({ id, kind: "started", pid });
    child.once("exit", (code) => {
      unbound();
      // The number of an empty group may later belong to another process.
      if (!kill(pid, 0)) groups.delete(pid);
      report({ id, kind: "ended", code: code ?? 137 });
    });
  } catch (error) {
    report({ id, kind: "failed", message: (error as Error).message });
  }
}

function start({ file, args, cwd, environment, output, state, sandbox }: LaunchOrder): ChildProcess {
  const opened = [output, ...(state === undefined ? [] : [state])].map((path) => openSync(path, "w"));
  // Output is appended, because a file that is cut to its limit would otherwise keep its length.
  const log = openSync(output, "a");
  try {
    return spawn(file, args, {
      cwd,
      env: environment,
      stdio: ["ignore", sandbox ? "pipe" : log, log, ...opened.slice(1)],
      detached: true,
    });
  } finally {
    for (const each of [...opened, log]) closeSync(each);
  }
}

/** The cloud takes the port over. A connection to it comes from this network namespace. */
function listen({ id, port }: ListenOrder): void {
  const server = createServer();
  server.once("error", (error) => report({ id, kind: "failed", message: error.message }));
  server.listen(port, "127.0.0.1", () => {
    process.send?.({ id, kind: "listening" } satisfies LaunchReport, server, () => server.close());
  });
}

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

report({ id: 0, kind: "up" });
