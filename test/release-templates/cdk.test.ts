/** What a cloud assembly is deployed as: which stacks go where, in which order, and what becomes of their templates. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { resourcesOf, type TemplateDocument } from "#release/document/template-document.ts";
import { noTraits } from "#release/traits/traits.ts";
import { stacksFor } from "#templates/cdk/stacks-for.ts";
import { cdk } from "#templates/cdk/template.ts";
import { errorOf, manifest, shop, shopTargets, target } from "#test/release/samples.ts";
import { expectGolden, goldenCases } from "#test/support/golden.ts";

type Files = Readonly<Record<string, string>>;

const sample: Files = Object.fromEntries(
  readdirSync("examples/cdk-orders", { recursive: true, encoding: "utf8" })
    .filter((name) => statSync(join("examples/cdk-orders", name)).isFile())
    .map((name) => [name, readFileSync(join("examples/cdk-orders", name), "utf8")]),
);

/** The manifest of an artifact, as inspection makes it. */
function read(files: Files, path = "cdk.out/manifest.json") {
  const names = Object.keys(files);
  const first = { names, path, text: files[path] ?? "", document: () => ({}), files: new Map() };
  const wanted = cdk.reads?.(first) ?? [];
  const evidence = { ...first, files: new Map(wanted.map((name) => [name, files[name] ?? ""])) };
  const facts = cdk.describe?.(evidence, { environments: ["dev", "qa", "prod"] }).facts ?? {};
  return { ...manifest, entry: path, facts, smoke: { kind: "none" } as const };
}

async function assemble(files: Files, images: Readonly<Record<string, string>> = {}) {
  const made = await cdk.assemble?.({
    line: shop,
    manifest: { ...read(files), traits: { ...noTraits, settings: { images } } },
    targets: shopTargets,
    names: Object.keys(files),
    text: async (path) => files[path] ?? "",
  });
  return Object.fromEntries((made?.stacks ?? []).map((stack) => [stack.id, stack]));
}

const stack = (more: object = {}, properties: object = {}) => ({
  type: "aws:cloudformation:stack",
  environment: "aws://unknown-account/unknown-region",
  properties: { templateFile: "t.json", ...properties },
  ...more,
});
const assembly = (artifacts: object, more: object = {}): Files => ({
  "cdk.out/manifest.json": JSON.stringify({ version: "48.0.0", artifacts, ...more }),
  "cdk.out/t.json": JSON.stringify({ Resources: { It: { Type: "AWS::SNS::Topic" } } }),
});
const withAssets = (template: TemplateDocument, assets: object, properties: object = {}): Files => ({
  ...assembly({
    App: stack({ dependencies: ["App.assets"] }, properties),
    "App.assets": { type: "cdk:asset-manifest", properties: { file: "App.assets.json" } },
  }),
  "cdk.out/t.json": JSON.stringify(template),
  "cdk.out/App.assets.json": JSON.stringify(assets),
});

describe("the plan of the sample", () => {
  it.each(goldenCases)("equals the golden plan for $name", (one) => expectGolden("cdk-orders", one));
});

describe("a cloud assembly", () => {
  it("reads the stacks of a web app from its manifest", () => {
    const evidence = { names: [], path: "manifest.json", document: () => ({}), files: new Map() };
    const app = JSON.stringify({ name: "Shop", version: "1", start_url: "/", icons: [] });
    expect(cdk.detect({ ...evidence, text: app }).fits).toBe(false);
    expect(cdk.detect({ ...evidence, text: "no JSON" }).fits).toBe(false);
    expect(cdk.detect({ ...evidence, text: sample["cdk.out/manifest.json"] ?? "" }).fits).toBe(true);
  });

  it("rejects an assembly with missing context, and names it", async () => {
    const files = assembly(
      { App: stack() },
      { missing: [{ key: "vpc-provider:account=1", provider: "vpc-provider" }] },
    );
    const error = await errorOf(() => read(files));
    expect([error?.code, error?.message]).toEqual([
      "AssemblyUnsupported",
      expect.stringContaining("vpc-provider:account=1"),
    ]);
  });

  it("rejects two stacks of one id", async () => {
    const files = assembly({
      A: stack({ displayName: "OrdersApi" }),
      B: stack({ displayName: "orders/api" }),
    });
    expect((await errorOf(() => read(files)))?.message).toMatch(/OrdersApi and orders\/api/);
  });

  it("gives long names ids that fit and differ", () => {
    const long = "Production/OrdersAndShipmentsStack";
    const { facts } = read(
      assembly({ A: stack({ displayName: `${long}One` }), B: stack({ displayName: `${long}Two` }) }),
    );
    const ids = (facts["stacks"] as unknown as readonly { id: string }[]).map(({ id }) => id);
    for (const id of ids) expect(id).toMatch(/^production-orde[a-z-]*-[a-z2-7]{6}$/);
    expect(new Set(ids).size).toBe(2);
  });
});

