import { describe, expect, it } from "vitest";
import { checkParameters, mergeParameters, noParameters, readParameters } from "#release/stack/parameters.ts";
import { codeOf, errorOf } from "#test/release/samples.ts";

const values = (text: string) => readParameters(text, "parameters.json").values;

describe("a parameters file", () => {
  it.each([
    ['{"A": "1", "B": 2, "C": true, "D": ["x", "y"]}', { A: "1", B: "2", C: "true", D: "x,y" }],
    ['{"Parameters": {"A": "1"}}', { A: "1" }],
    ['[{"ParameterKey": "A", "ParameterValue": "1"}]', { A: "1" }],
    ['["A=1", "B=x=y"]', { A: "1", B: "x=y" }],
    ["{}", {}],
    ['\ufeff{"A": "with a byte order mark"}', { A: "with a byte order mark" }],
    ['{"Parameters": "a parameter of that name"}', { Parameters: "a parameter of that name" }],
  ])("accepts %s", (text, expected) => {
    expect(values(text)).toEqual(expected);
  });

  it("accepts tags in CodePipeline's form", () => {
    expect(readParameters('{"Parameters": {}, "Tags": {"team": "shop"}}', "p").tags).toEqual({
      team: "shop",
    });
  });

  it.each([
    ["{", "p is not JSON"],
    ['"A"', "p holds neither an object nor a list."],
    ['{"A": {"B": 1}}', "p gives A an object; expected a text, number or list."],
    ['{"A": null}', "p gives A null"],
    ['[{"ParameterKey": "A"}]', "p gives A no ParameterValue."],
    ['[{"Key": "A"}]', 'p lists {"Key":"A"}'],
    ['{"Parameters": {}, "Extra": 1}', "p has Extra beside Parameters and Tags."],
    [`{"A": "${"x".repeat(4097)}"}`, "p gives A more than the 4096 bytes"],
  ])("is rejected when it is %s", async (text, message) => {
    const error = await errorOf(() => readParameters(text, "p"));
    expect(error?.code).toBe("ParametersMalformed");
    expect(error?.message).toContain(message);
  });
});

describe("parameters", () => {
  const document = {
    Parameters: { Stage: { Type: "String" }, Size: { Type: "Number", Default: 1 } },
    Resources: {},
  };
  const given = (values: Record<string, string>) => ({ values, tags: {} });

  it("parameters override the shared ones in an environment", () => {
    const merged = mergeParameters(given({ A: "shared", B: "shared" }), noParameters, given({ B: "dev" }));
    expect(merged.values).toEqual({ A: "shared", B: "dev" });
  });

  it("parameters are complete when each one without a default has a value", async () => {
    expect(await codeOf(() => checkParameters([document], given({ Stage: "dev" }), "dev"))).toBe("no error");
  });

  it("parameters are rejected when one is missing or unknown, by name and environment", async () => {
    const missing = await errorOf(() => checkParameters([document], given({}), "qa"));
    expect([missing?.code, missing?.message]).toEqual([
      "ParametersMissing",
      "The environment qa has no value for Stage.",
    ]);
    const unknown = await errorOf(() => checkParameters([document], given({ Stage: "x", Sise: "2" }), "qa"));
    expect(unknown?.code).toBe("ParametersUnknown");
    expect(unknown?.message).toBe(
      "For qa there are values for Sise; the template's parameters are Stage, Size.",
    );
  });

  it("parameters are rejected for a template without parameters", async () => {
    expect(await codeOf(() => checkParameters([{ Resources: {} }], given({ A: "1" }), "dev"))).toBe(
      "ParametersUnknown",
    );
  });
});
