import { describe, expect, it } from "vitest";
import { resourcesOf, type TemplateDocument } from "#release/document/template-document.ts";
import { noTraits, type Strategy, type Traits } from "#release/traits/traits.ts";
import { publishCode } from "#templates/lambda-function/publish-code.ts";
import { lambdaFunction } from "#templates/lambda-function/template.ts";
import { codeOf, errorOf, manifest, samRef, shop, shopTargets, target } from "#test/release/samples.ts";
import { expectGolden, goldenCases } from "#test/support/golden.ts";

const existingFunctions = ["billing"];
const dev = { ...target("dev", "222222222222"), existingFunctions };
const withTraits = (settings: Traits["settings"], strategy?: Strategy) => ({
  ...manifest,
  entry: "index.mjs",
  facts: { signs: ["index.mjs"] },
  traits: {
    ...noTraits,
    settings,
    everywhere: { ...noTraits.everywhere, ...(strategy && { strategy }) },
  },
});

const code = { S3Bucket: "cache", S3Key: "parts/abc.zip" };
const packaged: TemplateDocument = {
  Resources: { Function: { Type: "AWS::Lambda::Function", Properties: { Code: code } } },
};

type Variation = {
  readonly strategy?: Strategy;
  readonly packagedTemplate?: TemplateDocument;
  readonly signs?: readonly string[];
};

function documentFor(
  settings: Traits["settings"],
  { strategy, packagedTemplate = packaged, signs = ["index.mjs"] }: Variation = {},
): TemplateDocument {
  const configured = lambdaFunction.configure?.({
    release: {
      schema: 1,
      line: shop,
      artifact: { bucket: "b", key: "k", versionId: "v", size: 1, etag: "e" },
      template: samRef,
      manifest: { ...withTraits(settings, strategy), facts: { signs } },
      targets: [dev],
      provided: {},
    },
    target: dev,
    parameters: { values: {}, tags: {} },
    settings,
    stacks: [{ id: "", level: 0, path: "function.template.json", document: packagedTemplate }],
    outputs: {},
    digest: "0".repeat(64),
  });
  return configured?.documents?.[""] ?? {};
}

const propertiesOf = (document: TemplateDocument, id: string) =>
  resourcesOf(document).find((each) => each.id === id)?.properties ?? {};

const shiftOf = (settings: Traits["settings"], strategy?: Strategy) => {
  const plan = lambdaFunction.plan({
    line: shop,
    manifest: withTraits(settings, strategy),
    targets: shopTargets.map((each) => ({ ...each, existingFunctions })),
    settings: { region: "us-east-1", cacheBucket: "cache" },
    template: samRef,
  });
  return plan.stages.at(-1)?.actions.find(({ type }) => type === "lambda-deploy");
};

describe("an artifact with a handler at its top", () => {
  const detect = (...names: string[]) =>
    lambdaFunction.detect({
      names,
      path: names[0] ?? "",
      text: "",
      document: () => ({}),
      files: new Map(),
    });

  it("is a function, unless an HTML page makes it a website", () => {
    expect(detect("index.mjs", "lib/rates.mjs")).toEqual({
      fits: true,
      reason: "index.mjs is a Node.js module at the top of the artifact.",
    });
    expect(detect("index.js", "index.html").fits).toBe(false);
  });

  it.each([
    ["bootstrap", "provided.al2023", "bootstrap"],
    ["index.mjs", "nodejs24.x", "index.handler"],
    ["lambda_function.py", "python3.13", "lambda_function.lambda_handler"],
  ])("deploys %s as %s with the handler %s", (file, Runtime, Handler) => {
    expect(propertiesOf(documentFor({}, { signs: [file] }), "Function")).toMatchObject({ Runtime, Handler });
    const below = documentFor({ code: "./dist/" }, { signs: ["index.js", `dist/${file}`] });
    expect(propertiesOf(below, "Function")).toMatchObject({ Runtime, Handler });
  });
});

