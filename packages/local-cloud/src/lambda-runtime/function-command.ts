/**
 * Returns the command that runs a function in a sandbox. Without namespaces, Node's permission model limits the
 * files, and a Python function runs as any program of the user
 * (Node.js documentation, "Permissions", "Process-based permissions").
 */
import { fileURLToPath } from "node:url";
import { siblingFile } from "#cloud/kernel/sibling-file.ts";
import { containment, sandboxCommand } from "#cloud/sandbox/containment.ts";
import { runtimeBinds } from "#cloud/sandbox/programs.ts";
import { bootFile } from "./boot-file.ts";

export async function functionCommand(of: {
  readonly runtime: string;
  readonly scratch: string;
  readonly codeDir: string;
  readonly optDir: string | undefined;
  readonly tmpDir: string;
  readonly compileCache: string;
  readonly memoryMb: number;
}): Promise<readonly string[]> {
  const { scratch, codeDir, optDir, memoryMb } = of;
  const writable = [of.tmpDir, of.compileCache];
  const contained = await containment();
  const isNode = of.runtime.startsWith("nodejs");
  const boot = bootFile(scratch);
  const readable = [codeDir, optDir, boot.folder].filter((folder) => folder !== undefined);
  const node = [
    process.execPath,
    "--disable-warning=ExperimentalWarning",
    `--max-old-space-size=${memoryMb}`,
    ...(contained.missing === undefined ? [] : permissions(readable, writable)),
    boot.program,
  ];
  const python = [
    contained.programs.python,
    ...["-B", "-u", fileURLToPath(siblingFile("python_boot.py", import.meta.url))],
  ];
  const program = isNode ? node : python;
  if (contained.missing !== undefined) return program;
  return sandboxCommand(contained, { scratch, readable, writable, folder: codeDir, memoryMb }, program);
}

const permissions = (readable: readonly string[], writable: readonly string[]): readonly string[] => [
  "--permission",
  ...[...readable, ...writable, ...runtimeBinds().map(({ from }) => from)].map(
    (path) => `--allow-fs-read=${path}`,
  ),
  ...writable.map((path) => `--allow-fs-write=${path}`),
];
