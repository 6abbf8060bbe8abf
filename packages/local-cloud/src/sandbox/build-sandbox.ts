/**
 * A sandbox that lasts as long as a build: each command of the build enters it, so that programs in the background
 * live on from command to command.
 */
import { join } from "node:path";
import { limits, powerless } from "./box.ts";
import { containment, launchSandbox, type SandboxSpec } from "./containment.ts";
import type { Launched, ProcessOrder } from "./launcher.ts";

type Command = Pick<ProcessOrder, "output" | "state" | "cwd"> & { readonly program: readonly string[] };

type BuildSandbox = {
  readonly launch: (command: Command) => Promise<Launched>;
  /** Kills all processes, and resolves when they have ended. */
  readonly end: () => Promise<void>;
};

export async function openBuildSandbox(spec: SandboxSpec, control: string): Promise<BuildSandbox> {
  const contained = await containment();
  if (contained.missing !== undefined) return outside(contained.launcher.launch);
  const { pid, ended } = await launchSandbox(contained, spec, join(control, "sandbox"), [
    // The shell collects the processes whose parents have ended.
    ...["sh", "-c", "while :; do sleep 3600; done"],
  ]);
  return {
    launch: ({ cwd, program, ...files }) =>
      contained.launcher.launch({
        ...files,
        file: "nsenter",
        args: [
          ...[`--mount=/proc/${pid}/ns/mnt`, `--pid=/proc/${pid}/ns/pid_for_children`, "--", "/bin/sh", "-c"],
          ...[enter(spec.memoryMb), "sh", cwd, ...program],
        ],
        cwd: "/",
        // The build reads its own variables. The first environment of its shell is visible in `/proc`.
        environment: {},
      }),
    end: async () => {
      kill(pid);
      await ended;
    },
  };
}

const enter = (memoryMb: number): string =>
  [...limits(memoryMb), 'cd "$1" || exit 1', "shift", `${powerless} "$@"`].join("\n");

/** Without namespaces the processes of a build are found by their groups. */
function outside(launch: (order: ProcessOrder) => Promise<Launched>): BuildSandbox {
  const running = new Map<number, Promise<number>>();
  return {
    launch: async ({ program: [file = "", ...args], ...files }) => {
      const launched = await launch({ ...files, file, args, environment: {} });
      running.set(launched.pid, launched.ended);
      return launched;
    },
    end: async () => {
      for (const group of running.keys()) kill(group);
      await Promise.all(running.values());
    },
  };
}

function kill(group: number): void {
  try {
    process.kill(-group, "SIGKILL");
  } catch {
    // The group has ended by itself.
  }
}
