/**
 * Finds the program that a Node function's process runs first. In a checkout it is TypeScript. Its types are removed
 * once for all processes, because Node needs longer for that than for the rest of a start.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { siblingFile } from "#cloud/kernel/sibling-file.ts";

const boot = siblingFile("node-boot.ts", import.meta.url);

/** Returns the program and the folder that a sandbox has to show. */
export function bootFile(scratch: string): { readonly program: string; readonly folder: string | undefined } {
  if (boot.pathname.endsWith(".mjs")) return { program: fileURLToPath(boot), folder: undefined };
  const folder = join(scratch, "lambda", "boot");
  const program = join(folder, "node-boot.mjs");
  if (!existsSync(program)) {
    mkdirSync(folder, { recursive: true });
    for (const name of ["node-channel", "node-boot"]) write(folder, name);
  }
  return { program, folder };
}

/** Node warns that the function is experimental. It does the same work at each start of this program. */
function withoutWarning<Result>(work: () => Result): Result {
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  try {
    return work();
  } finally {
    process.emitWarning = emitWarning;
  }
}

function write(folder: string, name: string): void {
  const source = readFileSync(new URL(`${name}.ts`, boot), "utf8");
  const plain = withoutWarning(() => stripTypeScriptTypes(source)).replaceAll(
    /from "(\.\/[\w-]+)\.ts"/g,
    'from "$1.mjs"',
  );
  const partial = join(folder, `${name}.partial`);
  writeFileSync(partial, plain);
  renameSync(partial, join(folder, `${name}.mjs`));
}
