import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { bundleLambdas } from "#bundle/bundle-lambdas.ts";
import { bundleTemplates } from "#bundle/bundle-templates.ts";
import { releaseTemplates } from "#templates/index.ts";

/** Makes a folder with these files, which resolves this repository's packages. */
function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "kedge-bundle-"));
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

const pipeline = `
import { CfnPipeline } from "aws-cdk-lib/aws-codepipeline";
import { App, Stack } from "aws-cdk-lib/core";
export const render = () => {
  const stack = new Stack(new App(), "Pipeline");
  new CfnPipeline(stack, "Pipeline", { roleArn: "role", stages: [] });
  return stack.resolve(stack._toCloudFormation()).Resources;
};`;

// esbuild reads the whole core of the CDK, which takes seconds on a busy machine.
describe("a Lambda's bundle", { timeout: 60_000 }, () => {
  it("is the same zip for the same source, in any folder and at any time", async () => {
    const from = join(
      folderOf({ "lambdas/route.ts": `export const handler = async () => "routed";` }),
      "lambdas",
    );
    const [one, two] = await Promise.all([
      bundleLambdas(join(from, "one"), from),
      bundleLambdas(join(from, "two"), from),
    ]);
    expect(one["route"]?.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(two["route"]?.digest).toBe(one["route"]?.digest);
    expect(readFileSync(two["route"]?.zip ?? "")).toEqual(readFileSync(one["route"]?.zip ?? ""));
    expect(JSON.parse(readFileSync(join(from, "one", "manifest.json"), "utf8"))).toEqual({
      route: one["route"]?.digest,
    });
  });

  it("has the same bytes in another time zone", async () => {
    const folder = folderOf({ "in/a.txt": "a" });
    const script = `import { zipFiles } from "#bundle/zip-files.ts"; import { createHash } from "node:crypto";
      console.log(createHash("sha256").update(await zipFiles(${JSON.stringify(join(folder, "in"))})).digest("hex"));`;
    const digests = ["Pacific/Auckland", "America/Los_Angeles"].map(
      (TZ) =>
        spawnSync(process.execPath, ["--input-type=module", "--eval", script], {
          env: { TZ },
          encoding: "utf8",
        }).stdout,
    );
    expect(digests[0]).toMatch(/^[0-9a-f]{64}/);
    expect(digests[1]).toBe(digests[0]);
  });

  it("loads the CDK only when it is imported, without its unused services, and renders the same as the library", async () => {
    const from = folderOf({
      "lambdas/reconcile.ts": `export const handler = async () => (await import("../render.ts")).render();`,
      "render.ts": pipeline,
    });
    const out = join(from, "out");
    await bundleLambdas(out, join(from, "lambdas"));
    const folder = join(out, "reconcile");
    const door = readFileSync(join(folder, "index.mjs"), "utf8");
    expect(door.length).toBeLessThan(2000);
    const bytes = readdirSync(folder).reduce((sum, file) => sum + readFileSync(join(folder, file)).length, 0);
    expect(bytes).toBeLessThan(6_000_000);
    const { handler } = (await import(pathToFileURL(join(folder, "index.mjs")).href)) as {
      handler: () => Promise<unknown>;
    };
    expect(await handler()).toEqual({
      Pipeline: { Type: "AWS::CodePipeline::Pipeline", Properties: { RoleArn: "role", Stages: [] } },
    });
  });

  it("is rejected when it imports the whole of aws-cdk-lib", async () => {
    const from = folderOf({
      "lambdas/route.ts": `import { App } from "aws-cdk-lib"; export const handler = async () => new App();`,
    });
    await expect(bundleLambdas(join(from, "out"), join(from, "lambdas"))).rejects.toThrow(
      "imports the root of aws-cdk-lib, which loads every service: import a submodule",
    );
  });
});

describe("a release template's bundle", { timeout: 60_000 }, () => {
  it("is one module without imports of packages, under its name, version and digest", async () => {
    const to = join(folderOf({}), "templates");
    const bundles = await bundleTemplates(to);
    expect(bundles.map(({ name }) => name)).toEqual(releaseTemplates.map(({ name }) => name).toSorted());
    for (const { name, version, sha256, file } of bundles) {
      expect(file).toBe(join(to, name, version, `${sha256}.mjs`));
      const { template } = (await import(pathToFileURL(file).href)) as {
        template: { readonly name: string; readonly version: string; readonly plan: unknown };
      };
      expect(template).toMatchObject({ name, version, plan: expect.any(Function) });
      const imported = [...readFileSync(file, "utf8").matchAll(/(?:^|;)import[^"]*"([^"]+)"/g)].map(
        ([, from]) => from,
      );
      for (const from of imported) expect(from).toMatch(/^node:/);
    }
    expect(JSON.parse(readFileSync(join(to, "index.json"), "utf8"))).toEqual({
      templates: bundles.map(({ name, version, sha256 }) => ({ name, version, sha256 })),
    });
  });

  it("is rejected when the template's name differs from its folder's", async () => {
    const from = folderOf({
      "templates/tug/template.ts": `export const tug = { name: "barge", version: "1.0.0" };`,
    });
    await expect(bundleTemplates(join(from, "out"), join(from, "templates"))).rejects.toThrow(
      "templates/tug says its name is barge",
    );
  });
});