describe("a CDK stack", () => {
  const [dev, prod] = [target("dev", "222222222222"), target("prod", "444444444444")];
  const idsFor = (files: Files, where = dev) => stacksFor(read(files), where).map(({ id }) => id);

  it("goes only to the environment with the name of its stage, in any letter case", () => {
    const inner = JSON.stringify({ version: "48.0.0", artifacts: { X: stack({ displayName: "Prod/X" }) } });
    const nested = {
      type: "cdk:cloud-assembly",
      properties: { directoryName: "assembly-Prod", displayName: "Prod" },
    };
    const files = {
      ...assembly({ App: stack(), Prod: nested }),
      "cdk.out/assembly-Prod/manifest.json": inner,
    };
    expect([idsFor(files), idsFor(files, prod)]).toEqual([["app"], ["app", "prod-x"]]);
  });

  it("goes to every environment when its stage has another name", () => {
    const inner = JSON.stringify({ version: "48.0.0", artifacts: { X: stack({ displayName: "Web/X" }) } });
    const nested = {
      type: "cdk:cloud-assembly",
      properties: { directoryName: "assembly-Web", displayName: "Web" },
    };
    const files = { ...assembly({ Web: nested }), "cdk.out/assembly-Web/manifest.json": inner };
    expect(idsFor(files)).toEqual(["web-x"]);
  });

  it("goes only to its own account and region", async () => {
    const files = assembly({ Prod: stack({ environment: "aws://444444444444/us-east-1" }) });
    expect(idsFor(files, prod)).toEqual(["prod"]);
    const error = await errorOf(() => idsFor(files));
    expect(error?.message).toMatch(/no stack for dev .*Prod is for account 444444444444, region us-east-1/);
  });

  it("is rejected when it needs a stack of another location", async () => {
    const away = stack({ environment: "aws://unknown-account/eu-west-1" });
    const files = assembly({ Away: away, Here: stack({ dependencies: ["Away"] }) });
    expect((await errorOf(() => idsFor(files)))?.message).toMatch(
      /Here goes to dev .* needs Away.*eu-west-1/,
    );
  });

  it("is one level above its highest dependency, also through other artifacts", () => {
    const link = (...dependencies: readonly string[]) => stack({ dependencies });
    const files = assembly({
      C: link("B"),
      A: stack(),
      B: link("Between"),
      Between: { type: "x", dependencies: ["A"] },
    });
    const levels = stacksFor(read(files), dev).map(({ id, level }) => [id, level]);
    expect(levels).toEqual([
      ["c", 2],
      ["a", 0],
      ["b", 1],
    ]);
  });
});

describe("the templates of the sample", () => {
  it("keeps the templates free of the bootstrap stack", async () => {
    const text = JSON.stringify(await assemble(sample));
    expect(text).not.toMatch(/BootstrapVersion|hnb659fds/);
  });

  it("writes the real stack names into references between templates", async () => {
    const { "orders-api": api, "orders-data": data } = await assemble(sample);
    const exported = JSON.stringify(data?.document["Outputs"]);
    expect(exported).toContain('"Fn::Sub":"${AWS::StackName}:ExportsOutputRefOrders');
    expect(JSON.stringify(api?.document)).toContain('{"Fn::Sub":["${Application}--orders-data:ExportsOutput');
    expect(JSON.stringify(api?.document)).toContain('"Fn::Split":["--orders-api",{"Ref":"AWS::StackName"}]');
  });

  it("gives a nested template the application's name", async () => {
    const { "orders-api": api } = await assemble(sample);
    const [[path, nested] = ["", {}]] = Object.entries(api?.nested ?? {});
    expect(path).toMatch(/^cdk\.out\/OrdersApiReporting.*\.nested\.template\.json$/);
    expect(nested["Parameters"]).toMatchObject({ KedgeApplication: { Type: "String" } });
    expect(JSON.stringify(nested)).toContain('{"Application":{"Ref":"KedgeApplication"}}');
    const [child] = resourcesOf(api?.document ?? {}).filter(
      ({ type }) => type === "AWS::CloudFormation::Stack",
    );
    expect(`cdk.out/${child?.properties["TemplateURL"]}`).toBe(path);
    expect(child?.properties["Parameters"]).toHaveProperty("KedgeApplication");
  });

  it("the templates of the sample have the artifact's assets as their code", async () => {
    const { "orders-api": api } = await assemble(sample);
    const [code] = resourcesOf(api?.document ?? {}).flatMap(({ properties }) => properties["Code"] ?? []);
    expect(code).toEqual({
      S3Bucket: "{{kedge:bucket}}",
      S3Key: expect.stringMatching(/^\{\{kedge:zip:asset\.[0-9a-f]{64}\}\}$/),
    });
  });
});

