/** The published schemas take what is read, and editors refuse what would be refused. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { schemas } from "#release/line/schemas.ts";

const ajv = new Ajv2020({ allowUnionTypes: true });
const validator = (file: string) => ajv.compile(schemas[`traits-${file}.schema.json`] ?? false);
const validators = { build: validator("build"), deployment: validator("deployment") };

const written = readdirSync("examples").flatMap((example) =>
  (["build", "deployment"] as const)
    .map((file) => ({ file, path: `examples/${example}/.traits/${file}.yml` }))
    .filter(({ path }) => existsSync(path)),
);

describe("the schemas of traits", () => {
  it.each(written)("the schemas of traits accept $path", ({ file, path }) => {
    const validate = validators[file];
    validate(parse(readFileSync(path, "utf8"), { merge: true }));
    expect(validate.errors).toBeNull();
  });

  it.each([
    ["build", "template: Sam"],
    ["build", "tmplate: sam"],
    ["deployment", "eligibility: { provider: gcp }"],
    ["deployment", "strategy: { type: canary, steps: [0] }"],
    ["deployment", "parameters: { A: { b: c } }"],
    ["deployment", "environments: { dev: { publish: {} } }"],
  ] as const)("the schemas of traits reject in %s.yml: %s", (file, text) => {
    expect(validators[file](parse(text))).toBe(false);
  });
});
