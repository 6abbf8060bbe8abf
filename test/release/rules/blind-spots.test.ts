/** Tests the rules on templates that hide a setting: in a loop, behind a name of the team, as an absent value. */
import { describe, expect, it } from "vitest";
import type { PlainObject, PlainValue } from "#release/document/template-document.ts";
import { broken } from "./rule-samples.ts";

const of = (Type: string, Properties: PlainObject): PlainObject => ({ It: { Type, Properties } });
const loop = (name: string, value: PlainValue): PlainObject => ({
  "Fn::ForEach::P": ["P", [name], { "${P}": value }],
});
/** An alarm, whose name may be any text. */
const alarm = (AlarmName: PlainValue): PlainObject => ({
  Alarm: { Type: "AWS::CloudWatch::Alarm", Properties: { AlarmName } },
});
const nothing: PlainObject = { Ref: "AWS::NoValue" };

describe("a loop", () => {
  it.each<[string, PlainObject]>([
    ["a trust policy", of("AWS::IAM::Role", loop("AssumeRolePolicyDocument", { Statement: [] }))],
    ["the tags", of("AWS::IAM::Role", loop("Tags", [{ Key: "kedge:app", Value: "other" }]))],
    [
      "a setting in a map",
      of("AWS::S3::Bucket", { PublicAccessBlockConfiguration: loop("BlockPublicAcls", false) }),
    ],
    ["all properties", { It: { Type: "AWS::S3::Bucket", ...loop("Properties", {}) } }],
    ["the type", { It: loop("Type", "AWS::S3::Bucket") }],
    ["a part of the type", { "Fn::ForEach::T": ["T", ["Bucket"], { "It${T}": { Type: "AWS::S3::${T}" } }] }],
  ])("makes %s and is rejected", (_, resources) => {
    expect(broken(resources, { Transform: "AWS::LanguageExtensions" })).toContain("template-unread");
  });
});

describe("a name that the team chooses", () => {
  const secret = (value: PlainValue, name: PlainValue = "other"): readonly string[] =>
    broken({ ...alarm(name), ...of("AWS::SQS::Queue", { QueueName: value }) });

  it.each<[string, PlainValue, PlainValue?]>([
    ["names the secret", { "Fn::Sub": "{{resolve:secretsmanager:${Alarm}}}" }],
    ["writes the service", { "Fn::Sub": "{{${Alarm}:secretsmanager:billing/db}}" }],
    ["writes the whole reference", { "Fn::Sub": "{{${Alarm}}}" }],
    ["begins the reference", { "Fn::Sub": "${Alarm}lve:secretsmanager:billing/db}}" }, "{{reso"],
  ])("%s of a reference and is rejected", (_, value, name) => {
    expect(secret(value, name)).toContain("secret-foreign");
  });

  it("binds no trust policy", () => {
    const policy = (condition: PlainValue): PlainObject => ({
      Statement: [
        {
          Effect: "Allow",
          Principal: { AWS: "*" },
          Action: "sts:AssumeRole",
          Condition: { StringLike: { "aws:PrincipalArn": condition } },
        },
      ],
    });
    const resources = {
      ...alarm("*"),
      ...of("AWS::IAM::Role", { AssumeRolePolicyDocument: policy({ Ref: "Alarm" }) }),
    };
    expect(broken(resources)).toContain("trust-anonymous");
  });
});

describe("a value that vanishes", () => {
  it("is taken for a block that is left out", () => {
    const blocks = ["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"];
    const configuration = Object.fromEntries(blocks.map((block) => [block, nothing]));
    expect(broken(of("AWS::S3::Bucket", { PublicAccessBlockConfiguration: configuration }))).toContain(
      "bucket-public",
    );
  });

  it("decides nothing about the address of a database", () => {
    const database = { PubliclyAccessible: nothing, DBSubnetGroupName: nothing };
    expect(broken(of("AWS::RDS::DBInstance", database))).toContain("database-public");
  });

  it("puts no search domain into a VPC", () => {
    const AccessPolicies = {
      Statement: [{ Effect: "Allow", Principal: "*", Action: "es:*", Resource: "*" }],
    };
    const domain = { AccessPolicies, VPCOptions: nothing };
    expect(broken(of("AWS::OpenSearchService::Domain", domain))).toContain("policy-open");
  });
});
