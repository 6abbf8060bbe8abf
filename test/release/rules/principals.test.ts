/** Trust and resource policies may admit services, the anchor's accounts, and the organization. */
import { describe, expect, it } from "vitest";
import type { PlainValue } from "#release/document/template-document.ts";
import { broken, find, foreign, near, organization, own, policyOf, roleTrusting } from "./rule-samples.ts";

const root = (account: string) => `arn:aws:iam::${account}:root`;
const ofOrganization = { StringEquals: { "aws:PrincipalOrgID": organization } };

describe("a trust policy", () => {
  it.each<[string, PlainValue, PlainValue?]>([
    ["a service", { Service: "lambda.amazonaws.com" }],
    ["its own account", { AWS: own }],
    [
      "its own account by a function",
      { AWS: { "Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root" } },
    ],
    [
      "a role of its own account with an unknown name",
      { AWS: { "Fn::Sub": "arn:aws:iam::${AWS::AccountId}:role/${Role}" } },
    ],
    ["another account of the anchor", { AWS: [root(near), root(own)] }],
    ["everybody of the organization", { AWS: "*" }, ofOrganization],
    [
      "everybody of the organization, key in lower case",
      "*",
      { StringLike: { "aws:principalorgid": [organization] } },
    ],
    [
      "a path of the organization",
      "*",
      { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": `${organization}/r-1/*` } },
    ],
    ["a foreign of the organization", { AWS: foreign }, ofOrganization],
    [
      "everybody, from an account of the anchor",
      "*",
      { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } },
    ],
  ])("may admit %s", (_, principal, condition) => {
    expect(broken(roleTrusting(principal, condition))).toEqual([]);
  });

  it.each<[string, string, PlainValue, PlainValue?]>([
    ["everybody", "trust-anonymous", "*"],
    ["everybody in a list", "trust-anonymous", { AWS: [own, "*"] }],
    [
      "everybody of another organization",
      "trust-anonymous",
      "*",
      { StringEquals: { "aws:PrincipalOrgID": "o-9999999999" } },
    ],
    [
      "everybody of any organization",
      "trust-anonymous",
      "*",
      { StringLike: { "aws:PrincipalOrgID": "o-*" } },
    ],
    [
      "everybody, if the key is there",
      "trust-anonymous",
      "*",
      { StringEqualsIfExists: { "aws:PrincipalOrgID": organization } },
    ],
    [
      "everybody under a condition for all values",
      "trust-anonymous",
      "*",
      { "ForAllValues:StringEquals": { "aws:PrincipalOrgID": organization } },
    ],
    [
      "everybody of one organization or another",
      "trust-anonymous",
      "*",
      { StringEquals: { "aws:PrincipalOrgID": [organization, "o-9999999999"] } },
    ],
    ["everybody with an external id", "trust-anonymous", "*", { StringEquals: { "sts:ExternalId": "x" } }],
    [
      "everybody outside an organization",
      "trust-anonymous",
      "*",
      { StringNotEquals: { "aws:PrincipalOrgID": organization } },
    ],
    ["a foreign", "trust-outside", { AWS: root(foreign) }],
    ["a foreign by number", "trust-outside", { AWS: Number(foreign) }],
    ["a user by its unique id", "trust-outside", { AWS: "AIDAEXAMPLE" }],
    ["an imported value", "trust-outside", { AWS: { "Fn::ImportValue": "deployer" } }],
    ["a value of a custom resource", "trust-outside", { AWS: { "Fn::GetAtt": ["Finder", "Arn"] } }],
    ["a provider of identities", "trust-federated", { Federated: "accounts.google.com" }],
    [
      "guests of an identity pool",
      "trust-federated",
      { Federated: "cognito-identity.amazonaws.com" },
      {
        StringEquals: { "cognito-identity.amazonaws.com:aud": "pool" },
        "ForAnyValue:StringLike": { "cognito-identity.amazonaws.com:amr": "unauthenticated" },
      },
    ],
  ])("may not admit %s", (_, rule, principal, condition) => {
    const custom = { Finder: { Type: "Custom::Finder", Properties: {} } };
    expect(broken({ ...roleTrusting(principal, condition), ...custom })).toEqual([rule]);
  });

  it("may not admit everybody but one", () => {
    const Statement = [{ Effect: "Allow", NotPrincipal: { AWS: root(own) }, Action: "sts:AssumeRole" }];
    const Role = { Type: "AWS::IAM::Role", Properties: { AssumeRolePolicyDocument: { Statement } } };
    expect(broken({ Role })).toEqual(["trust-anonymous"]);
  });

  it("may deny everybody", () => {
    const Statement = [{ Effect: "Deny", Principal: "*", Action: "sts:AssumeRole" }];
    expect(
      broken({ Role: { Type: "AWS::IAM::Role", Properties: { AssumeRolePolicyDocument: { Statement } } } }),
    ).toEqual([]);
  });

  it("is read in a function of SAM, and in a loop", () => {
    const AssumeRolePolicyDocument = {
      Statement: { Effect: "Allow", Principal: "*", Action: "sts:AssumeRole" },
    };
    expect(
      broken({ F: { Type: "AWS::Serverless::Function", Properties: { AssumeRolePolicyDocument } } }),
    ).toEqual(["trust-anonymous"]);
    const looped = {
      "Fn::ForEach::Roles": [
        "Name",
        ["A"],
        { "R${Name}": { Type: "AWS::IAM::Role", Properties: { AssumeRolePolicyDocument } } },
      ],
    };
    expect(broken(looped)).toEqual(["trust-anonymous"]);
  });
});

