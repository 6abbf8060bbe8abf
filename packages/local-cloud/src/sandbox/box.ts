/**
 * Writes the shell script that makes a sandbox and runs a program in it. The script runs in new mount and
 * process namespaces: it builds a root folder that has the permitted files only, makes it the root, gives up
 * every capability, and starts the program (mount_namespaces(7), pivot_root(2), capabilities(7)).
 */
import type { Bind } from "./programs.ts";

export type Box = {
  /** Folders that the program may write, at the paths that they have outside. */
  readonly writable: readonly string[];
  readonly readable: readonly Bind[];
  readonly devices: readonly Bind[];
  /** An empty folder, on which the new root is mounted. */
  readonly root: string;
  readonly folder: string;
  readonly memoryMb: number;
  /** Limits the process ids of the namespace. Linux has a limit for each namespace since 6.14. */
  readonly limitPids: boolean;
};

/** A fork bomb ends at this number, as in Lambda (Lambda Developer Guide, "Lambda quotas", "processes/threads"). */
const PROCESSES = 1024;

/** Memory for the interpreter and for stacks of threads. The limit is for each process. */
const OVERHEAD_MB = 512;

/** Shell commands that limit the process and the processes that it starts (getrlimit(2)). */
export const limits = (memoryMb: number): readonly string[] => [
  "ulimit -c 0",
  `ulimit -d ${(memoryMb + OVERHEAD_MB) * 1024}`,
  // bash names the number of processes u, and dash p.
  `ulimit -u ${PROCESSES} 2>/dev/null || ulimit -p ${PROCESSES}`,
];

/** Starts a program without capabilities. A set-user-ID program gets none either (capabilities(7), PR_SET_NO_NEW_PRIVS). */
export const powerless = "exec setpriv --bounding-set=-all --inh-caps=-all --no-new-privs --";

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** fstab(5) writes spaces and tabs as octal numbers. */
const escaped = (path: string): string =>
  path.replaceAll("\\", "\\134").replaceAll(" ", "\\040").replaceAll("\t", "\\011").replaceAll("\n", "\\012");

export const canHold = (path: string): boolean => !path.includes("\n");

/** `isFile` tells which binds are files: their locations are files too. */
export function boxScript(box: Box, isFile: (path: string) => boolean): string {
  const { root } = box;
  const writable = box.writable.map((path) => ({ from: path, to: path }));
  const all = [...box.readable, ...box.devices, ...writable];
  const inRoot = (path: string): string => quoted(`${root}${path}`);
  const files = all.filter(({ from }) => isFile(from));
  const parents = files.map(({ to }) => to.slice(0, to.lastIndexOf("/")) || "/");
  const folders = [...all.filter((bind) => !files.includes(bind)).map(({ to }) => to), ...parents];
  const line =
    (options: string) =>
    ({ from, to }: Bind): string =>
      `${escaped(from)} ${escaped(`${root}${to}`)} none ${options} 0 0`;
  const fstab = [
    ...box.readable.map(line("bind,ro,nosuid")),
    ...box.devices.map(line("bind,nosuid")),
    ...writable.map(line("bind,nosuid,nodev")),
    `proc ${escaped(`${root}/proc`)} proc nosuid,nodev,noexec 0 0`,
  ];
  const made = ["/proc", "/dev/shm", "/tmp", "/var/tmp", "/run", ...folders];
  return [
    "set -e",
    `mount -t tmpfs -o mode=755,nosuid,nodev,size=512m sandbox ${quoted(root)}`,
    `mkdir -p ${[...new Set(made)].map(inRoot).join(" ")}`,
    ...files.map(({ to }) => `: > ${inRoot(to)}`),
    `printf 'root:x:0:0:root:/root:/bin/sh\\n' > ${inRoot("/etc/passwd")}`,
    `printf 'root:x:0:\\n' > ${inRoot("/etc/group")}`,
    `printf '127.0.0.1 localhost\\n' > ${inRoot("/etc/hosts")}`,
    `printf '%s\\n' ${fstab.map(quoted).join(" ")} > ${inRoot("/fstab")}`,
    `mount -a -T ${inRoot("/fstab")}`,
    `cd ${quoted(root)}`,
    "pivot_root . .",
    "umount -l .",
    "cd /",
    "rm /fstab",
    "ln -s /proc/self/fd /dev/fd",
    "for n in 0:stdin 1:stdout 2:stderr; do ln -s /proc/self/fd/${n%:*} /dev/${n#*:}; done",
    ...(box.limitPids ? [`echo ${PROCESSES} > /proc/sys/kernel/pid_max`] : []),
    ...limits(box.memoryMb),
    `cd ${quoted(box.folder)}`,
    `${powerless} "$@"`,
  ].join("\n");
}
