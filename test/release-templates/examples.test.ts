import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readTemplate } from "#release/document/template-document.ts";
import { parseEstate } from "#release/estate/estate-parse.ts";
import { archivePath, localReferences } from "#release/stack/local-reference.ts";
import { checkParameters, mergeParameters, noParameters, readParameters } from "#release/stack/parameters.ts";
import { planRelease } from "#release/template/dispatch.ts";
import { inspectArtifact } from "#release/template/inspect.ts";
import { bytesReader } from "#release/zip/range-reader.ts";
import { writeZip } from "#release/zip/zip-write.ts";
import { artifact } from "#test/release/line/observations.ts";
import { codeOf, loadedTemplates, shop } from "#test/release/samples.ts";

const estate = parseEstate(readFileSync("examples/estate.yml", "utf8"));
const environments = ["dev", "qa", "prod"];

const filesOf = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => name.replaceAll("\\", "/"))
    .sort();

const templateOf = (example: string, path: string) =>
  readTemplate(readFileSync(join("examples", example, path), "utf8"), path);

function inspectExample(example: string) {
  const folder = join("examples", example);
  const zip = writeZip(filesOf(folder).map((name) => ({ name, content: readFileSync(join(folder, name)) })));
  return inspectArtifact({
    reader: bytesReader(zip),
    templates: loadedTemplates,
    environments,
    limits: estate.limits,
  });
}

const examples = [
  ["shop-sam", "sam", "script"],
  ["shop-sam-v2", "sam", "script"],
  ["ledger-cloudformation", "cloudformation", "none"],
  ["broken-in-qa", "cloudformation", "none"],
] as const;

describe.each(examples)("the example %s", (example, template, smoke) => {
  it("is deployed by the release template that it demonstrates", async () => {
    const inspection = await inspectExample(example);
    expect([inspection.template.template.name, inspection.manifest.smoke.kind]).toEqual([template, smoke]);
    const { plan } = planRelease({ estate, line: shop, artifact: artifact("v1"), inspection });
    expect(plan.targets.map(({ environment }) => environment)).toEqual(environments);
  });

  it("has every file to which its templates refer", async () => {
    const { entries, manifest } = await inspectExample(example);
    const document = templateOf(example, manifest.entry);
    const names = entries.map(({ name }) => name);
    for (const reference of localReferences(document)) {
      const path = archivePath(manifest.entry, reference);
      expect(
        names.some((name) => name === path || name.startsWith(`${path}/`)),
        path,
      ).toBe(true);
      if (reference.kind === "template") {
        expect(templateOf(example, path)).toHaveProperty("Resources");
      }
    }
  });

  it.each(environments)("has the parameters that %s needs", async (environment) => {
    const { manifest } = await inspectExample(example);
    const document = templateOf(example, manifest.entry);
    const { shared, byEnvironment } = manifest.parameters;
    const read = (path: string | undefined) =>
      path === undefined
        ? noParameters
        : readParameters(readFileSync(join("examples", example, path), "utf8"), path);
    const parameters = mergeParameters(read(shared), read(byEnvironment[environment]));
    expect(await codeOf(() => checkParameters([document], parameters, environment))).toBe("no error");
  });
});

describe("the second version of the shop", () => {
  it("differs from the first version in one function only", () => {
    const [one, two] = ["examples/shop-sam", "examples/shop-sam-v2"].map(filesOf);
    expect(two).toEqual(one);
    const content = (version: string, name: string) => readFileSync(join("examples", version, name), "utf8");
    const changed = (one ?? []).filter((name) => content("shop-sam", name) !== content("shop-sam-v2", name));
    expect(changed).toEqual(["functions/list-products/index.js"]);
  });
});

describe("the shop's smoke test", () => {
  const outputs = { ApiUrl: "https://x/live", ListProductsName: "a", PlaceOrderName: "b", OrdersTable: "c" };
  const run = (env: Record<string, string>) => () =>
    execFileSync("sh", ["examples/shop-sam/smoke-test.sh"], {
      env: { PATH: "/bin:/usr/bin", ...env },
      stdio: "pipe",
    });

  it("passes with the outputs of the stack", () => {
    expect(run(outputs)().toString()).toContain("exists: c");
  });

  it.each(["ApiUrl", "OrdersTable"])("fails when %s is empty", (name) => {
    expect(run({ ...outputs, [name]: "" })).toThrow();
  });
});
