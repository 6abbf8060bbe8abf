import { describe, expect, it } from "vitest";
import type { TemplateDocument } from "#release/document/template-document.ts";
import { bucketToken, keyToken, tokenReferences } from "#release/stack/asset-token.ts";
import { archivePath, localReferences } from "#release/stack/local-reference.ts";
import { namesVersion, rewriteTemplate } from "#release/stack/rewrite.ts";
import { codeOf } from "#test/release/samples.ts";

const location = { bucket: "cache", key: "parts/abc.zip", region: "us-east-1", versionId: "v1" };
const template = (Type: string, Properties: TemplateDocument): TemplateDocument => ({
  Resources: { It: { Type, Properties } },
});

/** The property as it is after packaging. */
function packaged(type: string, properties: TemplateDocument, path: readonly string[]): unknown {
  const document = template(type, properties);
  const rewrites = localReferences(document).map((reference) => ({ reference, location }));
  return at(rewriteTemplate(document, rewrites), path);
}

const at = (document: TemplateDocument, path: readonly string[]): unknown =>
  ["Resources", "It", "Properties", ...path].reduce<unknown>(
    (value, step) => (value as Record<string, unknown>)[step],
    document,
  );

const zip = keyToken("zip", "asset.1");

const uri = "s3://cache/parts/abc.zip";
const url = "https://cache.s3.us-east-1.amazonaws.com/parts/abc.zip?versionId=v1";
const inLambda = { S3Bucket: "cache", S3Key: "parts/abc.zip", S3ObjectVersion: "v1" };
const versioned = { Bucket: "cache", Key: "parts/abc.zip", Version: "v1" };

