/** What a packaged service is deployed as, by the shapes the Framework writes. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { resourcesOf } from "#release/document/template-document.ts";
import { serverlessFramework } from "#templates/serverless-framework/template.ts";
import { errorOf, manifest, shop, shopTargets } from "#test/release/samples.ts";
import { expectGolden, goldenCases } from "#test/support/golden.ts";

type Files = Readonly<Record<string, string>>;

const folder = "examples/orders-serverless";
const sample: Files = Object.fromEntries(
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => [name, readFileSync(join(folder, name), "utf8")]),
);
const entry = ".serverless/cloudformation-template-update-stack.json";
const released = { ...manifest, entry, smoke: { kind: "script", path: "smoke-test.sh" } as const };

async function resources(files: Files) {
  const assembly = await serverlessFramework.assemble?.({
    line: shop,
    manifest: released,
    targets: shopTargets,
    names: Object.keys(files),
    text: async (path) => files[path] ?? "",
  });
  const document = assembly?.stacks[0]?.document ?? {};
  return {
    document,
    byId: Object.fromEntries(resourcesOf(document).map((each) => [each.id, each.properties])),
  };
}

const bucket = { Ref: "ServerlessDeploymentBucket" };
const dir = "serverless/shop/live/1-2026";
/** A package with one function; `more` of its template, and of its state. */
const service = (properties: object, { others = {}, state = {}, files = {} } = {}): Files => ({
  [entry]: JSON.stringify({
    Resources: { It: { Type: "AWS::Lambda::Function", Properties: properties }, ...others },
  }),
  ".serverless/serverless-state.json": JSON.stringify({
    service: { service: "shop", functions: {} },
    package: { artifactDirectoryName: dir, artifact: "shop.zip" },
    ...state,
  }),
  ".serverless/shop.zip": "",
  ...files,
});

describe("the plan of the sample", () => {
  it.each(goldenCases)("equals the golden plan for $name", (one) => expectGolden("orders-serverless", one));
});

describe("the sample", () => {
  it("runs its own archive and has no deployment bucket", async () => {
    const { document, byId } = await resources(sample);
    expect(byId["TakeOrderLambdaFunction"]?.["Code"]).toBe("orders.zip");
    expect(JSON.stringify(document)).not.toContain("ServerlessDeploymentBucket");
    expect(Object.keys(byId)).toHaveLength(10);
  });

  it("leaves the naming of its role to CloudFormation", async () => {
    const { byId } = await resources(sample);
    expect(byId["IamRoleLambdaExecution"]).not.toHaveProperty("RoleName");
    expect(byId["IamRoleLambdaExecution"]).toHaveProperty("Policies");
  });
});

describe("an archive of the Serverless Framework", () => {
  it("comes from the artifact even with a custom deployment bucket", async () => {
    const { byId } = await resources(service({ Code: { S3Bucket: "ours", S3Key: `${dir}/shop.zip` } }));
    expect(byId["It"]?.["Code"]).toBe("shop.zip");
  });

  it("stays at its location outside the deployment bucket", async () => {
    const Code = { S3Bucket: "ours", S3Key: "libraries/shop.zip" };
    const { byId } = await resources(service({ Code }));
    expect(byId["It"]?.["Code"]).toEqual(Code);
  });

  it("is found for a layer, too", async () => {
    const Layer = {
      Type: "AWS::Lambda::LayerVersion",
      Properties: { Content: { S3Bucket: bucket, S3Key: `${dir}/money.zip` } },
    };
    const { byId } = await resources(
      service({}, { others: { Layer }, files: { ".serverless/money.zip": "" } }),
    );
    expect(byId["Layer"]?.["Content"]).toBe("money.zip");
  });

  it.each(["build/shop-own.zip", "/home/runner/work/shop/build/shop-own.zip"])(
    "is found when serverless.yml has it as %s",
    async (artifact) => {
      const state = { service: { service: "shop", functions: { it: { package: { artifact } } } } };
      const files = { "build/shop-own.zip": "", "other/shop-own.zip": "" };
      const Code = { S3Bucket: bucket, S3Key: `${dir}/shop-own.zip` };
      const { byId } = await resources(service({ Code }, { state, files }));
      expect(byId["It"]?.["Code"]).toBe("../build/shop-own.zip");
    },
  );

  it("is rejected, with the function's name, when it is missing", async () => {
    const Code = { S3Bucket: bucket, S3Key: `${dir}/gone.zip` };
    const error = await errorOf(() => resources(service({ Code })));
    expect([error?.code, error?.message]).toEqual([
      "ReferenceMissing",
      expect.stringMatching(/^It runs gone.zip/),
    ]);
  });
});

describe("a package of the Serverless Framework", () => {
  it("is rejected when its resources use the deployment bucket", async () => {
    const Copy = { Type: "Custom::Copy", Properties: { To: bucket } };
    const error = await errorOf(() => resources(service({}, { others: { Copy } })));
    expect([error?.code, error?.message]).toEqual([
      "AssemblyUnsupported",
      expect.stringMatching(/resource Copy/),
    ]);
  });

  it("does not fit without a state file", () => {
    const evidence = { path: entry, text: "", document: () => ({}), files: new Map() };
    expect(serverlessFramework.detect({ ...evidence, names: [entry] }).fits).toBe(false);
    expect(serverlessFramework.detect({ ...evidence, names: Object.keys(sample) }).fits).toBe(true);
  });

  it("is rejected with a malformed state file", async () => {
    const files = { ...service({}), ".serverless/serverless-state.json": "{}" };
    expect((await errorOf(() => resources(files)))?.code).toBe("TemplateMalformed");
  });
});
