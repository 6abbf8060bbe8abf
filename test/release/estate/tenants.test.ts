import { describe, expect, it } from "vitest";
import { parseEstate } from "#release/estate/estate-parse.ts";
import type { Plan } from "#release/plan/plan.ts";
import { actionLocation } from "#release/plan/plan-waves.ts";
import { planRelease } from "#release/template/dispatch.ts";
import { environmentsFor } from "#release/traits/targets.ts";
import { renderPipeline } from "#synth/render-pipeline.ts";
import { artifact } from "#test/release/line/observations.ts";
import { errorOf, loadedTemplates, manifest, shop } from "#test/release/samples.ts";

const ladder = `
    ladder:
      - { name: dev, order: 1, branches: ["**"], parameters: { Size: small } }
      - { name: prod, order: 9, branches: [main], approval: true, protected: true, tags: { tier: gold } }`;

const estateOf = (tenants: string, rungs = ladder): string => `
region: us-east-1
central: "101010101010"
parameters: { Level: info, Size: none }
anchors:
  clients:
    account: "111111111111"
    parameters: { Level: warn }${rungs}
    tenants:${tenants}`;

const two = estateOf(`
      acme: { account: "222222222222", unit: clients/acme, parameters: { Level: error } }
      globex:
        account: "333333333333"
        environments: { prod: { account: "444444444444", parameters: { Size: huge }, tags: { tier: iron } } }`);

function planOf(text: string, branch = "main"): Plan {
  const [sam] = loadedTemplates;
  if (sam === undefined) throw new RangeError("no template");
  const inspection = { template: sam, manifest };
  return planRelease({
    estate: parseEstate(text),
    line: { ...shop, branch },
    artifact: artifact("v1"),
    inspection,
  }).plan;
}

describe("an environment in several regions", () => {
  const rungs = ladder.replace(
    "order: 9,",
    "order: 9, regions: [us-east-1, eu-west-1], regionParameters: { eu-west-1: { Size: tiny } },",
  );
  const text = estateOf(
    ` { acme: { account: "222222222222", environments: { prod: { regionParameters: { eu-west-1: { Level: debug } } } } } }`,
    rungs,
  );

  it("becomes one environment for each, with all names and its own parameters", () => {
    const environments = parseEstate(text).anchors[0]?.environments ?? [];
    expect(environments.map(({ name, region }) => `${name} ${region}`)).toEqual([
      "acme-dev us-east-1",
      "acme-prod us-east-1",
      "acme-prod-eu-west-1 eu-west-1",
    ]);
    expect(environments[2]).toMatchObject({
      names: ["prod", "acme-prod", "acme-prod-eu-west-1"],
      wave: "prod",
      parameters: { Size: "tiny", Level: "debug" },
    });
    expect(environments[1]?.parameters).toEqual({ Size: "none", Level: "warn" });
  });

  it("is released in one stage, by actions in its region", () => {
    const plan = planOf(text);
    expect(plan.stages.map(({ name }) => name)).toEqual(["Source", "Package", "acme-dev", "prod"]);
    const cacheKeyArn = "arn:aws:kms:us-east-1:111111111111:key/mrk-1";
    const setting = { account: "111111111111", region: "us-east-1", cacheBucket: "cache", cacheKeyArn };
    const [pipeline] = Object.values(JSON.parse(renderPipeline(plan, setting)).Resources) as {
      Properties: {
        ArtifactStore?: unknown;
        ArtifactStores: unknown;
        Stages: { Name: string; Actions: { Name: string; Configuration: { UserParameters?: string } }[] }[];
      };
    }[];
    expect(pipeline?.Properties.ArtifactStore).toBeUndefined();
    expect(pipeline?.Properties.ArtifactStores).toMatchObject([
      { Region: "us-east-1", ArtifactStore: { Location: "cache", EncryptionKey: { Id: cacheKeyArn } } },
      {
        Region: "eu-west-1",
        ArtifactStore: {
          Location: "kedge-cache-111111111111-eu-west-1",
          EncryptionKey: { Id: "arn:aws:kms:eu-west-1:111111111111:key/mrk-1" },
        },
      },
    ]);
    const executed = pipeline?.Properties.Stages.flatMap(({ Actions }) => Actions).find(
      ({ Name }) => Name === "Execute.acme-prod-eu-west-1",
    );
    expect(JSON.parse(executed?.Configuration.UserParameters ?? "{}")).toMatchObject({ region: "eu-west-1" });
  });

  it("makes and executes change sets in its region when no approval gates it", () => {
    const plan = planOf(text.replace("approval: true, ", ""));
    const cacheKeyArn = "arn:aws:kms:us-east-1:111111111111:key/mrk-1";
    const setting = { account: "111111111111", region: "us-east-1", cacheBucket: "cache", cacheKeyArn };
    const [pipeline] = Object.values(JSON.parse(renderPipeline(plan, setting)).Resources) as {
      Properties: { Stages: { Actions: { Name: string; Region?: string }[] }[] };
    }[];
    const elsewhere = pipeline?.Properties.Stages.flatMap(({ Actions }) => Actions).filter(
      ({ Region }) => Region !== undefined,
    );
    expect(elsewhere?.map(({ Name, Region }) => `${Name} ${Region}`)).toEqual([
      "ChangeSet.acme-prod-eu-west-1 eu-west-1",
      "Execute.acme-prod-eu-west-1 eu-west-1",
    ]);
  });
});

