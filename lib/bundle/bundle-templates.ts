/**
 * Bundles each release template into one module without imports, as the registry publishes it: under an immutable
 * version and its SHA-256. The module's one export is `template`.
 */
import { createHash } from "node:crypto";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

export type TemplateBundle = {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
  readonly file: string;
};

class TemplateBundleError extends Error {
  override name = "TemplateBundleError";
}

type Described = { readonly template?: { readonly name?: unknown; readonly version?: unknown } };

/** Writes `<to>/<name>/<version>/<sha256>.mjs` and `<to>/index.json`, which lists the current versions. */
export async function bundleTemplates(
  to: string,
  from = "release-templates",
): Promise<readonly TemplateBundle[]> {
  await rm(to, { recursive: true, force: true });
  const folders = (await readdir(from, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const bundles = await Promise.all(
    folders.map(({ name }) => bundleTemplate(resolve(from), name, resolve(to))),
  );
  bundles.sort((a, b) => (a.name < b.name ? -1 : 1));
  const index = { templates: bundles.map(({ name, version, sha256 }) => ({ name, version, sha256 })) };
  await writeFile(join(to, "index.json"), `${JSON.stringify(index, undefined, 2)}\n`);
  return bundles;
}

/** `folder` is one of those in `from`. */
export async function bundleTemplate(from: string, folder: string, to: string): Promise<TemplateBundle> {
  const exported = folder.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  const { outputFiles } = await build({
    stdin: {
      contents: `export { ${exported} as template } from "./${folder}/template.ts";`,
      resolveDir: from,
    },
    bundle: true,
    minify: true,
    format: "esm",
    // Neutral: packages come in their plain ES module form, which needs no `require` where the module is loaded.
    platform: "neutral",
    external: ["node:*"],
    target: "node24",
    mainFields: ["module", "main"],
    legalComments: "none",
    logLevel: "silent",
    write: false,
  });
  const bytes = outputFiles[0]?.contents ?? new Uint8Array();
  const draft = join(to, `${folder}.draft.mjs`);
  await mkdir(to, { recursive: true });
  await writeFile(draft, bytes);
  const { template } = (await import(pathToFileURL(draft).href)) as Described;
  await rm(draft);
  const { name, version } = template ?? {};
  if (name !== folder || typeof version !== "string") {
    throw new TemplateBundleError(
      `release-templates/${folder} says its name is ${String(name)} and its version ${String(version)}. A release template is named like its folder and has a version: set both in its template.ts.`,
    );
  }
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const file = join(to, name, version, `${sha256}.mjs`);
  await mkdir(join(file, ".."), { recursive: true });
  await writeFile(file, bytes);
  return { name, version, sha256, file };
}
