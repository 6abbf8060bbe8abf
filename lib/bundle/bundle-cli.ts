/**
 * Bundles the command line into `kedge.mjs` and chunks in `cli/`. It runs on plain Node 20 with nothing else installed, and
 * loads the chunks of the command that is called.
 */
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { banner } from "./bundle-lambdas.ts";
import { iamData } from "./iam-data.ts";

type CliBuild = { readonly root: string; readonly to: string; readonly version: string };

export async function bundleCli({ root, to, version }: CliBuild): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: { kedge: join(root, "bin", "kedge.ts") },
    outdir: to,
    outExtension: { ".js": ".mjs" },
    chunkNames: "cli/[name]-[hash]",
    bundle: true,
    splitting: true,
    minifyWhitespace: true,
    format: "esm",
    platform: "node",
    target: "node20",
    mainFields: ["module", "main"],
    // Bundling compiles TypeScript: the commands that need it say so (bin/input/template-folders.ts).
    external: ["esbuild"],
    define: { KEDGE_VERSION: JSON.stringify(version) },
    banner: { js: banner },
    legalComments: "none",
    logLevel: "silent",
    inject: [join(root, "lib", "bundle", "node-20.ts")],
    plugins: [iamData],
  });
  await chmod(join(to, "kedge.mjs"), 0o755);
}
