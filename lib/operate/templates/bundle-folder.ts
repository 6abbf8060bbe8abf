/**
 * A release template from its folder: type-checked, bundled, and tried in a process of its own, where a module that
 * loops or breaks while it is loaded does no harm.
 */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { promisify } from "node:util";
import { CommandError, exitCodes } from "#bin/commands/outcome.ts";
import { bundleTemplate } from "#bundle/bundle-templates.ts";
import type { LoadedTemplate } from "#release/template/template.ts";
import { evaluateModule } from "./evaluate.ts";

export type FolderBundle = { readonly module: Uint8Array; readonly loaded: LoadedTemplate };

const run = promisify(execFile);
const root = join(import.meta.dirname, "..", "..", "..");
const loadMs = 20_000;

export async function bundleFolder(folder: string): Promise<FolderBundle> {
  await typeCheck(folder);
  const work = await mkdtemp(join(tmpdir(), "kedge-template-"));
  try {
    const { file } = await bundleTemplate(
      resolve(folder, ".."),
      resolve(folder).split(/[\\/]/).at(-1) ?? "",
      work,
    );
    await tryToLoad(file);
    const module = await readFile(file);
    return { module, loaded: await evaluateModule(module) };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** With this checkout's own compiler and rules. */
async function typeCheck(folder: string): Promise<void> {
  const config = join(root, `tsconfig.template-${process.pid}.json`);
  const include = [relative(root, resolve(folder))];
  await writeFile(config, JSON.stringify({ extends: "./tsconfig.json", include }));
  try {
    await run(process.execPath, [join(root, "node_modules", "typescript", "bin", "tsc"), "-p", config], {
      cwd: root,
    });
  } catch (error) {
    const { stdout = "" } = error as { readonly stdout?: string };
    throw new CommandError(`${folder} does not type-check:\n${stdout.trim()}`, exitCodes.rejected, {
      cause: error,
    });
  } finally {
    await rm(config, { force: true });
  }
}

async function tryToLoad(file: string): Promise<void> {
  try {
    await run(process.execPath, ["--input-type=module", "-e", `await import(${JSON.stringify(file)})`], {
      timeout: loadMs,
    });
  } catch (error) {
    const { stderr = "", killed = false } = error as { readonly stderr?: string; readonly killed?: boolean };
    const why = killed ? `it was not loaded after ${loadMs / 1000} s` : stderr.trim();
    throw new CommandError(`The bundled template cannot be loaded: ${why}`, exitCodes.rejected, {
      cause: error,
    });
  }
}