describe("a resource policy", () => {
  it.each<[string, string]>([
    ["AWS::S3::BucketPolicy", "PolicyDocument"],
    ["AWS::SQS::QueuePolicy", "PolicyDocument"],
    ["AWS::SNS::TopicPolicy", "PolicyDocument"],
    ["AWS::KMS::Key", "KeyPolicy"],
    ["AWS::SecretsManager::ResourcePolicy", "ResourcePolicy"],
    ["AWS::ECR::Repository", "RepositoryPolicyText"],
    ["AWS::Events::EventBus", "Policy"],
    ["AWS::OpenSearchService::Domain", "AccessPolicies"],
    ["AWS::Logs::ResourcePolicy", "PolicyDocument"],
  ])("a policy of a %s may admit the anchor, and no foreign principal", (type, property) => {
    expect(broken(policyOf(type, property, { Principal: { AWS: near } }))).toEqual([]);
    expect(broken(policyOf(type, property, { Principal: "*", Condition: ofOrganization }))).toEqual([]);
    expect(broken(policyOf(type, property, { Principal: "*" }))).toEqual(["policy-open"]);
    expect(broken(policyOf(type, property, { Principal: { AWS: foreign } }))).toEqual(["policy-outside"]);
  });

  it("a policy under which an anonymous principal only reads is public, and not open", () => {
    const read = (Action: PlainValue) =>
      broken(policyOf("AWS::S3::BucketPolicy", "PolicyDocument", { Principal: "*", Action }));
    expect(read(["s3:GetObject", "s3:ListBucket"])).toEqual(["policy-public"]);
    expect(read(["s3:GetObject", "s3:PutObject"])).toEqual(["policy-open"]);
    expect(read("s3:*")).toEqual(["policy-open"]);
    expect(read({ "Fn::ImportValue": "actions" })).toEqual(["policy-open"]);
  });

  it("is read as a text of JSON", () => {
    const Policy = {
      Type: "AWS::Logs::ResourcePolicy",
      Properties: {
        PolicyDocument: JSON.stringify({
          Statement: [{ Effect: "Allow", Principal: "*", Action: "logs:PutLogEvents" }],
        }),
      },
    };
    expect(broken({ Policy })).toEqual(["policy-open"]);
    const unread = {
      Type: "AWS::Logs::ResourcePolicy",
      Properties: { PolicyDocument: { "Fn::ImportValue": "policy" } },
    };
    expect(broken({ unread })).toEqual(["policy-outside"]);
  });

  it("may bind everybody to a topic or a bucket of the template", () => {
    const Topic = { Type: "AWS::SNS::Topic", Properties: {} };
    const Bucket = { Type: "AWS::S3::Bucket", Properties: {} };
    const from = (arn: PlainValue) =>
      broken({
        ...policyOf("AWS::SQS::QueuePolicy", "PolicyDocument", {
          Principal: "*",
          Condition: { ArnEquals: { "aws:SourceArn": arn } },
        }),
        ...{ Topic, Bucket },
      });
    expect(from({ Ref: "Topic" })).toEqual([]);
    expect(from({ "Fn::Sub": "arn:aws:s3:::${Bucket}" })).toEqual([]);
    expect(from({ "Fn::Sub": "arn:aws:sns:us-east-1:${AWS::AccountId}:*" })).toEqual([]);
    expect(from(`arn:aws:sns:us-east-1:${foreign}:topic`)).toEqual(["policy-open"]);
    expect(from("arn:aws:s3:::foreign-bucket")).toEqual(["policy-open"]);
    expect(from("*")).toEqual(["policy-open"]);
  });

  it("a policy of a domain inside a VPC may admit anonymous principals", () => {
    const statement = { Principal: "*", Action: "es:*" };
    const VPCOptions = { SubnetIds: ["subnet-1"] };
    const domain = (more: Record<string, PlainValue>) =>
      broken(policyOf("AWS::OpenSearchService::Domain", "AccessPolicies", statement, more as never));
    expect(domain({ VPCOptions })).toEqual([]);
    expect(domain({})).toEqual(["policy-open"]);
  });

  it("may be a permission of a function, a bus or a layer in its flat form", () => {
    const flat = (Type: string, Properties: Record<string, PlainValue>) =>
      broken({ It: { Type, Properties } });
    const call = { FunctionName: "f", Action: "lambda:InvokeFunction" };
    expect(flat("AWS::Lambda::Permission", { ...call, Principal: "events.amazonaws.com" })).toEqual([]);
    expect(
      flat("AWS::Lambda::Permission", { ...call, Principal: "*", PrincipalOrgID: organization }),
    ).toEqual([]);
    expect(flat("AWS::Lambda::Permission", { ...call, Principal: "*" })).toEqual(["policy-open"]);
    expect(flat("AWS::Lambda::Permission", { ...call, Principal: foreign })).toEqual(["policy-outside"]);
    expect(
      flat("AWS::Events::EventBusPolicy", { StatementId: "s", Principal: "*", Action: "events:PutEvents" }),
    ).toEqual(["policy-open"]);
    const Condition = { Type: "StringEquals", Key: "aws:PrincipalOrgID", Value: organization };
    expect(
      flat("AWS::Events::EventBusPolicy", {
        StatementId: "s",
        Principal: "*",
        Action: "events:PutEvents",
        Condition,
      }),
    ).toEqual([]);
    const layer = { LayerVersionArn: "l", Action: "lambda:GetLayerVersion" };
    expect(flat("AWS::Lambda::LayerVersionPermission", { ...layer, Principal: "*" })).toEqual([
      "policy-public",
    ]);
    expect(flat("AWS::RAM::ResourceShare", { Name: "s", Principals: [foreign] })).toEqual(["policy-outside"]);
  });
});

describe("a finding", () => {
  it("names the template, the resource, the property and the principal", () => {
    const [finding] = find({ Resources: roleTrusting({ AWS: root(foreign) }) });
    expect(finding).toMatchObject({
      resource: "Role",
      type: "AWS::IAM::Role",
      property: "AssumeRolePolicyDocument",
      verdict: "refuse",
    });
    expect(finding?.sentence).toBe(
      `template.yaml: Role (AssumeRolePolicyDocument) may be assumed by ${root(foreign)}, which is outside the anchor's accounts.`,
    );
  });

  it("says why a value cannot be decided", () => {
    const [finding] = find({ Resources: roleTrusting({ AWS: { "Fn::ImportValue": "deployer" } }) });
    expect(finding?.sentence).toMatch(
      /cannot be decided, because Fn::ImportValue is evaluated in the account\.$/,
    );
  });
});
