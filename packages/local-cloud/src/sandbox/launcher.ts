/**
 * Starts processes from a small process beside the cloud. A fork copies the page tables of its parent and stops
 * the parent meanwhile: 60 ms of processor time for a cloud of 1.5 GB, 5 ms for this process.
 * Where the machine permits it, this process is in a user namespace and a network namespace of its own, and so are the
 * processes that it starts (user_namespaces(7), network_namespaces(7)).
 */
import { type ChildProcess, spawn } from "node:child_process";
import type { Server, Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { siblingFile } from "#cloud/kernel/sibling-file.ts";
import type { LaunchOrder, LaunchReport, ListenOrder, Order } from "./launcher-protocol.ts";

export type Launched = {
  /** The process leads a group of this number. */
  readonly pid: number;
  /** The exit code; 137 for a process that a signal ended. */
  readonly ended: Promise<number>;
};

export type ProcessOrder = Omit<LaunchOrder, "id" | "kind">;

export type Launcher = {
  readonly launch: (order: ProcessOrder) => Promise<Launched>;
  /** Opens a port in the launcher's network namespace. */
  readonly listen: (port: number) => Promise<Server>;
  readonly isAlive: () => boolean;
  readonly pid: number;
};

export class LaunchFailed extends Error {
  override name = "LaunchFailed";
}

/** A clean environment: the sandboxes' parent shows nothing of the developer's in `/proc`. */
const environment = { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" };

/** A new network namespace has a loopback interface that is down. */
const raiseLoopback = [
  "ip link set lo up 2>/dev/null",
  "ifconfig lo up 2>/dev/null",
  // SIOCSIFFLAGS with IFF_UP and IFF_RUNNING (netdevice(7)).
  `python3 -c 'import socket,fcntl,struct; fcntl.ioctl(socket.socket(),0x8914,struct.pack("16sh",b"lo",73))'`,
].join(" || ");

const boot = (): readonly string[] => [
  process.execPath,
  fileURLToPath(siblingFile("launcher-boot.ts", import.meta.url)),
];

export const startPlainLauncher = (): Promise<Launcher> => startLauncher(boot());

export const startApartLauncher = (): Promise<Launcher> =>
  startLauncher([
    ...["unshare", "--user", "--map-root-user", "--net", "--", "sh", "-c"],
    `{ ${raiseLoopback}; } || exit 1\nexec "$@"`,
    ...["sh", ...boot()],
  ]);

/** Rejects when the process ends before it reports. */
function startLauncher([file = "", ...args]: readonly string[]): Promise<Launcher> {
  const child = spawn(file, args, { env: environment, stdio: ["ignore", "ignore", "pipe", "ipc"] });
  let said = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    said = `${said}${chunk.toString("utf8")}`.slice(-2000);
  });
  const orders = followReports(child);
  return new Promise((up, failed) => {
    const fail = (reason: string): void => failed(new LaunchFailed(said.trim() || reason));
    // A program that ends closes its channel first, which is an error too. Its own words are the better reason.
    child.on("error", (error) => child.pid === undefined && fail(error.message));
    child.once("close", () => fail(`${file} ended`));
    orders.onUp(() => {
      child.unref();
      (child.stderr as Socket | null)?.unref();
      up({ ...orders, isAlive: () => child.connected, pid: child.pid ?? 0 });
    });
  });
}

type Settle = (report: LaunchReport, port?: Server) => void;

function followReports(child: ChildProcess): Pick<Launcher, "launch" | "listen"> & {
  readonly onUp: (then: () => void) => void;
} {
  const waiting = new Map<number, Settle>();
  let last = 0;
  holdOpen(child, true);
  child.on("message", (report: LaunchReport, port) => waiting.get(report.id)?.(report, port as Server));
  const end = (message: string): void => {
    for (const [id, settled] of waiting) settled({ id, kind: "failed", message });
  };
  child.once("error", (error) => end(error.message));
  child.once("exit", () => end("The launcher of processes ended."));
  const settle = (id: number): void => {
    waiting.delete(id);
    holdOpen(child, waiting.size > 0);
  };
  const order = (settled: Settle): number => {
    last += 1;
    holdOpen(child, true);
    waiting.set(last, settled);
    return last;
  };
  return {
    onUp: (then) =>
      waiting.set(0, ({ kind }) => {
        settle(0);
        if (kind === "up") then();
      }),
    launch: (request) =>
      new Promise((started, rejected) => {
        let end: (code: number) => void;
        const ended = new Promise<number>((resolve) => {
          end = resolve;
        });
        const id = order((report) => {
          if (report.kind === "started") return started({ pid: report.pid, ended });
          settle(id);
          // A sandbox that cannot be made ends before it has started. After a start this rejection has no effect.
          const message = report.kind === "failed" ? report.message : `${request.file} ended at its start`;
          rejected(new LaunchFailed(message));
          // The processes of a launcher that ends are killed.
          end(report.kind === "ended" ? report.code : 137);
        });
        child.send({ ...request, kind: "launch", id } satisfies Order);
      }),
    listen: (port) =>
      new Promise((listening, rejected) => {
        const id = order((report, server) => {
          settle(id);
          if (report.kind === "listening" && server !== undefined) listening(server);
          else rejected(new LaunchFailed(report.kind === "failed" ? report.message : "no port arrived"));
        });
        child.send({ kind: "listen", id, port } satisfies ListenOrder);
      }),
  };
}

/** Only a launcher with running processes keeps the cloud's process alive. */
function holdOpen({ channel }: ChildProcess, open: boolean): void {
  if (open) channel?.ref();
  else channel?.unref();
}
