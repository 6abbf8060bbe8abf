import { describe, expect, it } from "vitest";
import { resourcesOf, type TemplateDocument } from "#release/document/template-document.ts";
import { noTraits, type Strategy, type Traits } from "#release/traits/traits.ts";
import { ecsService } from "#templates/ecs-service/template.ts";
import { codeOf, errorOf, manifest, samRef, shop, shopTargets, target } from "#test/release/samples.ts";
import { expectGolden, goldenCases } from "#test/support/golden.ts";

const digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
const image = `101010101010.dkr.ecr.us-east-1.amazonaws.com/orders@sha256:${digest}`;
const older = image.replace("9f86", "0000");

const network = { subnets: ["subnet-0a1b2c3d,subnet-1a1b2c3d"], securityGroups: ["sg-0a1b2c3d"] };
const listener = {
  ...{ arn: "arn:aws:elasticloadbalancing:us-east-1:222222222222:listener/app/a/1/2", priority: 7 },
  paths: ["/orders/*"],
};
const behindListener = { ...network, cluster: "shared", vpc: "vpc-0a1b2c3d", listener };

const described = (text: string, path = "imagedefinitions.json") =>
  codeOf(() =>
    ecsService.describe?.(
      { names: [path], path, text, document: () => ({}), files: new Map() },
      { environments: [] },
    ),
  );

const withTraits = (settings: Traits["settings"], strategy?: Strategy) => ({
  ...manifest,
  entry: "imagedefinitions.json",
  traits: {
    ...noTraits,
    settings,
    everywhere: { ...noTraits.everywhere, ...(strategy && { strategy }) },
  },
});

async function configured(
  settings: Traits["settings"],
  strategy?: Strategy,
  outputs: Readonly<Record<string, string>> = {},
) {
  const its = withTraits(settings, strategy);
  const assembly = await ecsService.assemble?.({
    line: shop,
    manifest: its,
    targets: shopTargets,
    names: [],
    text: async () => JSON.stringify([{ name: "orders", imageUri: image }]),
  });
  const answer = ecsService.configure?.({
    release: {
      schema: 1,
      line: shop,
      artifact: { bucket: "b", key: "k", versionId: "v", size: 1, etag: "e" },
      template: samRef,
      manifest: its,
      targets: shopTargets,
      provided: {},
    },
    target: target("dev", "222222222222"),
    parameters: { values: {}, tags: {} },
    settings,
    stacks: assembly?.stacks ?? [],
    outputs: { "": outputs },
    digest: "0".repeat(64),
  });
  const document: TemplateDocument = answer?.documents?.[""] ?? {};
  const properties = (id: string) => resourcesOf(document).find((each) => each.id === id)?.properties ?? {};
  const types = resourcesOf(document).map(({ type }) => type);
  return { ...answer, document, properties, types };
}

const actionsOf = (settings: Traits["settings"], strategy?: Strategy) =>
  ecsService
    .plan({
      line: shop,
      manifest: withTraits(settings, strategy),
      targets: [target("dev", "222222222222")],
      settings: { region: "us-east-1", cacheBucket: "cache" },
      template: samRef,
    })
    .stages.at(-1)?.actions ?? [];

describe("the image of a service", () => {
  it.each([
    ["imagedefinitions.json", [{ name: "app", imageUri: image }]],
    ["imageDetail.json", { ImageURI: image }],
    ["image.json", { image }],
  ])("is read from %s", async (path, json) => {
    expect(await described(JSON.stringify(json), path)).toBe("no error");
  });

  it("is rejected with a tag, which may name another image in production", async () => {
    const tag = JSON.stringify({ ImageURI: "registry.example/orders:1.4.2" });
    expect(await described(tag)).toBe("ImageNotImmutable");
  });

  it.each([
    ["no JSON", "{"],
    ["no image", "{}"],
    ["two containers", JSON.stringify([{ imageUri: image }, { imageUri: image }])],
    ["a digest that is none", JSON.stringify({ image: "registry.example/orders@sha256:abc" })],
  ])("is rejected with %s", async (_, text) => {
    expect(await described(text)).toBe("ImageMalformed");
  });
});

describe("the task definition", () => {
  it("is built from settings, and a secret stays a reference that ECS resolves", async () => {
    const { properties } = await configured({
      ...network,
      environment: { STAGE: "dev" },
      secrets: { DATABASE_URL: "${ssm:/orders/url}" },
    });
    expect(properties("TaskDefinition")).toMatchObject({
      Cpu: "256",
      Memory: "512",
      ContainerDefinitions: [
        {
          Name: "orders",
          Image: image,
          Environment: [{ Name: "STAGE", Value: "dev" }],
          Secrets: [
            {
              Name: "DATABASE_URL",
              ValueFrom: {
                "Fn::Sub": "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/orders/url",
              },
            },
          ],
        },
      ],
    });
    expect(JSON.stringify(properties("ExecutionRole"))).toContain("parameter/orders/url");
  });

  it.each([
    ["a pair of cpu and memory that Fargate does not have", { ...network, cpu: 512, memory: 512 }],
    ["a listener without a network", { ...network, listener }],
    ["a rule that would take every call", { ...behindListener, listener: { arn: "a", priority: 1 } }],
    ["no subnets", { securityGroups: ["sg-0a1b2c3d"] }],
  ])("is rejected with %s", async (_, settings) => {
    expect(await codeOf(() => configured(settings))).toBe("SettingsMalformed");
  });

  it("rejects a secret in plain text", async () => {
    const error = await errorOf(() => configured({ ...network, secrets: { PASSWORD: "hunter2" } }));
    expect(error?.message).toMatch(/PASSWORD/);
  });

  it("gives its roles the permissions boundary", async () => {
    const { document } = await configured(behindListener, { type: "blue-green" });
    const roles = resourcesOf(document).filter(({ type }) => type === "AWS::IAM::Role");
    expect(roles).toHaveLength(3);
    for (const { properties } of roles)
      expect(JSON.stringify(properties["PermissionsBoundary"])).toContain("kedge-app-boundary");
  });
});

