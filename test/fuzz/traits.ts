/**
 * Fuzzes the traits parser: it returns traits or rejects with the file name, and reads the same text the
 * same.
 */

import { ReleaseError } from "#release/errors/errors.ts";
import { canonicalJson } from "#release/names/digest.ts";
import { traitsPaths } from "#release/traits/traits-files.ts";
import { readTraits } from "#release/traits/traits-read.ts";
import { traitsFiles } from "./examples.ts";
import { tokens } from "./mutate.ts";
import { Broken, type Target } from "./target.ts";

const environments = ["dev", "qa", "prod"];

export const traits: Target = {
  name: "traits",
  corpus: traitsFiles,
  mutations: [
    tokens([
      "environments: ",
      "settings: ",
      "template: ",
      "branches: ",
      "- ",
      ": ",
      "\n",
      "  ",
      "~",
      "null",
      "__proto__: 1\n",
    ]),
    tokens([
      "[",
      "]",
      "{",
      "}",
      "&a ",
      "*a",
      "!!x ",
      "'",
      '"',
      "---\n",
      "0x1",
      "1e999",
      "-1",
      ".nan",
      "2026-01-01",
    ]),
  ],
  check: (input) => {
    const text = new TextDecoder().decode(input);
    for (const file of [".traits/build.yml", ".traits/deployment.yml", "package.json"]) {
      const read = () => readTraits(traitsPaths([file]), new Map([[file, text]]), environments).traits;
      try {
        const [first, second] = [canonicalJson(read()), canonicalJson(read())];
        if (first !== second) throw new Broken("read twice, they are other traits");
      } catch (error) {
        if (!(error instanceof ReleaseError) || error.move !== "rejected") throw error;
        if (!error.message.includes(file)) throw new Broken(`no file is named: ${error.message}`);
      }
    }
  },
};