describe("a new function", () => {
  it("gets a bounded role, a log group, and an alias that CloudFormation leaves at the first version", () => {
    const document = documentFor({ environment: { CURRENCY: "EUR" }, memory: 512 });
    expect(propertiesOf(document, "Function")).toMatchObject({
      Code: code,
      MemorySize: 512,
      Environment: { Variables: { CURRENCY: "EUR" } },
    });
    expect(propertiesOf(document, "Role")["PermissionsBoundary"]).toEqual({
      "Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/kedge-app-boundary",
    });
    expect(propertiesOf(document, "Alias")).toEqual({
      FunctionName: { Ref: "Function" },
      Name: "live",
      FunctionVersion: "1",
    });
    expect(document["Resources"]).toMatchObject({
      Version: { DeletionPolicy: "Retain", UpdateReplacePolicy: "Retain" },
    });
  });

  it("gets a new version only for other code or configuration", () => {
    const version = (document: TemplateDocument) => propertiesOf(document, "Version")["Description"];
    const other: TemplateDocument = {
      Resources: {
        Function: {
          Type: "AWS::Lambda::Function",
          Properties: { Code: { ...code, S3Key: "parts/def.zip" } },
        },
      },
    };
    const first = version(documentFor({ memory: 512 }));
    expect(version(documentFor({ memory: 512, logRetention: 7, concurrency: 5 }))).toBe(first);
    expect(version(documentFor({ memory: 1024 }))).not.toBe(first);
    expect(version(documentFor({ memory: 512 }, { packagedTemplate: other }))).not.toBe(first);
  });

  it("gets the permissions of its settings, with CloudFormation's own values", () => {
    const document = documentFor({
      policies: [
        { actions: ["dynamodb:GetItem"], resources: ["arn:aws:dynamodb:${AWS::Region}:1:table/t", "*"] },
      ],
    });
    expect(JSON.stringify(propertiesOf(document, "Role"))).toContain(
      '{"Effect":"Allow","Action":["dynamodb:GetItem"],"Resource":[{"Fn::Sub":"arn:aws:dynamodb:${AWS::Region}:1:table/t"},"*"]}',
    );
  });

  it("rejects each unknown setting by its name", async () => {
    const error = await errorOf(() => documentFor({ memori: 512, timeout: 5000 }));
    expect(error?.code).toBe("SettingsMalformed");
    expect(error?.message).toMatch(/memori/);
    expect(error?.message).toMatch(/from 1 to 900/);
  });
});

it("never gets a SecureString as a variable, because readers of the configuration would see it", async () => {
  const environment = { TOKEN: "{{resolve:ssm-secure:/shop/token:3}}" };
  expect(await codeOf(() => documentFor({ environment }))).toBe("SettingsMalformed");
});

describe("an existing function", () => {
  const document = documentFor({ function: "billing" });

  it("gets its code and a version from a stack whose deletion leaves it unchanged", () => {
    expect(resourcesOf(document).map(({ type }) => type)).not.toContain("AWS::Lambda::Alias");
    expect(propertiesOf(document, "Release")).toMatchObject({ FunctionName: "billing", ...code });
    expect(publishCode.length).toBeLessThan(4096); // Lambda's limit for inline source
  });

  it("is refused before anything changes unless the estate lists it", async () => {
    const planned = await errorOf(() => shiftOf({ function: "payroll" }));
    expect(planned?.code).toBe("FunctionNotAllowed");
    expect(planned?.message).toContain("the function payroll");
    expect(planned?.message).toContain("the estate lists billing");
    // The value of a parameter is known at Prepare, which is before the change set.
    expect(await codeOf(() => shiftOf({ function: "${ssm:/shop/function}" }))).toBe("no error");
    expect(await codeOf(() => documentFor({ function: "payroll" }))).toBe("FunctionNotAllowed");
  });

  it("is the only function that its publisher may change", () => {
    const statements = JSON.stringify(propertiesOf(document, "PublisherRole"));
    expect(statements).toContain("function:billing");
    expect(statements).not.toContain("function:*");
  });
});

describe("traffic of a function", () => {
  it("moves at once, or by the strategy under an alarm on errors and the team's alarms", () => {
    expect(shiftOf({})).toMatchObject({
      functionName: "#{prod-outputs.FunctionName}",
      alias: "live",
      version: "#{prod-outputs.Version}",
      strategy: "AllAtOnce",
      alarms: [],
    });
    const canary: Strategy = { type: "canary", steps: [20], minutes: 30, alarms: ["checkout-latency"] };
    expect(shiftOf({ alias: "stable" }, canary)).toMatchObject({
      alias: "stable",
      strategy: "Canary20Percent30Minutes",
      alarms: ["#{prod-outputs.ErrorsAlarm}", "checkout-latency"],
    });
    expect(propertiesOf(documentFor({}, { strategy: canary }), "Errors")["MetricName"]).toBe("Errors");
    expect(shiftOf({ function: "billing" }, { type: "linear" })).toMatchObject({
      strategy: "Linear10PercentEvery1Minute",
      alarms: [],
    });
  });

  it.each<[string, Strategy]>([
    ["blue-green", { type: "blue-green" }],
    ["a canary of three steps", { type: "canary", steps: [5, 25, 50] }],
    ["uneven linear steps", { type: "linear", steps: [10, 50] }],
    ["eleven alarms", { type: "canary", alarms: "abcdefghijk".split("") }],
  ])("rejects the strategy %s, which an alias does not support", async (_, strategy) => {
    expect(await codeOf(() => shiftOf({}, strategy))).toBe("StrategyUnsupported");
  });
});

it("publishes only the code, from the folder of the settings", async () => {
  const assembly = await lambdaFunction.assemble?.({
    line: shop,
    manifest: withTraits({ code: "dist" }),
    targets: shopTargets,
    names: [],
    text: async () => "",
  });
  expect(assembly?.stacks[0]?.document).toEqual({
    Resources: { Function: { Type: "AWS::Lambda::Function", Properties: { Code: "dist" } } },
  });
});

it.each(goldenCases)("plans the sample as the golden plan: $name", async (one) => {
  await expectGolden("quote-lambda", one);
});