describe("a rolling deployment", () => {
  it.each([
    [1, 200],
    [2, 150],
    [3, 134],
    [4, 125],
    [40, 125],
  ])("allows %i tasks %i percent, which is enough for one more task", async (count, most) => {
    const { properties } = await configured({ ...network, count });
    expect(properties("Service")["DeploymentConfiguration"]).toMatchObject({
      MinimumHealthyPercent: 100,
      MaximumPercent: most,
      DeploymentCircuitBreaker: { Enable: true, Rollback: true },
    });
    expect(Math.floor((count * most) / 100)).toBeGreaterThan(count);
  });

  it("gives a starting task two minutes, and a new cluster when none is named", async () => {
    const { properties } = await configured(behindListener);
    expect(properties("Service")["HealthCheckGracePeriodSeconds"]).toBe(120);
    const own = await configured({ ...network, discovery: { name: "orders" } });
    expect(own.types).toEqual(
      expect.arrayContaining(["AWS::ECS::Cluster", "AWS::ServiceDiscovery::HttpNamespace"]),
    );
  });
});

describe("blue-green", () => {
  it("is ECS's own strategy, with two target groups and the old side for half an hour", async () => {
    const { properties } = await configured(behindListener, { type: "blue-green", alarms: ["latency"] });
    expect(properties("Service")).toMatchObject({
      DeploymentConfiguration: {
        Strategy: "BLUE_GREEN",
        BakeTimeInMinutes: 30,
        Alarms: { AlarmNames: ["latency"], Enable: true, Rollback: true },
      },
      LoadBalancers: [
        {
          TargetGroupArn: { Ref: "Targets" },
          AdvancedConfiguration: {
            AlternateTargetGroupArn: { Ref: "OtherTargets" },
            ProductionListenerRule: { Ref: "Rule" },
          },
        },
      ],
    });
  });

  it.each<Strategy>([{ type: "blue-green" }, { type: "canary" }, { type: "linear" }])(
    "needs a listener for any sharing of traffic: %j",
    async (strategy) => {
      expect(await codeOf(() => actionsOf(network, strategy))).toBe("StrategyUnsupported");
    },
  );
});

describe("a canary", () => {
  const canary: Strategy = { type: "canary", minutes: 10, alarms: ["errors"] };
  const running = { Image: older, StableImage: older };

  it("starts without traffic, gets more under watch, and hands over to the stable side", async () => {
    const names = actionsOf(behindListener, canary).map(({ name }) => name);
    expect(names.slice(names.indexOf("Execute") + 1, -2)).toEqual(
      "Deploy-5 Verify-5 Deploy-25 Verify-25 Deploy-50 Verify-50 Deploy-100 Verify-100 Deploy-settle Deploy-return Deploy-clear".split(
        " ",
      ),
    );
    const { values = {}, variables } = await configured(behindListener, canary, running);
    const shown = Object.entries(values).map(([step, value]) => [
      step,
      Number(value["CanaryWeight"]),
      Number(value["CanaryCount"]),
      value["StableImage"] === image,
    ]);
    expect(shown.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1))).toEqual([
      ["", 0, 2, false],
      ["100", 100, 2, false],
      ["25", 25, 2, false],
      ["5", 5, 2, false],
      ["50", 50, 2, false],
      ["clear", 0, 0, true],
      ["return", 0, 2, true],
      ["settle", 100, 2, true],
    ]);
    expect(variables).toEqual({ BakeMinutes: "10" });
  });

  it("returns all traffic to the stable side when an alarm goes off", () => {
    const verify = actionsOf(behindListener, canary).find(({ name }) => name === "Verify-25");
    expect(verify).toMatchObject({
      worker: "verify",
      parameters: {
        minutes: "#{dev-prepared.BakeMinutes}",
        alarms: ["#{dev-outputs.ErrorsAlarm}", "errors"],
        turnBack: ["CanaryWeight=0", "StableWeight=100"],
      },
    });
  });

  it("is watched by an alarm on its own target group's errors, for any names of the team", async () => {
    const { properties } = await configured(behindListener, canary, running);
    expect(properties("Errors")).toMatchObject({
      MetricName: "HTTPCode_Target_5XX_Count",
      Dimensions: [
        { Name: "TargetGroup", Value: { "Fn::GetAtt": ["CanaryTargets", "TargetGroupFullName"] } },
        { Name: "LoadBalancer", Value: "app/a/1" },
      ],
      Threshold: 5,
    });
  });

  it("is skipped for the first deployment and for an unchanged image", async () => {
    for (const outputs of [{}, { Image: image, StableImage: image }]) {
      const { values = {}, variables } = await configured(behindListener, canary, outputs);
      expect(new Set(Object.values(values).map((value) => value["CanaryCount"]))).toEqual(new Set(["0"]));
      expect(variables).toEqual({ BakeMinutes: "0" });
    }
  });

  it("compares with the stable image after a rollback, not with the failed one", async () => {
    const failed = { Image: image.replace("9f86", "ffff"), StableImage: older };
    const { values } = await configured(behindListener, canary, failed);
    expect(values?.["5"]?.["StableImage"]).toBe(older);
  });
});

it.each(goldenCases)("plans the sample as the golden plan: $name", async (one) => {
  await expectGolden("orders-ecs", one);
});
