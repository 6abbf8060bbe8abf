/**
 * Resolves the product's YAML parser to its ES modules, so a bundle loads only the modules it uses. The Node
 * build of `yaml` is CommonJS and loads as a whole: a tenth of every cold start.
 */
import { createRequire } from "node:module";
import { dirname, join, sep } from "node:path";
import type { Plugin } from "esbuild";

const found = createRequire(import.meta.url).resolve("yaml/package.json");
const modules = join(dirname(found), "browser", "index.js");

export const yamlModules: Plugin = {
  name: "yaml-modules",
  setup(build) {
    // Packages may depend on another version of the parser.
    build.onResolve({ filter: /^yaml$/ }, ({ importer }) =>
      importer.includes(`${sep}node_modules${sep}`) ? undefined : { path: modules },
    );
  },
};
