/**
 * Finds the programs and files of this machine that a sandbox may read: the system's programs, Node, Python,
 * the folders of PATH, and this package's own code. A sandbox sees no other file of the machine.
 */
import { execFile } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { delimiter, dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** A folder or file of the machine, and its path in the sandbox. */
export type Bind = { readonly from: string; readonly to: string };

const systemFolders = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/opt", "/nix"];

/** Settings of the system that programs read. `/etc/shadow` and all other files stay out. */
const systemFiles = [
  "ssl",
  "ca-certificates",
  "pki",
  "alternatives",
  "ld.so.cache",
  "localtime",
  "mime.types",
];

const devices = ["null", "zero", "full", "random", "urandom"];

/** Programs that lie outside the system's folders, often in the home folder, get a folder of their own. */
const PROGRAMS = "/run/programs";

const present = (paths: readonly string[]): readonly Bind[] =>
  paths.filter((path) => existsSync(path)).map((path) => ({ from: path, to: path }));

export const systemBinds = (): readonly Bind[] =>
  present([...systemFolders, ...systemFiles.map((name) => join("/etc", name))]);

export const deviceBinds = (): readonly Bind[] => present(devices.map((name) => join("/dev", name)));

const isSystem = (path: string): boolean =>
  systemFolders.some((folder) => path === folder || path.startsWith(`${folder}${sep}`));

/** The folder of Node, this package's code, and the packages that it and the functions' SDK are made of. */
export function runtimeBinds(): readonly Bind[] {
  const here = dirname(fileURLToPath(import.meta.url));
  // The packed cloud has all its files in one folder. In a checkout this file lies one folder deeper.
  const code = import.meta.url.endsWith(".mjs") ? here : dirname(here);
  const parents: string[] = [];
  for (let at = code; at !== dirname(at); at = dirname(at)) parents.push(at);
  const modules = parents.flatMap((folder) =>
    ["node_modules", "package.json"].map((name) => join(folder, name)),
  );
  const programs = dirname(process.execPath);
  // npm lies beside the folder of Node's program.
  const npm = join(dirname(programs), "lib", "node_modules");
  const node = isSystem(process.execPath) ? [] : [programs, npm];
  return present([...new Set([code, ...modules, ...node])]);
}

export type ProgramPath = { readonly path: string; readonly binds: readonly Bind[]; readonly python: string };

/**
 * PATH as a sandbox has it. Folders outside the system's get a folder below `/run/programs`, so that nothing of
 * the home folder has to be shown.
 */
export async function findPrograms(machinePath: string): Promise<ProgramPath> {
  const node = dirname(process.execPath);
  const entries = [...new Set(machinePath.split(delimiter))].filter(
    (entry) => entry.startsWith("/") && entry !== node && existsSync(entry),
  );
  const shown = runtimeBinds().map(({ to }) => to);
  const isShown = (entry: string): boolean => shown.some((folder) => entry.startsWith(`${folder}${sep}`));
  const others = entries.filter((entry) => !isSystem(realpathSync(entry)) && !isShown(entry));
  const binds = others.map((from, index) => ({ from, to: join(PROGRAMS, String(index)) }));
  const prefix = await pythonPrefix(entries);
  const ownPython = prefix === undefined || isSystem(prefix) ? undefined : join(PROGRAMS, "python");
  return {
    path: [
      ...(ownPython === undefined ? [] : [join(ownPython, "bin")]),
      ...entries.map((entry) => binds.find(({ from }) => from === entry)?.to ?? entry),
      node,
    ].join(delimiter),
    binds: [...binds, ...(ownPython === undefined ? [] : [{ from: prefix ?? "", to: ownPython }])],
    python: ownPython === undefined ? "python3" : join(ownPython, "bin", "python3"),
  };
}

/**
 * Returns the folder of a Python outside the system's folders. `python3` of PATH may be a script that finds Python in
 * the home folder, so Python itself tells where it is.
 */
async function pythonPrefix(path: readonly string[]): Promise<string | undefined> {
  const found = path.map((folder) => join(folder, "python3")).find((file) => existsSync(file));
  if (found === undefined || isSystem(realpathSync(found))) return undefined;
  try {
    const { stdout } = await promisify(execFile)(found, ["-c", "import sys; print(sys.base_prefix)"]);
    return realpathSync(stdout.trim());
  } catch {
    return undefined;
  }
}
