/** Tests the local files that AWS::Include names: they stand in the packaged template. */
import { describe, expect, it } from "vitest";
import type { PlainObject, PlainValue } from "#release/document/template-document.ts";
import { localIncludes, withIncludes } from "#release/stack/local-include.ts";

const include = (Location: PlainValue, key = "Fn::Transform"): PlainObject => ({
  [key]: { Name: "AWS::Include", Parameters: { Location } },
});

describe("localIncludes", () => {
  it("finds files at any place of a template", () => {
    const document = {
      Resources: { ...include("more.json"), Api: { Properties: { Body: [include("api.yaml")] } } },
      ...include("top.yaml", "Transform"),
    };
    expect(localIncludes(document).map(({ at, path }) => `${at.join(".")}=${path}`)).toEqual([
      "Resources.Fn::Transform=more.json",
      "Resources.Api.Properties.Body.0.Fn::Transform=api.yaml",
      "Transform=top.yaml",
    ]);
  });

  it.each<[string, PlainObject]>([
    ["objects of S3", include("s3://bucket/key")],
    ["locations that a function computes", include({ Ref: "Location" })],
    ["other macros", { "Fn::Transform": { Name: "Acme", Parameters: { Location: "a.yaml" } } }],
  ])("leaves %s", (_, document) => {
    expect(localIncludes(document)).toEqual([]);
  });
});

describe("withIncludes", () => {
  it("puts the fields of the file beside the fields of the template", () => {
    const document = { Body: { a: 1, ...include("api.yaml"), z: 2 }, Tags: [include("tag.yaml")] };
    const contents = new Map<string, PlainObject>([
      ["api.yaml", { paths: { "/": {} } }],
      ["tag.yaml", { Key: "k", Value: "v" }],
    ]);
    expect(withIncludes(document, contents)).toEqual({
      Body: { a: 1, paths: { "/": {} }, z: 2 },
      Tags: [{ Key: "k", Value: "v" }],
    });
  });
});
