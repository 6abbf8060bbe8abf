/** Tests the package action: the published assets and their names, the rewritten template, and the rejections. */
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { packageArtifact } from "#journey/package-artifact.ts";
import { readSmallZip } from "#journey/small-zip.ts";
import { formatKey } from "#release/names/key.ts";
import { errorOf } from "#test/release/samples.ts";
import type { ArtifactFiles } from "#test/support/artifact.ts";
import { job, line, type PipelineFixture, pipelineFixture } from "./pipeline-fixture.ts";

const functionAt = (CodeUri: string) => ({
  Type: "AWS::Serverless::Function",
  Properties: { CodeUri, Handler: "index.handler", Runtime: "nodejs24.x" },
});
const sam = (resources: Readonly<Record<string, object>>) =>
  JSON.stringify({ Transform: "AWS::Serverless-2016-10-31", Resources: resources });
const plain = (resources: Readonly<Record<string, object>>) => JSON.stringify({ Resources: resources });

const shop: ArtifactFiles = {
  "template.yaml": sam({ List: functionAt("functions/list"), Order: functionAt("./functions/order/") }),
  "functions/list/index.js": "exports.list = 1",
  "functions/list/lib/a.js": "1",
  "functions/order/index.js": "exports.order = 1",
  "README.md": "not deployed",
};

type Template = {
  readonly Resources: Readonly<Record<string, { readonly Properties: Record<string, unknown> }>>;
};

/** Each run of the action has an output of its own, as in CodePipeline. */
async function packaged(deps: PipelineFixture, output = "Packaged") {
  const answer = await packageArtifact(deps, job("Release", output));
  const written = await deps.written(output);
  const template = JSON.parse(written["template.json"] ?? "") as Template;
  return {
    answer,
    written,
    property: (id: string, name: string) => template.Resources[id]?.Properties[name],
  };
}

const keyIn = (location: unknown): string => (location as { readonly Key?: string }).Key ?? "";
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const contentsOf = async (bytes: Uint8Array | undefined): Promise<object> =>
  Object.fromEntries(
    [...(await readSmallZip(bytes ?? new Uint8Array(0)))].map(([name, each]) => [
      name,
      Buffer.from(each).toString(),
    ]),
  );

it("refuses a template whose outputs leave no room for Kedge's two", async () => {
  const Outputs = Object.fromEntries(
    Array.from({ length: 199 }, (_, index) => [`O${index}`, { Value: "x" }]),
  );
  const template = { Resources: { Q: { Type: "AWS::SQS::Queue" } }, Outputs };
  const deps = await pipelineFixture({ "template.yaml": JSON.stringify(template) });
  const error = await errorOf(() => packaged(deps));
  expect(error?.code).toBe("TemplateTooLarge");
  expect(error?.message).toContain("199 outputs");
});

