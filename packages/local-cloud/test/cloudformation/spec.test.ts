import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { changedProperties, replacement } from "#cloud/cloudformation/diff.ts";
import { extractSpec } from "#cloud/resource-types/extract-spec.ts";
import { resourceTypes } from "#cloud/resource-types/index.ts";
import { recreationRule } from "#cloud/resource-types/replacement.ts";
import { openSpec, specFile } from "#cloud/resource-types/spec.ts";
import { propertyProblems } from "#cloud/resource-types/validate-properties.ts";

const spec = openSpec();

describe("the slice of AWS's resource schemas", () => {
  it("equals the slice of the installed specification", async () => {
    expect(gunzipSync(readFileSync(specFile)).toString() === (await extractSpec())).toBe(true);
  });

  it("knows every type that has behaviour here", () => {
    const unlisted = ["AWS::CloudFormation::WaitConditionHandle"];
    expect(
      resourceTypes.map((one) => one.type).filter((type) => !spec.has(type) && !unlisted.includes(type)),
    ).toEqual([]);
    expect(new Set(resourceTypes.map((one) => one.type)).size).toBe(resourceTypes.length);
  });

  it.each<[string, Parameters<typeof propertyProblems>[0], readonly string[]]>([
    ["AWS::Lambda::Function", { Role: "r" }, ["#: required key [Code] not found"]],
    [
      "AWS::Lambda::Function",
      { Role: "r", Code: { Zip: "x" } },
      ["#/Code: extraneous key [Zip] is not permitted"],
    ],
    ["AWS::SQS::Queue", { DelaySeconds: "soon" }, ["#/DelaySeconds: expected type: Integer, found: String"]],
    ["AWS::SQS::Queue", { DelaySeconds: "5", FifoQueue: "true", Tags: [{ Key: "a", Value: "b" }] }, []],
  ])("reports the problems of %s %j", (type, properties, problems) => {
    const known = spec.get(type);
    expect(known && propertyProblems(properties, known)).toEqual(problems);
  });

  it("knows which changes replace a resource", () => {
    const verdict = (type: string, before: object, after: object) =>
      replacement(changedProperties({ ...before }, { ...after }, recreationRule(spec.get(type))));
    expect(verdict("AWS::SQS::Queue", { QueueName: "a" }, { QueueName: "b" })).toBe("True");
    expect(verdict("AWS::SQS::Queue", { DelaySeconds: 1 }, { DelaySeconds: "2" })).toBe("False");
    expect(verdict("AWS::Lambda::Function", { Timeout: 1 }, { Timeout: "1" })).toBe("False");
  });
});
