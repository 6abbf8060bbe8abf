/**
 * Finds out how this machine contains functions and builds, and starts their programs accordingly. Where user
 * namespaces work, a program sees its own files, processes and a network that reaches the cloud alone.
 */
import { mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { release, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { type Box, boxScript, canHold } from "./box.ts";
import {
  type Launched,
  type Launcher,
  LaunchFailed,
  startApartLauncher,
  startPlainLauncher,
} from "./launcher.ts";
import { deviceBinds, findPrograms, type ProgramPath, runtimeBinds, systemBinds } from "./programs.ts";

type Containment = {
  readonly launcher: Launcher;
  /** The reason why programs are not contained; undefined where they are. */
  readonly missing: string | undefined;
  readonly programs: ProgramPath;
};

/** One sandbox: the folders of the machine that it has, and its memory. */
export type SandboxSpec = {
  /** A folder of the cloud, in which the mount point of the root is made. */
  readonly scratch: string;
  readonly writable: readonly string[];
  readonly readable: readonly string[];
  /** The working directory. */
  readonly folder: string;
  readonly memoryMb: number;
};

/** The processes of one Node process share the launcher. A launcher that ended is replaced. */
let current: Promise<Containment> | undefined;
let alive: Launcher | undefined;

export function containment(): Promise<Containment> {
  if (current === undefined || alive?.isAlive() === false)
    current = start().then((started) => {
      alive = started.launcher;
      return started;
    });
  return current;
}

async function start(): Promise<Containment> {
  // biome-ignore lint/style/noProcessEnv: only the machine itself knows where its programs are.
  const machinePath = process.env["PATH"] ?? "/usr/local/bin:/usr/bin:/bin";
  try {
    const [launcher, programs] = await Promise.all([startApartLauncher(), findPrograms(machinePath)]);
    await tryOut(launcher, programs);
    return { launcher, programs, missing: undefined };
  } catch (error) {
    if (!(error instanceof LaunchFailed)) throw error;
    const path = [machinePath, join(process.execPath, "..")].join(delimiter);
    return {
      launcher: await startPlainLauncher(),
      programs: { path, binds: [], python: "python3" },
      missing: error.message,
    };
  }
}

/** Makes a sandbox and runs a program in it, because some machines permit a namespace and refuse the mounts. */
async function tryOut(launcher: Launcher, programs: ProgramPath): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), "local-cloud-trial-"));
  try {
    const spec = { scratch, writable: [], readable: [], folder: "/", memoryMb: 128 };
    const { ended } = await launchSandbox({ launcher, programs }, spec, join(scratch, "output"), ["true"]);
    if ((await ended) !== 0) throw new LaunchFailed("a sandbox could be made, and no program ran in it");
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

const shell = "/bin/sh";

/** Makes a sandbox with an output file, and resolves when its program runs. */
export function launchSandbox(
  { launcher, programs }: Pick<Containment, "launcher" | "programs">,
  spec: SandboxSpec,
  output: string,
  program: readonly string[],
): Promise<Launched> {
  const started = ["-c", 'echo started; exec >/dev/null; "$@"; exit $?', "sh", ...program];
  return launcher.launch({
    file: "unshare",
    args: [...sandboxArguments(programs, spec), shell, ...started],
    cwd: "/",
    environment: { PATH: systemPath },
    output,
    sandbox: true,
  });
}

const systemPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** New namespaces for mounts and processes. With `--kill-child` the sandbox ends with this process (unshare(1)). */
const sandboxArguments = (programs: ProgramPath, spec: SandboxSpec): readonly string[] => [
  ...["--mount", "--pid", "--fork", "--kill-child", "--", shell, "-c"],
  boxScript(
    boxOf(programs, spec),
    (path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === false,
  ),
  shell,
];

function boxOf(programs: ProgramPath, { scratch, writable, readable, folder, memoryMb }: SandboxSpec): Box {
  const root = join(scratch, "root");
  mkdirSync(root, { recursive: true });
  const own = readable.map((path) => ({ from: path, to: path }));
  const binds = [...systemBinds(), ...runtimeBinds(), ...programs.binds, ...own];
  return {
    ...{ root, writable, folder, memoryMb },
    readable: binds.filter(({ from, to }) => canHold(from) && canHold(to)),
    devices: deviceBinds(),
    limitPids: hasPidLimits(release()),
  };
}

/** Since Linux 6.14 `kernel.pid_max` belongs to the process namespace. Before, a write would change the machine's. */
function hasPidLimits(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 6 || (major === 6 && minor >= 14);
}

/**
 * Returns the command that runs a program in a sandbox. The program is the child of a shell, because Linux gives
 * process 1 of a namespace no default signal handlers (pid_namespaces(7)). The sandbox ends with the process
 * that starts it.
 */
export function sandboxCommand(
  { launcher, programs }: Containment,
  spec: SandboxSpec,
  program: readonly string[],
): readonly string[] {
  return [
    ...["nsenter", "--target", String(launcher.pid), "--user", "--net", "--preserve-credentials", "--"],
    ...["setpriv", "--pdeathsig", "KILL", "--", "unshare", ...sandboxArguments(programs, spec)],
    ...[shell, "-c", '"$@"; exit $?', "sh", ...program],
  ];
}
