/** Tests `kedge traits`, which shows a team its traits before an upload. */
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { kedge } from "#test/support/kedge.ts";

const line = ["--account", "111111111111", "--app", "orders", "--branch", "main"];
const estate = ["--estate", "examples/estate.yml"];

async function inFolder<Made>(from: string, use: (folder: string) => Promise<Made>): Promise<Made> {
  const folder = await mkdtemp(join(tmpdir(), "kedge-traits-"));
  try {
    await cp(from, folder, { recursive: true });
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test("check shows the parsed traits, and why each environment is reached or not", async () => {
  const { code, stdout, stderr } = await kedge([
    "traits",
    "check",
    "examples/orders-traits",
    ...estate,
    ...line,
  ]);
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toContain(
    "Traits from .traits/build.yml, .traits/deployment.yml, for the template cloudformation.",
  );
  expect(stdout).toContain('VisibilitySeconds: "300"');
  expect(stdout).toMatch(/✔ dev +The branch fits \*\*\. The traits' environments have dev\./);
  expect(stdout).toMatch(
    /– qa +The branch fits main\. The traits' environments are dev, prod\*; it has qa\./,
  );
});

test("check prints the same as JSON with --json, and needs no estate to check the files", async () => {
  const { code, stdout } = await kedge(["traits", "check", "examples/orders-traits", "--json"]);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    template: "cloudformation",
    reasons: expect.arrayContaining(["The traits ask for cloudformation@^1."]),
    traits: expect.objectContaining({ family: "services" }),
  });
});

test("check rejects traits that an upload would be rejected for, with their place in the file", async () => {
  await inFolder("examples/orders-traits", async (folder) => {
    await writeFile(join(folder, ".traits/deployment.yml"), "eligibility:\n  environments: [live]\n");
    const { code, stderr } = await kedge(["traits", "check", folder, ...estate, ...line]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^kedge: UnknownEnvironment: /);
    expect(stderr).toContain(".traits/deployment.yml, line 2, column 18");
  });
});

test("check ends as rejected when no environment is left, after it has said why", async () => {
  const branch = ["--account", "111111111111", "--app", "orders", "--branch", "x"];
  await inFolder("examples/orders-traits", async (folder) => {
    await writeFile(join(folder, ".traits/deployment.yml"), "eligibility:\n  environments: prod\n");
    const { code, stdout, stderr } = await kedge(["traits", "check", folder, ...estate, ...branch]);
    expect(code).toBe(2);
    expect(stdout).toMatch(/– dev +The branch fits \*\*\. The traits' environments are prod/);
    expect(stderr).toContain("NoEligibleEnvironment");
  });
});

test("init writes files that mean no more than the detected traits, and never overwrites files", async () => {
  await inFolder("examples/quote-lambda", async (folder) => {
    await rm(join(folder, ".traits"), { recursive: true });
    expect((await kedge(["traits", "init", folder])).code).toBe(0);
    const { stdout } = await kedge(["traits", "check", folder, "--json"]);
    const { traits } = JSON.parse(stdout);
    expect(traits).toMatchObject({ template: { name: "lambda-function" }, settings: {}, byEnvironment: {} });
    const build = join(folder, ".traits/build.yml");
    expect(await readFile(build, "utf8")).toMatch(/^# yaml-language-server: \$schema=build\.schema\.json\n/);

    const again = await kedge(["traits", "init", folder]);
    expect([again.code, again.stderr]).toEqual([64, expect.stringContaining("--force overwrites it")]);

    const schema = JSON.parse(await readFile(join(folder, ".traits/build.schema.json"), "utf8"));
    const validate = new Ajv2020({ allowUnionTypes: true }).compile(schema);
    expect(validate(parse(await readFile(build, "utf8")))).toBe(true);
    expect(validate({ settings: { memory: 256 } })).toBe(true);
    expect(validate({ settings: { memry: 256 } })).toBe(false);
  });
});