describe("tenants", () => {
  it("tenants have every rung of the ladder, in their own accounts", () => {
    const environments = parseEstate(two).anchors[0]?.environments ?? [];
    expect(environments.map(({ name, account }) => `${name} ${account}`)).toEqual([
      "acme-dev 222222222222",
      "globex-dev 333333333333",
      "acme-prod 222222222222",
      "globex-prod 444444444444",
    ]);
  });

  it("tenants inherit parameters from the estate to the exact environment, and answer to general names", () => {
    const environments = parseEstate(two).anchors[0]?.environments ?? [];
    const [acmeDev, , acmeProd, globexProd] = environments;
    expect(acmeDev).toMatchObject({
      parameters: { Level: "error", Size: "small" },
      names: ["dev", "acme-dev"],
    });
    expect(acmeProd).toMatchObject({ parameters: { Level: "error", Size: "none" }, unit: "clients/acme" });
    expect(globexProd).toMatchObject({ parameters: { Level: "warn", Size: "huge" }, tags: { tier: "iron" } });
  });

  it("may do without a rung", () => {
    const text = estateOf(`
      acme: { account: "222222222222", exclude: [prod] }`);
    expect(parseEstate(text).anchors[0]?.environments.map(({ name }) => name)).toEqual(["acme-dev"]);
  });

  it.each([
    [
      "a tenant in two parts",
      estateOf(`\n      acme: { account: "111111111111" }`),
      "cannot be the tenant acme",
    ],
    [
      "two tenants in one account",
      estateOf(`\n      acme: { account: "222222222222" }\n      globex: { account: "222222222222" }`),
      "The account 222222222222 is the tenant acme of clients already, so it cannot be the tenant globex",
    ],
    [
      "a rung the ladder does not have",
      estateOf(`\n      acme: { account: "222222222222", exclude: [uat] }`),
      "The ladder has no uat; it has dev, prod.",
    ],
    [
      "tenants without a ladder",
      estateOf(`\n      acme: { account: "222222222222" }`, ""),
      "this anchor has none; add a ladder",
    ],
    [
      "a name that is too long",
      estateOf(
        `\n      ${"a".repeat(20)}: { account: "222222222222" }`,
        ladder.replace("prod", "production1"),
      ),
      "has 32 characters; 30 are allowed",
    ],
  ])("tenants are rejected with %s", async (_, text, message) => {
    const error = await errorOf(() => parseEstate(text));
    expect([error?.code, error?.message]).toEqual(["EstateMalformed", expect.stringContaining(message)]);
  });
});

describe("a wave", () => {
  it("is one stage in which all environments finish a step before the next begins", () => {
    const plan = planOf(two);
    expect(plan.stages.map(({ name }) => name)).toEqual(["Source", "Package", "dev", "prod"]);
    const prod = plan.stages[3]?.actions ?? [];
    expect(prod.map(({ name, order }) => `${order} ${name}`)).toEqual([
      "1 Prepare.acme-prod",
      "1 Prepare.globex-prod",
      "2 Approve",
      "3 Execute.acme-prod",
      "3 Execute.globex-prod",
      "4 SmokeInput.acme-prod",
      "4 SmokeInput.globex-prod",
      "5 SmokeTest.acme-prod",
      "5 SmokeTest.globex-prod",
    ]);
    expect(prod.find(({ name }) => name === "Approve")).toMatchObject({
      message: expect.stringContaining("2 environments at once: acme-prod, globex-prod."),
    });
  });

  it("is an ordinary stage when it has one environment", () => {
    const plan = planOf(estateOf(`\n      acme: { account: "222222222222" }`));
    expect(plan.stages.map(({ name }) => name)).toEqual(["Source", "Package", "acme-dev", "acme-prod"]);
    expect(plan.stages[2]?.actions[0]?.name).toBe("Prepare");
  });

  it("becomes several stages of even size beyond a stage's limit", () => {
    const tenants = Array.from(
      { length: 20 },
      (_, index) => `\n      t${index}: { account: "2222222222${index + 10}" }`,
    ).join("");
    const plan = planOf(estateOf(tenants));
    expect(plan.stages.map(({ name, actions }) => `${name} ${actions.length}`).slice(2)).toEqual([
      ...["dev-1 50", "dev-2 50"],
      ...["prod-1 41", "prod-2 41"],
    ]);
    expect(environmentsFor(parseEstate(estateOf(tenants)), shop).targets).toHaveLength(40);
  });

  it("must be declared; environments with an equal order alone are rejected", async () => {
    const text = two.replace(
      "ladder:",
      `environments: [{ name: lab, account: "555555555555", order: 1, branches: ["**"] }]\n    ladder:`,
    );
    expect((await errorOf(() => parseEstate(text)))?.message).toContain(
      "have the order 1, lab and acme-dev; give both the same wave",
    );
    const meant = text.replace("name: lab,", "name: lab, wave: dev,");
    expect(planOf(meant).stages[2]?.actions.filter(({ order }) => order === 1)).toHaveLength(3);
  });

  it("puts the environment into an action's name so that it can be found again", () => {
    expect(actionLocation("prod", "Execute.acme-prod")).toEqual({
      action: "Execute",
      environment: "acme-prod",
    });
    expect(actionLocation("prod", "Execute")).toEqual({ action: "Execute", environment: "prod" });
  });
});
