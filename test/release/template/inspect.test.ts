import { describe, expect, it } from "vitest";
import { type Inspection, inspectArtifact } from "#release/template/inspect.ts";
import { defaultLimits } from "#release/zip/limits.ts";
import { bytesReader, type RangeReader } from "#release/zip/range-reader.ts";
import { writeZip, type ZipContent } from "#release/zip/zip-write.ts";
import { codeOf, errorOf, loadedTemplates } from "#test/release/samples.ts";

const plain = "Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n";
const serverless = `Transform: AWS::Serverless-2016-10-31\n${plain}`;

const inspect = (reader: RangeReader, templates = loadedTemplates): Promise<Inspection> =>
  inspectArtifact({ reader, templates, environments: ["dev", "qa", "prod"], limits: defaultLimits });

const zipOf = (files: Readonly<Record<string, string>>): Uint8Array =>
  writeZip(Object.entries(files).map(([name, content]): ZipContent => ({ name, content })));
const inspectFiles = (files: Readonly<Record<string, string>>) => inspect(bytesReader(zipOf(files)));

describe("choosing a release template", () => {
  it.each([
    ["a SAM template at the top", { "template.yaml": serverless }, "sam", "template.yaml"],
    ["a plain template at the top", { "template.yml": plain }, "cloudformation", "template.yml"],
    [
      "a template in JSON",
      { "template.json": '{"Resources":{"A":{"Type":"AWS::SNS::Topic"}}}' },
      "cloudformation",
      "template.json",
    ],
    ["another usual name", { "stack.yaml": plain }, "cloudformation", "stack.yaml"],
    ["a .template file", { "shop.template": plain }, "cloudformation", "shop.template"],
    [
      "the output of sam build beside its source",
      { "template.yaml": serverless, ".aws-sam/build/template.yaml": serverless },
      "sam",
      ".aws-sam/build/template.yaml",
    ],
    [
      "the output of sam package beside its source",
      { "template.yaml": serverless, "packaged.yaml": serverless },
      "sam",
      "packaged.yaml",
    ],
    [
      "a zip made of a folder",
      { "shop/template.yaml": plain, "shop/x.txt": "" },
      "cloudformation",
      "shop/template.yaml",
    ],
    [
      "nested templates below",
      { "template.yaml": plain, "nested/template.yaml": plain },
      "cloudformation",
      "template.yaml",
    ],
  ])("finds %s", async (_, files, name, path) => {
    const { template, manifest } = await inspectFiles(files as unknown as Record<string, string>);
    expect([template.template.name, manifest.entry]).toEqual([name, path]);
  });

  it("gives the reasons of all", async () => {
    const { reasons } = await inspectFiles({ "template.yaml": serverless });
    const has = "template.yaml has the transform AWS::Serverless-2016-10-31.";
    expect(reasons.slice(0, 3)).toEqual([
      { kind: "fits", sentence: `sam fits: ${has}` },
      { kind: "unfit", sentence: `cloudformation does not fit: ${has}` },
      {
        kind: "unfit",
        sentence: expect.stringMatching(/^cdk does not fit: it looks for the output of cdk synth/),
      },
    ]);
  });

  it.each([
    ["no template", { "notes.txt": "" }, "NoTemplateFits"],
    ["an empty zip", {}, "NoTemplateFits"],
    [
      "two templates of the same rank",
      { "template.yaml": plain, "template.json": '{"Resources":{"A":{"Type":"AWS::SNS::Topic"}}}' },
      "SeveralTemplatesFit",
    ],
    [
      "two folders with templates",
      { "a/template.yaml": plain, "b/template.yaml": plain },
      "SeveralTemplatesFit",
    ],
    [
      "serverless types without the transform",
      { "template.yaml": "Resources:\n  F:\n    Type: AWS::Serverless::Function\n" },
      "NoTemplateFits",
    ],
    ["a template that is none", { "template.yaml": "<html>" }, "TemplateMalformed"],
    ["a template that is no text", { "template.yaml": "\u0000\ufffd" }, "TemplateMalformed"],
    [
      "a template beyond the limit",
      { "template.yaml": `# ${"x".repeat(1024 * 1024)}\n${plain}` },
      "TemplateTooLarge",
    ],
  ])("fails for %s", async (_, files, code) => {
    expect(await codeOf(() => inspectFiles(files as unknown as Record<string, string>))).toBe(code);
  });

  it("fails when two release templates fit the artifact", async () => {
    const twins = loadedTemplates.flatMap((loaded) => [loaded, loaded]);
    const error = await errorOf(() => inspect(bytesReader(zipOf({ "template.yaml": plain })), twins));
    expect(error?.code).toBe("SeveralTemplatesFit");
  });

  it("names the files of the artifact and the release templates", async () => {
    const error = await errorOf(() => inspectFiles({ "notes.txt": "", "a.js": "" }));
    expect(error?.message).toMatch(
      /^The artifact has "notes.txt", "a.js"\. No release template knows one of these files\. There are: sam, cloudformation, /,
    );
    expect((await errorOf(() => inspectFiles({})))?.message).toBe("The artifact has no files.");
  });

  it("rejects an artifact above the size limit without reading it", async () => {
    const reader: RangeReader = { size: 6 * 1024 ** 3, read: () => Promise.reject(new RangeError("read")) };
    expect(await codeOf(() => inspect(reader))).toBe("ArtifactTooLarge");
  });
});