describe("local references", () => {
  it.each([
    ["AWS::Serverless::Function", { CodeUri: "src/" }, ["CodeUri"], versioned],
    ["AWS::Serverless::LayerVersion", { ContentUri: "layer" }, ["ContentUri"], versioned],
    ["AWS::Serverless::Api", { DefinitionUri: "api.yaml" }, ["DefinitionUri"], versioned],
    ["AWS::Serverless::HttpApi", { DefinitionUri: "api.yaml" }, ["DefinitionUri"], versioned],
    ["AWS::Serverless::StateMachine", { DefinitionUri: "a.asl.json" }, ["DefinitionUri"], versioned],
    ["AWS::Serverless::Application", { Location: "nested/template.yaml" }, ["Location"], url],
    ["AWS::Serverless::GraphQLApi", { SchemaUri: "s.graphql" }, ["SchemaUri"], uri],
    [
      "AWS::Serverless::GraphQLApi",
      { Resolvers: { Query: { get: { CodeUri: "r.js" } } } },
      ["Resolvers", "Query", "get", "CodeUri"],
      uri,
    ],
    ["AWS::Lambda::Function", { Code: "src" }, ["Code"], inLambda],
    ["AWS::Lambda::LayerVersion", { Content: "layer" }, ["Content"], inLambda],
    ["AWS::ApiGateway::RestApi", { BodyS3Location: "api.yaml" }, ["BodyS3Location"], versioned],
    ["AWS::AppSync::GraphQLSchema", { DefinitionS3Location: "s.graphql" }, ["DefinitionS3Location"], uri],
    ["AWS::AppSync::Resolver", { CodeS3Location: "r.js" }, ["CodeS3Location"], uri],
    [
      "AWS::StepFunctions::StateMachine",
      { DefinitionS3Location: "a.json" },
      ["DefinitionS3Location"],
      versioned,
    ],
    ["AWS::CloudFormation::Stack", { TemplateURL: "nested.yaml" }, ["TemplateURL"], url],
    ["AWS::Glue::Job", { Command: { ScriptLocation: "job.py" } }, ["Command", "ScriptLocation"], uri],
    [
      "AWS::ElasticBeanstalk::ApplicationVersion",
      { SourceBundle: "app.zip" },
      ["SourceBundle"],
      { S3Bucket: "cache", S3Key: "parts/abc.zip" },
    ],
    [
      "AWS::CodeCommit::Repository",
      { Code: { S3: "repo" } },
      ["Code", "S3"],
      { Bucket: "cache", Key: "parts/abc.zip", ObjectVersion: "v1" },
    ],
  ])("local references get AWS's form in %s", (type, properties, path, expected) => {
    expect(packaged(type, properties as unknown as TemplateDocument, path)).toEqual(expected);
  });

  it.each<[string, TemplateDocument]>([
    ["AWS::Serverless::Function", { CodeUri: "s3://bucket/key" }],
    ["AWS::Serverless::Function", { CodeUri: { Bucket: "b", Key: "k" } }],
    ["AWS::Serverless::Function", { InlineCode: "x" }],
    ["AWS::Serverless::Function", { PackageType: "Image" }],
    ["AWS::Lambda::Function", { Code: { ZipFile: "x" } }],
    ["AWS::Lambda::Function", { Code: { Ref: "Somewhere" } }],
    ["AWS::CloudFormation::Stack", { TemplateURL: "https://s3.amazonaws.com/b/k" }],
    ["AWS::SNS::Topic", { Code: "src" }],
  ])("local references are not detected where %s has %j", (type, properties) => {
    expect(localReferences(template(type, properties))).toEqual([]);
  });

  it.each<[string, TemplateDocument, readonly string[], unknown]>([
    [
      "AWS::Lambda::Function",
      { Code: { S3Bucket: bucketToken, S3Key: zip } },
      ["Code", "S3ObjectVersion"],
      "v1",
    ],
    ["AWS::ApiGateway::RestApi", { BodyS3Location: { Key: zip } }, ["BodyS3Location", "Version"], "v1"],
    [
      "AWS::ElasticBeanstalk::ApplicationVersion",
      { SourceBundle: { S3Bucket: bucketToken, S3Key: zip } },
      ["SourceBundle", "S3ObjectVersion"],
      undefined,
    ],
    ["Custom::Deployment", { SourceObjectKeys: [zip] }, ["Version"], undefined],
    ["AWS::Lambda::Function", { Code: { S3Key: `prefix/${zip}` } }, ["Code", "S3ObjectVersion"], undefined],
  ])(
    "a token that is a key in %s %j gets its version where there is a property for it",
    (type, properties, path, expected) => {
      const document = template(type, properties);
      const [reference] = tokenReferences(document);
      if (reference === undefined) throw new TypeError("There is no token.");
      expect(namesVersion(document, reference)).toBe(expected !== undefined);
      const rewritten = rewriteTemplate(document, [{ reference, location }]);
      expect(at(rewritten, path)).toBe(expected);
    },
  );

  it("local references are found in Globals and in metadata", () => {
    const document: TemplateDocument = {
      Globals: { Function: { CodeUri: "src/" } },
      Metadata: { "AWS::ServerlessRepo::Application": { LicenseUrl: "LICENSE", ReadmeUrl: "s3://b/k" } },
      Resources: {
        F: { Type: "AWS::Serverless::Function", Properties: {} },
      },
    };
    expect(localReferences(document).map(({ at, path }) => `${at.join(".")}=${path}`)).toEqual([
      "Globals.Function.CodeUri=src/",
      "Metadata.AWS::ServerlessRepo::Application.LicenseUrl=LICENSE",
    ]);
  });

  it("local references are implied by a function without code", () => {
    const [reference] = localReferences(template("AWS::Serverless::Function", { Handler: "index.handler" }));
    expect(reference).toMatchObject({ path: ".", kind: "zip" });
    expect(packaged("AWS::Serverless::Function", { Handler: "index.handler" }, ["CodeUri"])).toEqual(
      versioned,
    );
  });

  it("local references are replaced in a copy", () => {
    const document = template("AWS::Serverless::Function", { CodeUri: "src/" });
    const before = JSON.stringify(document);
    rewriteTemplate(
      document,
      localReferences(document).map((reference) => ({ reference, location })),
    );
    expect(JSON.stringify(document)).toBe(before);
  });

  it.each([
    ["template.yaml", "src/", "src"],
    ["template.yaml", "./a//b/./c", "a/b/c"],
    ["template.yaml", ".", ""],
    ["deploy/template.yaml", "../src", "src"],
    [".aws-sam/build/template.yaml", "HelloWorld", ".aws-sam/build/HelloWorld"],
    ["template.yaml", "src\\app", "src/app"],
  ])("local references from %s to %s resolve to %j", (templatePath, path, expected) => {
    expect(archivePath(templatePath, { at: [], path, kind: "zip", form: "uri" })).toBe(expected);
  });

  it.each(["../src", "a/../../b", "/home/ci/src", "C:\\build"])(
    "local references reject %s",
    async (path) => {
      const reference = { at: ["Resources"], path, kind: "zip", form: "uri" } as const;
      expect(await codeOf(() => archivePath("template.yaml", reference))).toBe("ReferenceMalformed");
    },
  );
});
