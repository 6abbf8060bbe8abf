/** References to the parameter store get versions, and template parameters of its types become plain ones. */
import { describe, expect, it } from "vitest";
import {
  isUnpinnable,
  storeReferencesIn,
  withKnownNames,
  withPlainParameters,
  withVersions,
} from "#release/document/store-references.ts";

describe("a dynamic reference", () => {
  it("gets the version of now, and keeps a version that it has", () => {
    const value = { A: "x-{{resolve:ssm:/size}}-{{resolve:ssm-secure:key:2}}" };
    expect(storeReferencesIn(value)).toEqual([
      { kind: "ssm", name: "/size" },
      { kind: "ssm-secure", name: "key:2" },
    ]);
    expect(withVersions(value, () => 7)).toEqual({
      A: "x-{{resolve:ssm:/size:7}}-{{resolve:ssm-secure:key:2}}",
    });
  });

  it("gets its known variables before its version", () => {
    const sub = { "Fn::Sub": "{{resolve:ssm:/${Stage}/${AWS::Region}/size}} ${Stage}" };
    expect(withKnownNames(sub, { Stage: "prod", "AWS::Region": "eu-west-1" })).toEqual({
      "Fn::Sub": "{{resolve:ssm:/prod/eu-west-1/size}} ${Stage}",
    });
  });

  it("leaves a variable that the map of its Fn::Sub hides", () => {
    const sub = { "Fn::Sub": ["{{resolve:ssm:/${Stage}}}", { Stage: "own" }] };
    expect(withKnownNames(sub, { Stage: "prod" })).toEqual(sub);
  });

  it.each([
    ["{{resolve:ssm:/size}}", false],
    ["{{resolve:ssm:/${Stage}/size}}", false],
    ["{{resolve:ssm:/${Topic.TopicName}/size}}", true],
    ["{{resolve:ssm:/a/", true],
    ["{{resolve:secretsmanager:a}}", false],
  ])("%s has no place for a version: %s", (text, expected) => {
    expect(isUnpinnable(text, ["Stage"])).toBe(expected);
  });
});

describe("a template parameter of a type of the parameter store", () => {
  const document = {
    Parameters: {
      Ami: { Type: "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>", Default: "/ami", Description: "d" },
      Nets: { Type: "AWS::SSM::Parameter::Value<List<String>>", AllowedPattern: "/nets/.*" },
      Plain: { Type: "String", Default: "x" },
    },
    Resources: { T: { Type: "AWS::SNS::Topic" } },
  };

  it("becomes a plain parameter without the constraints of its name", () => {
    expect(withPlainParameters(document, new Set(["Ami", "Nets"]))["Parameters"]).toEqual({
      Ami: { Type: "AWS::EC2::Image::Id", Description: "d" },
      Nets: { Type: "CommaDelimitedList" },
      Plain: { Type: "String", Default: "x" },
    });
  });
});
