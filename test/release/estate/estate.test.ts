import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { parseEstate } from "#release/estate/estate-parse.ts";
import { formatSchema, schemas } from "#release/line/schemas.ts";
import { environmentsFor, requireTargets } from "#release/traits/targets.ts";
import { defaultLimits } from "#release/zip/limits.ts";
import { codeOf, errorOf, shop } from "#test/release/samples.ts";

const example = readFileSync("examples/estate.yml", "utf8");
const estate = parseEstate(example);
const names = (branch: string): readonly string[] =>
  environmentsFor(estate, { ...shop, branch }).targets.map(({ environment }) => environment);

describe("the example estate", () => {
  it("has two anchors and their environments, in order", () => {
    expect(estate.central).toBe("101010101010");
    const seen = estate.anchors.map(({ name, account, environments }) => [
      name,
      account,
      environments.map((environment) => `${environment.name} ${environment.account}`),
    ]);
    expect(seen).toEqual([
      ["shop", "111111111111", ["dev 222222222222", "qa 333333333333", "prod 444444444444"]],
      ["bank", "121212121212", ["dev 232323232323", "prod 454545454545"]],
    ]);
  });

  it("sends main everywhere, with an approval before production", () => {
    const { targets } = environmentsFor(estate, shop);
    expect(targets.map(({ environment, approval }) => [environment, approval])).toEqual([
      ["dev", false],
      ["qa", false],
      ["prod", true],
    ]);
  });

  it("sends every other branch to dev only, with the reason", () => {
    expect(names("feature/JIRA-42/größe ändern")).toEqual(["dev"]);
    const { verdicts } = environmentsFor(estate, { ...shop, branch: "topic" });
    expect(verdicts.map(({ environment, reason }) => `${environment}: ${reason}`)).toEqual([
      "dev: The branch fits **.",
      "qa: Accepts main only.",
      "prod: Accepts main only.",
    ]);
  });

  it("allows the teardown of main although it reaches production", () => {
    expect(environmentsFor(estate, shop).tombstone.allowed).toBe(true);
    const strict = parseEstate(example.replace("allowTombstone: [main]", ""));
    const { tombstone } = environmentsFor(strict, shop);
    expect(tombstone.allowed).toBe(false);
    expect(tombstone.reason).toBe(
      'The branch "main" reaches the protected prod; the estate allows the teardown of no branch.',
    );
    expect(environmentsFor(strict, { ...shop, branch: "topic" }).tombstone.allowed).toBe(true);
  });

  it("does not know other accounts", async () => {
    const error = await errorOf(() => environmentsFor(estate, { ...shop, account: "999999999999" }));
    expect(error?.code).toBe("AccountUnknown");
    expect(error?.message).toContain("111111111111 (shop), 121212121212 (bank)");
  });

  it("rejects a branch that no environment accepts", async () => {
    const closed = parseEstate(example.replaceAll('["**"]', "[main]"));
    const line = { ...shop, branch: "topic" };
    const error = await errorOf(() => requireTargets(environmentsFor(closed, line), line));
    expect(error?.code).toBe("NoEligibleEnvironment");
    expect(error?.message).toContain("dev: Accepts main only.");
  });
});

