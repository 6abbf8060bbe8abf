/**
 * Bundles each file of lambdas/ into a zip of ES modules. The zip has the file's name, and the digest of its
 * bytes identifies it.
 */
import { createHash } from "node:crypto";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { type BuildOptions, build } from "esbuild";
import { cdkDiet } from "./cdk-diet.ts";
import { yamlModules } from "./yaml-modules.ts";
import { zipFiles } from "./zip-files.ts";

export type LambdaBundle = { readonly zip: string; readonly digest: string };

/** Defines `require` and the paths that CommonJS packages expect in an ES module. */
export const banner = `import { createRequire as kedgeRequire } from "node:module"; import { fileURLToPath as kedgePath } from "node:url"; const require = kedgeRequire(import.meta.url); const __filename = kedgePath(import.meta.url); const __dirname = kedgePath(new URL(".", import.meta.url));`;

/**
 * Writes `<to>/<name>/index.mjs` with its chunks, `<to>/<name>.zip` and `<to>/manifest.json`.
 *
 * @example const { route } = await bundleLambdas("dist/lambdas");
 */
export async function bundleLambdas(
  to: string,
  from = "lambdas",
): Promise<Readonly<Record<string, LambdaBundle>>> {
  await rm(to, { recursive: true, force: true });
  await mkdir(to, { recursive: true });
  const doors = (await readdir(from)).filter((file) => file.endsWith(".ts")).sort();
  const bundles: [name: string, bundle: LambdaBundle][] = [];
  // One after another: esbuild uses all cores for one build, and twelve at once take twice the processor time.
  for (const door of doors) {
    const name = basename(door, ".ts");
    bundles.push([name, await bundleLambda(join(from, door), join(to, name))]);
  }
  const manifest = Object.fromEntries(bundles.map(([name, { digest }]) => [name, digest]));
  await writeFile(join(to, "manifest.json"), `${JSON.stringify(manifest, undefined, 2)}\n`);
  return Object.fromEntries(bundles);
}

async function bundleLambda(door: string, folder: string): Promise<LambdaBundle> {
  await build(lambdaBuild(door, folder));
  const bytes = await zipFiles(folder);
  const zip = `${folder}.zip`;
  await writeFile(zip, bytes);
  return { zip, digest: createHash("sha256").update(bytes).digest("hex") };
}

const checkout = join(import.meta.dirname, "..", "..");

/** Bundles an entry file into `<folder>/index.mjs` with its chunks. */
export const lambdaBuild = (door: string, folder: string) =>
  ({
    // esbuild makes the hash in a chunk's name from paths relative to this folder, by default the working folder.
    absWorkingDir: checkout,
    entryPoints: { index: resolve(door) },
    outdir: resolve(folder),
    outExtension: { ".js": ".mjs" },
    chunkNames: "chunk-[hash]",
    bundle: true,
    minifyWhitespace: true,
    minifyIdentifiers: true, // minifySyntax takes ten seconds over the CDK's tables and saves one hundredth
    splitting: true, // or `await import()` is inlined, and every cold start loads the CDK
    format: "esm",
    platform: "node",
    target: "node24",
    mainFields: ["module", "main"],
    banner: { js: banner },
    legalComments: "none",
    logLevel: "silent",
    plugins: [cdkDiet, yamlModules],
  }) satisfies BuildOptions;
