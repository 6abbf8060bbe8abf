import { describe, expect, it } from "vitest";
import {
  isServerless,
  readTemplate,
  transformsOf,
  writeTemplate,
} from "#release/document/template-document.ts";
import { codeOf, errorOf } from "#test/release/samples.ts";

const resource = "Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n";
const value = (yaml: string): unknown =>
  (readTemplate(`${resource}Metadata:\n  it: ${yaml}\n`, "template.yaml")["Metadata"] as { it: unknown }).it;

describe("reading a template", () => {
  it.each([
    ["!Ref Topic", { Ref: "Topic" }],
    ["!Condition IsProd", { Condition: "IsProd" }],
    ["!GetAtt Topic.TopicName", { "Fn::GetAtt": ["Topic", "TopicName"] }],
    ["!GetAtt Nested.Outputs.Url", { "Fn::GetAtt": ["Nested", "Outputs.Url"] }],
    ["!GetAtt [Topic, TopicName]", { "Fn::GetAtt": ["Topic", "TopicName"] }],
    ['!Sub "${AWS::Region}-x"', { "Fn::Sub": "${AWS::Region}-x" }],
    ["!Sub ['${A}', {A: !Ref B}]", { "Fn::Sub": ["${A}", { A: { Ref: "B" } }] }],
    ["!If [A, !Ref B, !Ref AWS::NoValue]", { "Fn::If": ["A", { Ref: "B" }, { Ref: "AWS::NoValue" }] }],
    ["!Base64 {Fn::Sub: x}", { "Fn::Base64": { "Fn::Sub": "x" } }],
    ["!Join ['', [a, !GetAZs '']]", { "Fn::Join": ["", ["a", { "Fn::GetAZs": "" }]] }],
    ["!Transform {Name: AWS::Include}", { "Fn::Transform": { Name: "AWS::Include" } }],
  ])("unfolds %s", (yaml, plain) => {
    expect(value(yaml)).toEqual(plain);
  });

  it.each([
    ["2010-09-09", "2010-09-09"],
    ["012345678901", "012345678901"],
    ["1.10", "1.10"],
    ["12345678901234567890", "12345678901234567890"],
    ["42", 42],
    ["-7", -7],
    ["1.5", 1.5],
    ["yes", true],
    ["Off", false],
    ["'yes'", "yes"],
    ["~", null],
    ["1e3", "1e3"],
    ["12:30", "12:30"],
    ["!!str 5", "5"],
  ])("reads %s as CloudFormation does", (yaml, plain) => {
    expect(value(yaml)).toBe(plain);
  });

  it("follows aliases and merge keys, and lets own fields win", () => {
    const text = `${resource}Metadata:\n  base: &base {a: 1, b: 2}\n  it: {<<: *base, b: 3}\n  again: *base\n`;
    expect(readTemplate(text, "t")["Metadata"]).toEqual({
      base: { a: 1, b: 2 },
      it: { a: 1, b: 3 },
      again: { a: 1, b: 2 },
    });
  });

  it("reads JSON, tabs and all, and writes it back", () => {
    const json = '{\n\t"Resources": {"A": {"Type": "AWS::SNS::Topic"}}\n}';
    const document = readTemplate(json, "template.json");
    expect(JSON.parse(writeTemplate(document))).toEqual(JSON.parse(json));
  });

  it("knows transforms in all their forms", () => {
    const transforms = (yaml: string) => transformsOf(readTemplate(`${resource}Transform: ${yaml}\n`, "t"));
    expect(transforms("AWS::Serverless-2016-10-31")).toEqual(["AWS::Serverless-2016-10-31"]);
    expect(transforms("[AWS::LanguageExtensions, AWS::Serverless-2016-10-31]")).toHaveLength(2);
    expect(transforms("{Name: AWS::Include, Parameters: {Location: s3://b/k}}")).toEqual(["AWS::Include"]);
    expect(isServerless(readTemplate(resource, "t"))).toBe(false);
  });

  it.each([
    [
      "a duplicate key",
      `${resource}  Topic:\n    Type: AWS::SQS::Queue\n`,
      "template.yaml, line 4, column 3: Map keys must be unique",
    ],
    ["odd indentation", "Resources:\n  A:\n    Type: AWS::SNS::Topic\n   Properties: {}\n", "line 4"],
    ["a tab", "Resources:\n\tA: x\n", "line 2"],
    [
      "an unknown function",
      `${resource}Outputs:\n  A: !Reff Topic\n`,
      "template.yaml, line 5, column 12: CloudFormation has no function !Reff.",
    ],
    ["two documents", `${resource}---\n${resource}`, "line 4"],
    ["broken JSON", '{"Resources": {', "line 1"],
    ["a list", "- a\n", "it is not an object with Resources"],
    [
      "no resources",
      "Description: x\nParameters: {}\n",
      "it has no Resources; at its top are Description, Parameters.",
    ],
    ["empty resources", "Resources: {}\n", "it has no Resources"],
    ["a resource without type", "Resources:\n  A:\n    Properties: {}\n", "the resource A has no Type."],
    ["prose", "Hello world\n", "it is not an object with Resources"],
    ["nothing", "", "it is not an object with Resources"],
    ["itself", "Resources: &r\n  A: *r\n", "The anchor &r contains itself."],
    [
      "deep nesting",
      `Resources: ${"[".repeat(200)}${"]".repeat(200)}`,
      "The document nests or repeats too much.",
    ],
    ["a tag of a language", `${resource}Metadata: !!js/function "x"\n`, "CloudFormation has no function"],
    [
      "deep nesting in whole JSON",
      `{"Resources":{"A":{"Type":"x"}},"Metadata":${"[".repeat(20_000)}${"]".repeat(20_000)}}`,
      "line 1, column 144: The document nests or repeats too much.",
    ],
    [
      "more signs than people write",
      `${resource}Metadata: ${"&a ".repeat(300_000)}`,
      "The document nests or repeats too much.",
    ],
    ["a list of aliases without end", `x: &x 1\n${resource}M: [${"*x,".repeat(90_000)}]`, "too much"],
  ])("rejects %s with its location", async (_, text, message) => {
    const error = await errorOf(() => readTemplate(text, "template.yaml"));
    expect(error?.code).toBe("TemplateMalformed");
    expect(error?.message).toContain(message);
  });

  it("rejects a text that would unfold to billions of nodes", async () => {
    const lols = Array.from(
      { length: 12 },
      (_, index) => `  l${index + 1}: &l${index + 1} [${`*l${index},`.repeat(9)}]`,
    );
    const text = `Resources:\n  A: {Type: x}\nMetadata:\n  l0: &l0 lol\n${lols.join("\n")}\n`;
    expect(await codeOf(() => readTemplate(text, "t"))).toBe("TemplateMalformed");
  });

  it("rejects more than CloudFormation accepts", async () => {
    expect(await codeOf(() => readTemplate(`# ${"x".repeat(1024 * 1024)}`, "t"))).toBe("TemplateTooLarge");
  });
});
