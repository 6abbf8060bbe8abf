/**
 * The product's YAML parser as ES modules, of which the doors load what they use. What `yaml` is for Node is CommonJS,
 * loaded whole: a tenth of every cold start.
 */
import { createRequire } from "node:module";
import { dirname, join, sep } from "node:path";
import type { Plugin } from "esbuild";

const found = createRequire(import.meta.url).resolve("yaml/package.json");
const modules = join(dirname(found), "browser", "index.js");

export const yamlModules: Plugin = {
  name: "yaml-modules",
  setup(build) {
    // Packages have parsers of their own version.
    build.onResolve({ filter: /^yaml$/ }, ({ importer }) =>
      importer.includes(`${sep}node_modules${sep}`) ? undefined : { path: modules },
    );
  },
};