describe("an estate file", () => {
  it("takes accounts without quotes, leading zeros included", () => {
    const text = example.replace('"222222222222"', "012345678901");
    expect(parseEstate(text).anchors[0]?.environments[0]?.account).toBe("012345678901");
  });

  it("names uploaders and approvers, and requires of all anchors that they differ", () => {
    const [shop, bank] = parseEstate(
      `${example}\nseparateDuties: true\n`.replace(
        "  shop:\n",
        "  shop:\n    uploaders: [arn:aws:iam::111111111111:role/ci]\n    approvers: [arn:aws:iam::111111111111:role/leads]\n",
      ),
    ).anchors;
    expect(shop).toMatchObject({
      uploaders: ["arn:aws:iam::111111111111:role/ci"],
      approvers: ["arn:aws:iam::111111111111:role/leads"],
      separateDuties: true,
    });
    expect(bank).toMatchObject({ separateDuties: true });
    expect(bank).not.toHaveProperty("uploaders");
  });

  it("has default limits without values of its own", () => {
    expect(estate.limits).toEqual(defaultLimits);
    expect(parseEstate(`${example}\nlimits: { entries: 10 }`).limits).toEqual({
      ...defaultLimits,
      entries: 10,
    });
  });

  const minimal = (environments: string, anchor = ""): string =>
    `region: us-east-1\ncentral: "101010101010"\nanchors:\n  shop:\n    account: "111111111111"\n${anchor}    environments:\n${environments}`;
  const dev = '      - { name: dev, account: "222222222222", order: 1, branches: ["**"] }\n';

  it.each([
    [
      "an unknown field",
      `${minimal(dev)}colour: blue\n`,
      'line 8, column 9, colour: Unknown field "colour"; there are region',
    ],
    [
      "a missing field",
      minimal('      - { name: dev, account: "222222222222", order: 1 }\n'),
      "line 7, column 9, anchors.shop.environments[0]: The field branches is missing.",
    ],
    ["a duplicate key", `${minimal(dev)}region: eu-west-1\n`, "line 8, column 1: Map keys must be unique"],
    [
      "a wrong type",
      minimal(dev.replace("order: 1", "order: first")),
      'order: Expected a whole number from 1 to 999, found "first".',
    ],
    [
      "a short account",
      minimal(dev.replace("222222222222", "2222")),
      'account: Expected an account id of 12 digits, found "2222".',
    ],
    ["no environment", minimal("      []\n"), "The anchor shop has no environment"],
    ["a bad name", minimal(dev.replace("dev", "Dev!")), "Expected a name of up to 30 lower-case letters"],
    [
      "a name pipelines use",
      minimal(dev.replace("dev", "source")),
      "source is the name of a stage every pipeline has",
    ],
    [
      "a name twice",
      minimal(dev + dev.replace("222222222222", "333333333333").replace("order: 1", "order: 2")),
      "line 8, column 17, anchors.shop.environments[1].name: Two environments of shop are named dev.",
    ],
    [
      "an order twice",
      minimal(dev + dev.replace("222222222222", "333333333333").replace("dev", "qa")),
      "Two environments of shop have the order 1, dev and qa; give both the same wave",
    ],
    [
      "an account twice",
      minimal(dev + dev.replace("dev", "qa").replace("order: 1", "order: 2")),
      "The account 222222222222 is dev of shop already, so it cannot be qa of shop.",
    ],
    [
      "an anchor as environment",
      minimal(dev.replace("222222222222", "111111111111")),
      "The account 111111111111 is the anchor shop already",
    ],
    [
      "the central account as environment",
      minimal(dev.replace("222222222222", "101010101010")),
      "is the central account already",
    ],
    [
      "a region and a list of them",
      minimal(dev.replace("order: 1", "region: eu-west-1, regions: [eu-west-1], order: 1")),
      "dev has a region and a list of regions; keep the list.",
    ],
    [
      "no region",
      minimal(dev.replace("order: 1", "regions: [], order: 1")),
      "dev is in no region; name one.",
    ],
    [
      "a region twice",
      minimal(dev.replace("order: 1", "regions: [eu-west-1, eu-west-1], order: 1")),
      "dev is in eu-west-1 twice.",
    ],
    [
      "parameters of a region it is not in",
      minimal(
        dev.replace(
          "order: 1",
          'regions: [us-east-1], regionParameters: { eu-west-1: { A: "1" } }, order: 1',
        ),
      ),
      "dev has parameters for eu-west-1, which is not one of its regions (us-east-1).",
    ],
    [
      "an anchor elsewhere",
      minimal(dev, "    region: eu-west-1\n"),
      "line 6, column 13, anchors.shop.region: The anchor is in eu-west-1",
    ],
    [
      "a timeout of no approval",
      minimal(dev.replace("order: 1", "order: 1, approvalTimeoutMinutes: 60")),
      "dev asks for no approval",
    ],
    ["a list", "- a\n- b\n", "Expected fields, found a list."],
    ["nothing", "", "Expected fields, found nothing."],
    ["broken YAML", "region: [", "line 1"],
  ])("reports %s at its location", async (_, text, message) => {
    const error = await errorOf(() => parseEstate(text));
    expect(error?.code).toBe("EstateMalformed");
    expect(error?.message).toContain(message);
  });

  it("shows all its problems at once", async () => {
    const error = await errorOf(() => parseEstate("region: 5\ncentral: x\nanchors: {}\nmore: 1\n"));
    expect(error?.message.split("\n")).toHaveLength(4);
  });

  it("may keep its environments in any order", () => {
    const text = minimal(
      dev.replace("order: 1", "order: 9") + dev.replace("dev", "qa").replace("2222", "3333"),
    );
    expect(parseEstate(text).anchors[0]?.environments.map(({ name }) => name)).toEqual(["qa", "dev"]);
  });

  it("is rejected by every reader with the same problems", async () => {
    expect(await codeOf(() => parseEstate("a: &x [*x]"))).toBe("EstateMalformed");
  });
});

describe("the published schemas", () => {
  it.each(Object.entries(schemas))("docs/schema/%s is up to date", (file, schema) => {
    expect(readFileSync(`docs/schema/${file}`, "utf8")).toBe(formatSchema(schema));
  });

  it("the published schemas agree with the reader of estates", async () => {
    const valid = new Ajv2020({ strict: false }).compile(schemas["estate.schema.json"] ?? false);
    expect(valid(parse(example))).toBe(true);
    for (const [from, to] of [
      ["central:", "centre:"],
      ["order: 1", "order: 0"],
      ["approval: true", 'approval: "yes"'],
      ["us-east-1", "Virginia"],
      ["name: qa", "name: QA"],
      ['"333333333333"', '"33"'],
    ] as const) {
      const text = example.replace(from, to);
      expect(valid(parse(text)), text).toBe(false);
      expect(await codeOf(() => parseEstate(text))).toBe("EstateMalformed");
    }
  });
});