describe("local code", () => {
  it("is published as a zip of its folder alone, and its location is written into the template", async () => {
    const deps = await pipelineFixture(shop);
    const { property, answer } = await packaged(deps);
    const key = keyIn(property("List", "CodeUri"));
    expect(key).toMatch(/^parts\/[0-9a-f]{64}\.zip$/);
    expect(await contentsOf(deps.assets.objects.get(key))).toEqual({
      "index.js": "exports.list = 1",
      "lib/a.js": "1",
    });
    expect(answer).toMatchObject({ type: "done", outputs: { Summary: "2 assets, 2 new" } });
  });

  it("is not sent again when its content did not change, whenever it was packed", async () => {
    const deps = await pipelineFixture(shop);
    const before = await packaged(deps);
    const changed = { ...shop, "functions/order/index.js": "exports.order = 2" };
    await deps.upload(changed, { mtime: new Date("2030-01-01") });
    const after = await packaged(deps, "PackagedAgain");
    expect(after.answer).toMatchObject({ outputs: { Summary: "2 assets, 1 new" } });
    expect(after.property("List", "CodeUri")).toEqual(before.property("List", "CodeUri"));
    expect(after.property("Order", "CodeUri")).not.toEqual(before.property("Order", "CodeUri"));
  });

  it("is another asset when a file becomes executable", async () => {
    const deps = await pipelineFixture(shop, { mode: 0o100644 });
    const before = await packaged(deps);
    await deps.upload(shop, { mode: 0o100755 });
    const after = await packaged(deps, "PackagedAgain");
    expect(after.property("List", "CodeUri")).not.toEqual(before.property("List", "CodeUri"));
  });

  it("has the SHA-256 of its bytes as its name, and its version is in the template", async () => {
    const deps = await pipelineFixture(shop);
    const { property, written } = await packaged(deps);
    const records = JSON.parse(written["parts.json"] ?? "");
    for (const id of ["List", "Order"]) {
      const { Bucket, Key, Version } = property(id, "CodeUri") as Readonly<Record<string, string>>;
      const bytes = deps.assets.objects.get(Key ?? "") ?? new Uint8Array(0);
      expect([Bucket, Key]).toEqual(["parts", `parts/${sha256(bytes)}.zip`]);
      const stored = { key: Key, versionId: Version, sha256: sha256(bytes), size: bytes.length };
      expect(records).toContainEqual({ pinned: true, regions: { "us-east-1": stored } });
    }
  });

  it("is refused when the cache has other bytes under its name", async () => {
    const deps = await pipelineFixture(shop);
    const key = keyIn((await packaged(deps)).property("List", "CodeUri"));
    deps.assets.overwrite(key, Buffer.from("EVIL"));
    const error = await errorOf(() => packaged(deps));
    expect(error?.code).toBe("AssetAltered");
    expect(error?.message).toContain(`s3://parts/${key} has in its version`);
    expect(error?.message).toContain(`the SHA-256 ${sha256(Buffer.from("EVIL"))} and 4 bytes`);
  });

  it("is used when another release stored the same bytes at the same time", async () => {
    const deps = await pipelineFixture(shop);
    const faster = {
      ...deps.assets,
      putOnce: async (...given: Parameters<typeof deps.assets.putOnce>) => {
        await deps.assets.putOnce(...given);
        return deps.assets.putOnce(...given);
      },
    };
    const answer = await packageArtifact({ ...deps, assets: faster }, job("Release", "Packaged"));
    expect(answer).toMatchObject({ outputs: { Summary: "2 assets, 0 new" } });
  });

  it("is published as it is when it is an archive already", async () => {
    const archive = Buffer.from("PK pretend");
    const deps = await pipelineFixture({
      "template.yaml": sam({ F: functionAt("build/app.jar") }),
      "build/app.jar": archive,
    });
    const { property } = await packaged(deps);
    const key = keyIn(property("F", "CodeUri"));
    expect(key).toBe(`parts/${createHash("sha256").update(archive).digest("hex")}.jar`);
    expect(deps.assets.objects.get(key)).toEqual(archive);
  });

  it("packs a single file for a property that wants a zip", async () => {
    const deps = await pipelineFixture({
      "template.yaml": sam({ F: functionAt("src/app.py") }),
      "src/app.py": "x = 1",
    });
    const { property } = await packaged(deps);
    expect(await contentsOf(deps.assets.objects.get(keyIn(property("F", "CodeUri"))))).toEqual({
      "app.py": "x = 1",
    });
  });

  it("is one asset when it is named twice", async () => {
    const deps = await pipelineFixture({
      "template.yaml": sam({ A: functionAt("src"), B: functionAt("src") }),
      "src/index.js": "1",
    });
    expect((await packaged(deps)).answer).toMatchObject({ outputs: { Summary: "1 asset, 1 new" } });
  });

  it("copies all of its files when they are far apart in the artifact", async () => {
    const ballast = Buffer.alloc(1_500_000, 3);
    const files: Record<string, string | Uint8Array> = { "template.yaml": sam({ F: functionAt("src") }) };
    for (let index = 0; index < 40; index += 1) {
      files[`src/${index}.txt`] = `file ${index}`;
      if (index % 15 === 0) files[`ballast/${index}`] = ballast;
    }
    const deps = await pipelineFixture(files, { compress: false });
    const { property } = await packaged(deps);
    const contents = await contentsOf(deps.assets.objects.get(keyIn(property("F", "CodeUri"))));
    expect(Object.keys(contents)).toHaveLength(40);
    expect(contents).toMatchObject({ "0.txt": "file 0", "39.txt": "file 39" });
  });
});

