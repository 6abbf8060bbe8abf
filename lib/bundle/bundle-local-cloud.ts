/**
 * Bundles the embedded AWS into one flat folder: `local-cloud.mjs`, its chunks, the scripts that it starts
 * as processes or threads, and its data files. It runs on plain Node without an installed package.
 */
import { chmod, copyFile, mkdir, readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { build } from "esbuild";
import { banner } from "./bundle-lambdas.ts";
import { iamData } from "./iam-data.ts";

type LocalCloudBuild = { readonly root: string; readonly to: string };

export async function bundleLocalCloud({ root, to }: LocalCloudBuild): Promise<void> {
  const src = join(root, "packages", "local-cloud", "src");
  const siblings = await siblingFiles(src);
  const scripts = siblings.filter((path) => path.endsWith(".ts"));
  await mkdir(to, { recursive: true });
  await build({
    absWorkingDir: root,
    entryPoints: {
      "local-cloud": join(src, "main.ts"),
      ...Object.fromEntries(scripts.map((path) => [basename(path, ".ts"), path])),
    },
    outdir: to,
    outExtension: { ".js": ".mjs" },
    chunkNames: "[name]-[hash]", // beside the entries: a chunk finds its data files there
    bundle: true,
    splitting: true,
    minifyWhitespace: true,
    format: "esm",
    platform: "node",
    target: "node24",
    mainFields: ["module", "main"],
    banner: { js: banner },
    legalComments: "none",
    logLevel: "silent",
    plugins: [iamData],
  });
  for (const path of siblings.filter((each) => !scripts.includes(each)))
    await copyFile(path, join(to, basename(path)));
  await chmod(join(to, "local-cloud.mjs"), 0o755);
}

/** Reads the calls of `siblingFile` in the sources, so that no list of these files has to be kept. */
async function siblingFiles(src: string): Promise<readonly string[]> {
  const entries = await readdir(src, { recursive: true, withFileTypes: true });
  const sources = entries.filter((each) => each.isFile() && each.name.endsWith(".ts"));
  const found = sources.map(async ({ parentPath, name }) => {
    const text = await readFile(join(parentPath, name), "utf8");
    const code = text.replaceAll(/^ *(?:\/\*\*|\*|\/\/).*$/gm, "");
    return [...code.matchAll(/\bsiblingFile\("([^"]+)", import\.meta\.url\)/g)].map(([, path = ""]) =>
      join(parentPath, path),
    );
  });
  return (await Promise.all(found)).flat().sort();
}