describe("the number of ranges of an inspection", () => {
  async function rangesOf(zip: Uint8Array): Promise<readonly number[]> {
    const lengths: number[] = [];
    const read = async (start: number, end: number): Promise<Uint8Array> => {
      lengths.push(end - start);
      return zip.subarray(start, end);
    };
    await inspect({ size: zip.length, read });
    return lengths;
  }
  const filler = (kilobytes: number): string => "0123456789abcdef".repeat(kilobytes * 64);

  it("is one range for a small artifact", async () => {
    expect(await rangesOf(zipOf({ "template.yaml": plain, "src/index.js": "" }))).toHaveLength(1);
  });

  it("is two ranges for a large one, and does not grow with it", async () => {
    const sum = async (kilobytes: number) => {
      const ranges = await rangesOf(zipOf({ "template.yaml": plain, "src/data": filler(kilobytes) }));
      expect(ranges).toHaveLength(2);
      return ranges.reduce((total, length) => total + length, 0);
    };
    expect(await sum(20_000)).toBe(await sum(1000));
  });

  it("is three ranges for one of many files, and never more", async () => {
    const many = Array.from({ length: 2000 }, (_, index) => [`src/${"n".repeat(80)}${index}`, "x"] as const);
    const files = { "template.yaml": plain, "src/data": filler(500), ...Object.fromEntries(many) };
    expect(await rangesOf(zipOf(files))).toHaveLength(3);
  });
});

describe("the manifest", () => {
  it("lists parameter files by environment, beside the template", async () => {
    const { manifest } = await inspectFiles({
      "template.yaml": plain,
      "parameters.json": "{}",
      "parameters.dev.json": "{}",
      "parameters/prod.json": "{}",
      "parameters/README.md": "",
      "src/parameters/elsewhere.json": "",
    });
    expect(manifest.parameters).toEqual({
      shared: "parameters.json",
      byEnvironment: { dev: "parameters.dev.json", prod: "parameters/prod.json" },
    });
  });

  it("reads the folder of the application at any path", async () => {
    const inFolder = await inspectFiles({
      "shop/template.yaml": plain,
      "shop/parameters.json": "{}",
      "shop/smoke-test.sh": "",
    });
    expect(inFolder.manifest.parameters.shared).toBe("shop/parameters.json");
    expect(inFolder.manifest.smoke).toEqual({ kind: "script", path: "shop/smoke-test.sh" });
    const built = await inspectFiles({ ".aws-sam/build/template.yaml": serverless, "parameters.json": "{}" });
    expect(built.manifest.parameters.shared).toBe("parameters.json");
  });

  it.each([
    [{ "parameters.staging.json": "{}" }, "UnknownEnvironment"],
    [{ "parameters/staging.json": "{}" }, "UnknownEnvironment"],
    [{ "parameters.dev.json": "{}", "parameters/dev.json": "{}" }, "ParametersMalformed"],
  ])("is rejected with %j", async (files, code) => {
    const all = { "template.yaml": plain, ...files } as unknown as Record<string, string>;
    expect(await codeOf(() => inspectFiles(all))).toBe(code);
  });

  it("prefers a buildspec to a script", async () => {
    const { manifest } = await inspectFiles({
      "template.yaml": plain,
      "smoke-test.sh": "",
      "buildspec.smoke.yml": "",
    });
    expect(manifest.smoke).toEqual({ kind: "buildspec", path: "buildspec.smoke.yml" });
  });

  it("requires CAPABILITY_AUTO_EXPAND only for transforms and nested stacks", async () => {
    const capabilities = async (template: string) =>
      (await inspectFiles({ "template.yaml": template })).manifest.capabilities.includes(
        "CAPABILITY_AUTO_EXPAND",
      );
    expect(await capabilities(plain)).toBe(false);
    expect(await capabilities(serverless)).toBe(true);
    expect(await capabilities("Resources:\n  N:\n    Type: AWS::CloudFormation::Stack\n")).toBe(true);
  });
});