describe("nested templates", () => {
  const nested = (url: string) => ({ Type: "AWS::CloudFormation::Stack", Properties: { TemplateURL: url } });
  const code = (path: string) => ({ Type: "AWS::Lambda::Function", Properties: { Code: path, Role: "r" } });

  it("resolves the paths of a nested template relative to that template", async () => {
    const deps = await pipelineFixture({
      "template.yaml": plain({ Inner: nested("nested/inner.yaml") }),
      "nested/inner.yaml": plain({ F: code("../src") }),
      "src/index.js": "1",
    });
    const { property } = await packaged(deps);
    const url = String(property("Inner", "TemplateURL"));
    expect(url).toMatch(
      /^https:\/\/parts\.s3\.us-east-1\.amazonaws\.com\/parts\/[0-9a-f]{64}\.template\?versionId=[\w.-]+$/,
    );
    const inner = deps.assets.objects.get(url.slice(url.indexOf("parts/"), url.indexOf("?")));
    const location = (JSON.parse(Buffer.from(inner ?? []).toString()) as Template).Resources["F"]?.Properties[
      "Code"
    ];
    expect(location).toMatchObject({ S3Bucket: "parts", S3Key: expect.stringMatching(/^parts\/.*\.zip$/) });
  });

  it("rejects templates that contain themselves", async () => {
    const deps = await pipelineFixture({
      "template.yaml": plain({ A: nested("a.yaml") }),
      "a.yaml": plain({ B: nested("b.yaml") }),
      "b.yaml": plain({ A: nested("a.yaml") }),
    });
    const error = await errorOf(() => packaged(deps));
    expect(error?.code).toBe("ReferenceMalformed");
    expect(error?.message).toContain("a.yaml → b.yaml → a.yaml");
  });
});

describe("a reference that cannot be packaged", () => {
  it.each([
    ["src/missing", "ReferenceMissing"],
    ["../outside", "ReferenceMalformed"],
    ["/etc/passwd", "ReferenceMalformed"],
  ])(
    "a reference to %s ends in %s with its place in the template, and nothing is published",
    async (path, code) => {
      const deps = await pipelineFixture({
        "template.yaml": sam({ F: functionAt(path) }),
        "src/index.js": "1",
      });
      const error = await errorOf(() => packaged(deps));
      expect(error?.code).toBe(code);
      expect(error?.message).toContain("Resources.F.Properties.CodeUri");
      expect(error?.message).toContain(path);
      expect(deps.assets.objects.size).toBe(0);
      expect(deps.jobArtifacts.objects.has("Packaged")).toBe(false);
    },
  );
});

describe("the output of the package action", () => {
  it("has version and digest of exactly the artifact that was read", async () => {
    const deps = await pipelineFixture(shop);
    const artifact = await deps.artifacts.newest(formatKey(line));
    if (artifact === undefined) throw new TypeError("Nothing was uploaded.");
    const bytes = await deps.artifacts.reader(artifact).read(0, artifact.size);
    const digest = createHash("sha256").update(bytes).digest("hex");
    const { answer, written } = await packaged(deps);
    expect(answer).toMatchObject({ outputs: { ArtifactVersion: artifact.versionId, Digest: digest } });
    expect(written["digest.txt"]).toBe(digest);
  });

  it("has the parameters of each environment, whose own file wins over the shared one", async () => {
    const deps = await pipelineFixture({
      "template.yaml": JSON.stringify({
        Parameters: { A: { Type: "String" }, B: { Type: "String" } },
        Resources: { T: { Type: "AWS::SNS::Topic" } },
      }),
      "parameters.json": JSON.stringify({ A: "shared", B: "shared" }),
      "parameters/prod.json": JSON.stringify({ Parameters: { B: "prod" }, Tags: { team: "shop" } }),
    });
    const { written } = await packaged(deps);
    expect(JSON.parse(written["parameters/dev.json"] ?? "")).toEqual({
      Parameters: { A: "shared", B: "shared" },
      Tags: {},
    });
    expect(JSON.parse(written["parameters/prod.json"] ?? "")).toEqual({
      Parameters: { A: "shared", B: "prod" },
      Tags: { team: "shop" },
    });
  });
});

describe("an entry that is not what the directory says", () => {
  it("fails the release before anything is published when an entry's content is not what the directory says", async () => {
    const deps = await pipelineFixture(shop, { compress: false });
    const artifact = await deps.artifacts.newest(formatKey(line));
    const bytes = Buffer.from(await deps.artifacts.reader(artifact ?? deps.release.artifact).read(0, 1e6));
    bytes.write("exports.EVIL", bytes.indexOf("exports.list"));
    const tampered = {
      ...deps,
      artifacts: {
        ...deps.artifacts,
        stream: async function* () {
          yield bytes;
        },
      },
    };
    expect((await errorOf(() => packageArtifact(tampered, job("Release", "Packaged"))))?.code).toBe(
      "ZipChecksum",
    );
    expect(deps.assets.objects.size).toBe(0);
  });
});
