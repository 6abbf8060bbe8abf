/** Package and Prepare refuse templates that break a rule of an environment, and warn where the estate says so. */
import { describe, expect, it } from "vitest";
import { packageArtifact } from "#journey/package-artifact.ts";
import { prepareEnvironment } from "#journey/prepare-environment.ts";
import type { PlainObject, PlainValue } from "#release/document/template-document.ts";
import type { Estate } from "#release/estate/estate.ts";
import type { RuleSettings } from "#release/rules/rule-settings.ts";
import { errorOf } from "#test/release/samples.ts";
import type { ArtifactFiles } from "#test/support/artifact.ts";
import { fakeEstate } from "#test/support/fakes/anchor.ts";
import { job, type PipelineFixture, pipelineFixture } from "./pipeline-fixture.ts";

const role = (AWS: PlainValue): PlainObject => ({
  Type: "AWS::IAM::Role",
  Properties: {
    AssumeRolePolicyDocument: {
      Statement: [{ Effect: "Allow", Principal: { AWS }, Action: "sts:AssumeRole" }],
    },
  },
});
const template = (Resources: PlainObject, more: PlainObject = {}): string =>
  JSON.stringify({ Resources, ...more });
const url = template({
  Url: { Type: "AWS::Lambda::Url", Properties: { TargetFunctionArn: "f", AuthType: "NONE" } },
});
const foreign = "999988887777";

const withRules = (rules: RuleSettings): Estate => ({
  ...fakeEstate,
  anchors: fakeEstate.anchors.map((anchor) => ({
    ...anchor,
    environments: anchor.environments.map((environment) => ({ ...environment, rules })),
  })),
});

async function packaged(files: ArtifactFiles, estate: Estate = fakeEstate) {
  const deps = { ...(await pipelineFixture(files)), estate: { load: async () => estate } };
  return { deps, answer: await packageArtifact(deps, job("Release", "Packaged")) };
}
const prepare = (deps: PipelineFixture) => prepareEnvironment(deps, job("Packaged", "Prepared_dev"));