describe("a CDK asset", () => {
  const destinations = { here: { bucketName: "own-bucket-${AWS::Region}", objectKey: "pre/abc.txt" } };
  const file = { files: { abc: { source: { path: "asset.abc.txt", packaging: "file" }, destinations } } };
  const rewritten = async (
    value: object,
    assets: object = file,
    images: Readonly<Record<string, string>> = {},
  ) => {
    const template = { Resources: { It: { Type: "Custom::It", Properties: value } } } as TemplateDocument;
    const { app } = await assemble(withAssets(template, assets), images);
    return resourcesOf(app?.document ?? {})[0]?.properties;
  };

  it("is found in every property when its bucket is the author's own", async () => {
    expect(
      await rewritten({
        Sources: [{ "Fn::Sub": "own-bucket-${AWS::Region}" }],
        Keys: ["pre/abc.txt"],
        Url: { "Fn::Sub": "https://s3.${AWS::Region}.amazonaws.com/own-bucket-${AWS::Region}/pre/abc.txt" },
        Arn: { "Fn::Join": ["", ["arn:aws:s3:::", { "Fn::Sub": "own-bucket-${AWS::Region}" }, "/*"]] },
        Other: { "Fn::Sub": "not-own-bucket-${AWS::Region}" },
      }),
    ).toEqual({
      Sources: ["{{kedge:bucket}}"],
      Keys: ["{{kedge:file:asset.abc.txt}}"],
      Url: {
        "Fn::Sub": "https://s3.${AWS::Region}.amazonaws.com/{{kedge:bucket}}/{{kedge:file:asset.abc.txt}}",
      },
      Arn: { "Fn::Join": ["", ["arn:aws:s3:::", "{{kedge:bucket}}", "/*"]] },
      Other: { "Fn::Sub": "not-own-bucket-${AWS::Region}" },
    });
  });

  it("brings the right to decrypt it to a role that reads it", async () => {
    const read = {
      Effect: "Allow",
      Action: "s3:GetObject*",
      Resource: { "Fn::Sub": "own-bucket-${AWS::Region}" },
    };
    const other = { Effect: "Allow", Action: "sqs:*", Resource: "*" };
    const decrypt = {
      Action: "kms:Decrypt",
      Resource: { "Fn::Sub": expect.stringContaining(":111111111111:key/*") },
    };
    expect(await rewritten({ Statement: [read, other] })).toMatchObject({ Statement: [{}, other, decrypt] });
    expect(await rewritten({ Statement: [other] })).toEqual({ Statement: [other] });
  });

  const image = {
    dockerImages: {
      f00: {
        displayName: "Web/Image",
        source: {},
        destinations: { here: { repositoryName: "repo", imageTag: "f00" } },
      },
    },
  };
  const value = {
    Image: { "Fn::Sub": "${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}/repo:f00" },
    Resource: { "Fn::Join": ["", ["arn:aws:ecr:", { Ref: "AWS::Region" }, ":1:repository/", "repo"]] },
  };
  const digest = `111111111111.dkr.ecr.us-east-1.amazonaws.com/shop/web@sha256:${"0".repeat(64)}`;

  it.each(["f00", "Web/Image"])("becomes the given image for %s, and may be pulled", async (name) => {
    expect(await rewritten(value, image, { [name]: digest })).toEqual({
      Image: digest,
      Resource: ["arn:aws:ecr:us-east-1:111111111111:repository/shop/web"],
    });
  });

  it("is rejected, with its name and the remedy, when its image is not given", async () => {
    const error = await errorOf(() => rewritten(value, image));
    expect([error?.code, error?.message]).toEqual([
      "ImageMissing",
      expect.stringContaining('"Web/Image": <repo'),
    ]);
  });

  it("is rejected when a command would build it", async () => {
    const assets = { files: { abc: { displayName: "Odd", source: { executable: ["make"] }, destinations } } };
    expect((await errorOf(() => rewritten({}, assets)))?.message).toMatch(
      /^The asset Odd is made by a command/,
    );
  });

  it("is rejected as a parameter of the legacy synthesizer", async () => {
    const It = { Type: "AWS::SNS::Topic" };
    const template = { Parameters: { AssetParametersabcS3Bucket: { Type: "String" } }, Resources: { It } };
    const error = await errorOf(() => assemble(withAssets(template, {})));
    expect(error?.message).toMatch(/AssetParametersabcS3Bucket.*legacy synthesizer/);
  });
});

describe("a weak reference of the CDK", () => {
  it("keeps its kind and gets the stack's name", async () => {
    const output = {
      "Fn::GetStackOutput": { StackName: "Data", OutputName: "Url", Region: { Ref: "AWS::Region" } },
    };
    const files = {
      ...assembly({ Data: stack(), App: stack({ dependencies: ["Data"] }, { templateFile: "a.json" }) }),
      "cdk.out/a.json": JSON.stringify({ Resources: { It: { Type: "Custom::It", Properties: { output } } } }),
    };
    const { app } = await assemble(files);
    const [it] = resourcesOf(app?.document ?? {});
    expect(it?.properties["output"]).toMatchObject({
      "Fn::GetStackOutput": { StackName: { "Fn::Sub": ["${Application}--data", {}] }, OutputName: "Url" },
    });
  });
});
