/** Tests which parameters of the parameter store are read before the approval, and which references are refused. */
import { describe, expect, it } from "vitest";
import { fixSettings } from "#journey/fix-settings.ts";
import type { StoredParameter } from "#ports/target-settings.ts";
import type { PlainObject, PlainValue } from "#release/document/template-document.ts";
import type { Target } from "#release/traits/targets.ts";
import { errorOf } from "#test/release/samples.ts";
import { pipelineFixture } from "./pipeline-fixture.ts";

const topic = (DisplayName: PlainValue, more: PlainObject = {}): PlainObject => ({
  Resources: { News: { Type: "AWS::SNS::Topic", Properties: { DisplayName }, ...more } },
});

const vpc = (Name: string): PlainObject => ({
  Resources: { Vpc: { Type: "AWS::SSM::Parameter", Properties: { Name, Type: "String", Value: "v" } } },
});

/** Fixes the settings of stacks, each of a level of its own, and notes the names that are read. */
async function fixed(
  documents: readonly PlainObject[],
  known: Readonly<Record<string, string>> = {},
  values: Readonly<Record<string, string>> = {},
) {
  const { release } = await pipelineFixture({ "template.yaml": JSON.stringify(topic("x")) });
  const target = release.targets.find(({ environment }) => environment === "dev") as Target;
  const read: string[] = [];
  const stacks = documents.map((document, level) => ({
    ...{ id: level === 0 ? "" : `level${level}`, level, path: "template.yaml", document },
  }));
  const store = {
    read: async (_: unknown, names: readonly string[]) => {
      read.push(...names);
      const rest = { secure: false, version: 4, modified: "2026-01-01T00:00:00.000Z" };
      return Object.fromEntries(
        names.flatMap((name): [string, StoredParameter][] => {
          const value = known[name];
          return value === undefined ? [] : [[name, { ...rest, value }]];
        }),
      );
    },
    secrets: async () => [],
  };
  const configuration = { values: Object.fromEntries(stacks.map(({ id }) => [id, values])) };
  const { account, region } = target;
  const answer = await fixSettings(store, { target, stack: "s", stacks, configuration });
  return { ...answer, read, account, region, text: JSON.stringify(answer.configuration) };
}

const conditions = (stage: string): PlainObject => ({
  Conditions: { IsProd: { "Fn::Equals": [stage, "prod"] } },
});

describe("a reference that CloudFormation does not resolve", () => {
  const choice = { "Fn::If": ["IsProd", "{{resolve:ssm:/prod/x}}", "{{resolve:ssm:/dev/x}}"] };

  it("is not read when it is in a branch whose condition does not hold", async () => {
    const document = { ...conditions("prod"), ...topic(choice) };
    const { read, settings } = await fixed([document], { "/prod/x": "a" });
    expect(read).toEqual(["/prod/x"]);
    expect(settings.map(({ name }) => name)).toEqual(["/prod/x:4"]);
  });

  it("is read when the condition cannot be evaluated", async () => {
    const open = { Conditions: { IsProd: { "Fn::Equals": [{ "Fn::ImportValue": "a" }, "b"] } } };
    const error = await errorOf(() => fixed([{ ...open, ...topic(choice) }], { "/prod/x": "a" }));
    expect(error?.code).toBe("SettingMissing");
    expect(error?.message).toContain("/dev/x");
  });

  it("is not read in a resource that is not made, in metadata, or in an unused entry of a map", async () => {
    const document = {
      ...conditions("dev"),
      ...topic("{{resolve:ssm:/x}}", { Condition: "IsProd", Metadata: { A: "{{resolve:ssm:/meta}}" } }),
      Mappings: { M: { prod: { k: "{{resolve:ssm:/p}}" }, dev: { k: "{{resolve:ssm:/d}}" } } },
      Outputs: { O: { Value: { "Fn::FindInMap": ["M", "dev", "k"] } } },
    };
    expect((await fixed([document], { "/d": "a" })).read).toEqual(["/d"]);
  });
});

describe("a parameter that a lower level of the release makes", () => {
  it("is not read before the approval", async () => {
    const byType = {
      Parameters: { Vpc: { Type: "AWS::SSM::Parameter::Value<String>", Default: "/orders/vpc" } },
      ...topic("{{resolve:ssm:/orders/vpc}}"),
    };
    const { read, text, settings } = await fixed([vpc("/orders/vpc"), byType], { "/orders/vpc": "old" });
    expect(read).toEqual([]);
    expect(settings).toEqual([]);
    expect(text).not.toContain("/orders/vpc:4");
  });

  it("is read for a stack of the level that makes it", async () => {
    const documents = [topic("{{resolve:ssm:/orders/vpc}}"), vpc("/orders/vpc")];
    expect((await fixed(documents, { "/orders/vpc": "old" })).read).toEqual(["/orders/vpc"]);
  });
});

describe("a reference that gets no version", () => {
  it.each<readonly [string, PlainValue, PlainObject]>([
    [
      "a variable that the map of its Fn::Sub hides",
      { "Fn::Sub": ["{{resolve:ssm:/${Stage}}}", { Stage: "own" }] },
      { Stage: { Type: "String", Default: "prod" } },
    ],
    [
      "a parameter of a type of the parameter store in a name",
      { "Fn::Sub": "{{resolve:ssm:/${Stage}}}" },
      { Stage: { Type: "AWS::SSM::Parameter::Value<String>", Default: "/stage" } },
    ],
    ["segments of a Fn::Join", { "Fn::Join": ["", ["{{resolve:", "ssm:/x}}"]] }, {}],
    ["segments and a version", { "Fn::Join": ["", ["{{resolve:ssm", ":/x:4}}"]] }, {}],
    [
      "a second reference inside a function that has one",
      {
        "Fn::Join": ["", ["{{resolve:ssm:/stage}}", { "Fn::Join": ["", ["{{resolve:ssm", ":/x}}"]] }]],
      },
      {},
    ],
    ["the name of a resource", { "Fn::Sub": "{{resolve:ssm:/${AWS::StackId}:1}}" }, {}],
  ])("is refused: %s", async (_, value, Parameters) => {
    const stored = { "/stage": "prod", "/prod": "a", "/own": "b", "/x": "c" };
    const error = await errorOf(() => fixed([{ Parameters, ...topic(value) }], stored));
    expect(error?.code).toBe("SettingUnfixed");
    expect(error?.message).toContain("News.DisplayName");
  });
});

describe("a template parameter of a type of the parameter store", () => {
  const named = (Default: PlainValue, more: PlainObject = {}) => ({
    Parameters: { P: { Type: "AWS::SSM::Parameter::Value<String>", Default, ...more } },
    ...topic({ Ref: "P" }),
  });

  it("may have a pattern that is legal in CloudFormation alone, which CloudFormation would apply", async () => {
    const { text } = await fixed([named("/a", { AllowedPattern: "(?i)/x.*" })], { "/a": "value" });
    expect(text).toContain('"P":"value"');
  });

  it("may name a number", async () => {
    expect((await fixed([named(7)], { "7": "value" })).read).toEqual(["7"]);
  });

  it.each([
    "arn:aws:ssm:us-east-1:999999999999:parameter/a",
    "arn:aws:ssm:ap-south-2:222222222222:parameter/a",
  ])("is refused for %s, which Kedge's role cannot read", async (name) => {
    expect((await errorOf(() => fixed([named(name)], { [name]: "value" })))?.code).toBe("SettingForeign");
  });
});
