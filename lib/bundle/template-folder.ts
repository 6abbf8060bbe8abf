/**
 * Bundles a release template from its folder. It type-checks and bundles the template, and first loads it in
 * a process of its own, where a module that hangs or crashes does no harm.
 */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import type { BundledTemplate } from "#ports/template-folders.ts";
import type { EvaluateModule } from "#ports/template-registry.ts";
import { bundleTemplate } from "./bundle-templates.ts";

const run = promisify(execFile);
const root = join(import.meta.dirname, "..", "..");
const loadMs = 20_000;

/** `rejected` says why the template cannot be published. */
export async function bundleFolder(
  folder: string,
  evaluate: EvaluateModule,
): Promise<BundledTemplate | { readonly rejected: string }> {
  const mistakes = await typeCheck(folder);
  if (mistakes !== undefined) return { rejected: `${folder} does not type-check:\n${mistakes}` };
  const work = await mkdtemp(join(tmpdir(), "kedge-template-"));
  try {
    const path = resolve(folder);
    const { file } = await bundleTemplate(dirname(path), basename(path), work);
    const failure = await tryToLoad(file);
    if (failure !== undefined) return { rejected: `The bundled template cannot be loaded: ${failure}` };
    const module = await readFile(file);
    return { module, loaded: await evaluate(module) };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/**
 * Type-checks with this checkout's own compiler and rules. Answers the compiler's messages when it finds an
 * error.
 */
async function typeCheck(folder: string): Promise<string | undefined> {
  const config = join(root, `tsconfig.template-${process.pid}.json`);
  const include = [relative(root, resolve(folder))];
  await writeFile(config, JSON.stringify({ extends: "./tsconfig.json", include }));
  try {
    const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
    await run(process.execPath, [compiler, "-p", config], { cwd: root });
    return undefined;
  } catch (error) {
    const { stdout = "" } = error as { readonly stdout?: string };
    return stdout.trim();
  } finally {
    await rm(config, { force: true });
  }
}

async function tryToLoad(file: string): Promise<string | undefined> {
  try {
    const load = `await import(${JSON.stringify(pathToFileURL(file).href)})`;
    await run(process.execPath, ["--input-type=module", "-e", load], { timeout: loadMs });
    return undefined;
  } catch (error) {
    const { stderr = "", killed = false } = error as { readonly stderr?: string; readonly killed?: boolean };
    return killed ? `it was not loaded after ${loadMs / 1000} s` : stderr.trim();
  }
}
