import { describe, expect, it } from "vitest";
import { evaluateConditions } from "#cloud/cloudformation/conditions.ts";
import { resolve } from "#cloud/cloudformation/intrinsics.ts";
import type { Json } from "#cloud/cloudformation/json.ts";
import { parameterValues } from "#cloud/cloudformation/parameters.ts";
import { parseTemplate } from "#cloud/cloudformation/parse-template.ts";
import { physicalName } from "#cloud/cloudformation/physical-name.ts";
import type { Scope } from "#cloud/cloudformation/scope.ts";

const scope: Scope = {
  parameters: { Env: "prod", Zones: ["a", "b"] },
  pseudo: {
    account: "111111111111",
    region: "eu-west-1",
    partition: "aws",
    urlSuffix: "amazonaws.com",
    stackName: "s",
    stackId: "arn:id",
    notificationArns: [],
  },
  mappings: { M: { prod: { size: "big" } } },
  conditions: { IsProd: true, No: false },
  resource: (id) =>
    id === "R"
      ? { type: "T", ref: "r-1", attribute: (name) => (name === "Arn" ? "arn:r" : undefined) }
      : undefined,
  importValue: (name) => `imported ${name}`,
};

const yaml = (text: string): Json => parseTemplate(`V: ${text}`)["V"] ?? null;

describe("functions", () => {
  it.each<[string, Json]>([
    ["!Ref Env", "prod"],
    ["!Ref R", "r-1"],
    ["!GetAtt R.Arn", "arn:r"],
    [`!Sub "\${Env}-\${R.Arn}-\${!Literal}-\${AWS::Region}"`, "prod-arn:r-${Literal}-eu-west-1"],
    [`!Sub ["\${X}/\${Env}", { X: !Ref R }]`, "r-1/prod"],
    [`!Join ["-", [a, !Ref Env]]`, "a-prod"],
    [`!Join [",", !Ref Zones]`, "a,b"],
    [`!Select [1, !Split ["|", "x|y|z"]]`, "y"],
    ["!FindInMap [M, !Ref Env, size]", "big"],
    ["!FindInMap [M, dev, size, { DefaultValue: small }]", "small"],
    ["!If [IsProd, one, two]", "one"],
    ["[1, !Ref AWS::NoValue, 2]", [1, 2]],
    ["{ a: !If [No, x, !Ref AWS::NoValue], b: 1 }", { b: 1 }],
    ["!Base64 hello", "aGVsbG8="],
    [`!Cidr ["10.0.0.0/16", 3, 8]`, ["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24"]],
    ["!GetAZs ''", ["eu-west-1a", "eu-west-1b", "eu-west-1c"]],
    ["!ImportValue x", "imported x"],
    ["{ 'Fn::Length': !Ref Zones }", 2],
    [`{ "Fn::ToJsonString": { a: !Ref Env } }`, '{"a":"prod"}'],
  ])("resolves %s", (text, expected) => {
    expect(resolve(yaml(text), scope)).toEqual(expected);
  });

  it.each<[string, string]>([
    [
      "!Ref Nobody",
      "Template format error: Unresolved resource dependencies [Nobody] in the Resources block of the template",
    ],
    ["!FindInMap [M, dev, size]", "Template error: Unable to get mapping for M::dev::size"],
    ["!Select [9, [a]]", "Template error: Fn::Select  cannot select nonexistent value at index 9"],
    ["!If [Missing, 1, 2]", "Template error: unresolved condition dependency Missing in Fn::If"],
    ["!GetAtt R.Colour", "Template error: resource R does not support attribute type Colour in Fn::GetAtt"],
  ])("rejects %s", (text, message) => {
    expect(() => resolve(yaml(text), scope)).toThrow(message);
  });
});

describe("conditions", () => {
  it("evaluates conditions through each other and names circles", () => {
    const evaluate = (text: string) => evaluateConditions(parseTemplate(text), scope);
    expect(
      evaluate(`
A: !Equals [!Ref Env, prod]
B: !Not [!Condition A]
C: !Or [!Condition A, !Condition B]
D: !And [!Condition C, !Equals ["1", 1]]`),
    ).toEqual({ A: true, B: false, C: true, D: true });
    expect(() => evaluate("A: !Not [!Condition B]\nB: !Not [!Condition A]")).toThrow("circular");
  });
});

describe("parameters", () => {
  const declared = {
    Name: { Type: "String", AllowedPattern: "[a-z]+", MaxLength: 5 },
    Size: { Type: "Number", Default: 2, MinValue: 1, MaxValue: 3 },
    Kind: { Type: "String", Default: "x", AllowedValues: ["x", "y"], ConstraintDescription: "x or y" },
  };
  const values = (given: Record<string, string>) =>
    parameterValues(
      declared,
      Object.entries(given).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
      undefined,
    );

  it("takes defaults", () => {
    expect(values({ Name: "abc" }).map((one) => one.value)).toEqual(["abc", "2", "x"]);
  });

  it.each<[Record<string, string>, string]>([
    [{}, "Parameters: [Name] must have values"],
    [{ Name: "a", Other: "b" }, "Parameters: [Other] do not exist in the template"],
    [{ Name: "ABC" }, "Parameter 'Name' must match pattern [a-z]+"],
    [{ Name: "abcdef" }, "Parameter 'Name' must contain at most 5 characters"],
    [{ Name: "a", Size: "9" }, "Parameter 'Size' must be a number not greater than 3"],
    [{ Name: "a", Size: "many" }, "Parameter 'Size' must be a number."],
    [{ Name: "a", Kind: "z" }, "Parameter Kind failed to satisfy constraint: x or y"],
  ])("rejects %j", (given, message) => {
    expect(() => values(given)).toThrow(message);
  });
});

describe("physical names", () => {
  const random = Buffer.alloc(12, 7);

  it("keeps names within a type's limit and distinct by their random part", () => {
    const long = physicalName("a".repeat(100), "b".repeat(100), random, { max: 64 });
    expect(long).toHaveLength(64);
    expect(physicalName("stack", "Bucket", random, { max: 63, lowerCase: true })).toMatch(
      /^stack-bucket-[a-z0-9]{12}$/,
    );
    expect(physicalName("stack", "Q", random, { max: 80, suffix: ".fifo" })).toMatch(
      /^stack-Q-\w{12}\.fifo$/,
    );
    expect(physicalName("a".repeat(100), "Id", random, { max: 40 }).length).toBeLessThanOrEqual(40);
  });
});