describe("Package", () => {
  it("refuses a role that everybody may assume before it publishes anything", async () => {
    const deps = await pipelineFixture({
      "template.yaml": template({ Open: role("*") }),
      "src/index.js": "1",
    });
    const error = await errorOf(() => packageArtifact(deps, job("Release", "Packaged")));
    expect(error?.code).toBe("RuleBroken");
    expect(error?.message).toContain(
      "template.yaml: Open (AssumeRolePolicyDocument) may be assumed by everybody.",
    );
    expect(error?.message).toMatch(/^trust-anonymous in dev, /);
    expect(deps.assets.objects.size).toBe(0);
  });

  it("judges nested templates with the values that are handed to them", async () => {
    const inner = template({ R: role({ Ref: "Who" }) }, { Parameters: { Who: { Type: "String" } } });
    const nesting = (Who: PlainValue) => ({
      "template.yaml": template({
        Inner: {
          Type: "AWS::CloudFormation::Stack",
          Properties: { TemplateURL: "inner.yaml", Parameters: { Who } },
        },
      }),
      "inner.yaml": inner,
    });
    expect((await packaged(nesting({ Ref: "AWS::AccountId" }))).answer.type).toBe("done");
    const outside = await errorOf(() => packaged(nesting(foreign)));
    expect(outside?.message).toContain(
      `inner.yaml: R (AssumeRolePolicyDocument) may be assumed by ${foreign}`,
    );
    const unclear = await errorOf(() => packaged(nesting({ "Fn::ImportValue": "who" })));
    expect(unclear?.message).toContain("gives its parameter Who no fixed value");
  });

  it.each([
    ["a condition", { "Fn::If": ["Yes", { Who: foreign }, { Who: { Ref: "AWS::AccountId" } }] }],
    ["a loop", { "Fn::ForEach::N": ["N", ["Who"], { "${N}": foreign }] }],
  ])("does not take the default of a parameter that %s hands over", async (_, Parameters) => {
    const declared = { Who: { Type: "String", Default: "111111111111" } };
    const files = {
      "template.yaml": template(
        {
          Inner: {
            Type: "AWS::CloudFormation::Stack",
            Properties: { TemplateURL: "inner.yaml", Parameters },
          },
        },
        { Transform: "AWS::LanguageExtensions", Conditions: { Yes: { "Fn::Equals": ["a", "a"] } } },
      ),
      "inner.yaml": template({ R: role({ Ref: "Who" }) }, { Parameters: declared }),
    };
    const error = await errorOf(() => packaged(files));
    expect(error?.code).toBe("RuleBroken");
    expect(error?.message).toContain("inner.yaml: R (AssumeRolePolicyDocument) may be assumed by");
  });

  it("refuses a nested template that is not in the artifact", async () => {
    const TemplateURL = "https://elsewhere.s3.us-east-1.amazonaws.com/open.yaml";
    const files = {
      "template.yaml": template({
        Inner: { Type: "AWS::CloudFormation::Stack", Properties: { TemplateURL } },
      }),
    };
    expect((await errorOf(() => packaged(files)))?.message).toContain(
      "takes its template from outside the artifact",
    );
  });

  it("judges an included file, and writes it into the template", async () => {
    const including = (more: string) => ({
      "template.yaml": `
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: v1
      DefinitionBody:
        Fn::Transform: { Name: AWS::Include, Parameters: { Location: api/open.yaml } }
`,
      "api/open.yaml": `openapi: "3.0.1"\npaths: {}\ninfo: { title: ${more} }\n`,
    });
    const { deps } = await packaged(including("Orders"));
    const { "template.json": written = "" } = await deps.written("Packaged");
    expect(written).toContain('"DefinitionBody":{"openapi":"3.0.1","paths":{},"info":{"title":"Orders"}}');
    const secret = await errorOf(() => packaged(including('"{{resolve:secretsmanager:billing/db}}"')));
    expect(secret?.message).toContain("takes the secret billing/db");
  });

  it("refuses an included file that has no fields, or that is included too often", async () => {
    const tags = (content: string, times = 1): ArtifactFiles => ({
      "template.json": template({
        T: {
          Type: "AWS::SNS::Topic",
          Properties: {
            Tags: Array.from({ length: times }, () => ({
              "Fn::Transform": { Name: "AWS::Include", Parameters: { Location: "tag.json" } },
            })),
          },
        },
      }),
      "tag.json": content,
    });
    expect((await errorOf(() => packaged(tags('["a"]'))))?.code).toBe("TemplateMalformed");
    const large = tags(JSON.stringify({ Key: "k", Value: "x".repeat(1000) }), 2000);
    expect((await errorOf(() => packaged(large)))?.code).toBe("TemplateTooLarge");
  });

  it("refuses what is public for the protected environment, and lets the estate decide", async () => {
    const rejected = await errorOf(() => packaged({ "template.yaml": url }));
    expect(rejected?.message).toMatch(/^function-url-open in prod: /);
    const warned = await packaged({ "template.yaml": url }, withRules({ "function-url-open": "warn" }));
    expect(warned.answer).toMatchObject({
      outputs: { Warnings: expect.stringMatching(/^Rules warn\. function-url-open in dev, .*prod: /) },
    });
    const { "findings.json": findings = "" } = await warned.deps.written("Packaged");
    expect(JSON.parse(findings)).toContainEqual(
      expect.objectContaining({ rule: "function-url-open", verdict: "warn", environment: "prod" }),
    );
    const allowed = await packaged({ "template.yaml": url }, withRules({ "function-url-open": "allow" }));
    expect(allowed.answer).not.toMatchObject({ outputs: { Warnings: expect.anything() } });
  });
});

describe("Prepare", () => {
  const files = {
    "template.yaml": template({ R: role({ Ref: "Who" }) }, { Parameters: { Who: { Type: "String" } } }),
    "parameters/dev.json": JSON.stringify({ Who: "${ssm:/who}" }),
    "parameters/prod.json": JSON.stringify({ Who: "${account}" }),
  };

  it("judges parameters that only the target knows", async () => {
    const { deps } = await packaged(files);
    deps.known.set("/who", foreign);
    const error = await errorOf(() => prepare(deps));
    expect(error?.code).toBe("RuleBroken");
    expect(error?.message).toContain(
      `trust-outside in dev: template.yaml: R (AssumeRolePolicyDocument) may be assumed by ${foreign}`,
    );
    deps.known.set("/who", "222222222222");
    expect((await prepare(deps)).type).toBe("done");
  });

  it("writes its findings and warnings for those who decide", async () => {
    const { deps } = await packaged({ "template.yaml": url }, withRules({ "function-url-open": "warn" }));
    expect(await prepare(deps)).toMatchObject({
      outputs: { Warnings: expect.stringContaining("function-url-open in dev") },
    });
    const { "findings.json": findings = "" } = await deps.written("Prepared_dev");
    expect(JSON.parse(findings)).toMatchObject([{ rule: "function-url-open", resource: "Url" }]);
  });

  it("judges a release that an older version of Kedge packaged", async () => {
    const { deps } = await packaged({ "template.yaml": url }, withRules({ "function-url-open": "allow" }));
    await deps.without("Packaged", "rules.json");
    expect(await prepare(deps)).toMatchObject({
      outputs: { Warnings: expect.stringContaining("function-url-open in dev") },
    });
  });
});
