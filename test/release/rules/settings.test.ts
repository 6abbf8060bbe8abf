/** Settings that make something public, and values that depend on parameters and conditions. */
import { describe, expect, it } from "vitest";
import type { PlainObject, PlainValue } from "#release/document/template-document.ts";
import { findingsOf } from "#release/rules/findings.ts";
import { broken, find, ruleContext } from "./rule-samples.ts";

const it1 = (Type: string, Properties: PlainObject): PlainObject => ({ It: { Type, Properties } });
const url = (AuthType: PlainValue): PlainObject =>
  it1("AWS::Lambda::Url", { TargetFunctionArn: "f", AuthType });

const from = (CidrIp: string, port: number): PlainObject => ({
  ...{ IpProtocol: "tcp", FromPort: port, ToPort: port },
  CidrIp,
});

describe("public settings", () => {
  it.each<[string, string, PlainObject]>([
    [
      "a URL of a function of SAM",
      "function-url-open",
      it1("AWS::Serverless::Function", { FunctionUrlConfig: { AuthType: "NONE" } }),
    ],
    [
      "the permission for calls of a URL",
      "function-url-open",
      it1("AWS::Lambda::Permission", {
        Principal: "*",
        Action: "lambda:InvokeFunctionUrl",
        FunctionUrlAuthType: "NONE",
      }),
    ],
    [
      "a block that is left out",
      "bucket-public",
      it1("AWS::S3::Bucket", {
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
      }),
    ],
    [
      "a block of an access point",
      "bucket-public",
      it1("AWS::S3::AccessPoint", {
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: "false",
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
      }),
    ],
    ["an ACL for readers", "bucket-public", it1("AWS::S3::Bucket", { AccessControl: "PublicRead" })],
    ["an ACL for writers", "policy-open", it1("AWS::S3::Bucket", { AccessControl: "PublicReadWrite" })],
    [
      "an instance of a cluster",
      "database-public",
      it1("AWS::RDS::DBInstance", { DBClusterIdentifier: "c", PubliclyAccessible: "true" }),
    ],
    [
      "an instance in the default VPC",
      "database-public",
      it1("AWS::RDS::DBInstance", { Engine: "postgres" }),
    ],
    ["a cluster of databases", "database-public", it1("AWS::RDS::DBCluster", { PubliclyAccessible: true })],
    ["a warehouse", "database-public", it1("AWS::Redshift::Cluster", { PubliclyAccessible: true })],
    [
      "brokers",
      "database-public",
      it1("AWS::MSK::Cluster", {
        BrokerNodeGroupInfo: { ConnectivityInfo: { PublicAccess: { Type: "SERVICE_PROVIDED_EIPS" } } },
      }),
    ],
    [
      "a nested template from elsewhere",
      "template-unread",
      it1("AWS::Serverless::Application", { Location: { ApplicationId: "a", SemanticVersion: "1.0.0" } }),
    ],
    ["a module", "template-unread", it1("Acme::S3::Bucket::MODULE", {})],
    [
      "an included policy",
      "template-unread",
      it1("AWS::IAM::Role", {
        AssumeRolePolicyDocument: { Statement: [] },
        Policies: { "Fn::Transform": { Name: "AWS::Include", Parameters: { Location: "p.json" } } },
      }),
    ],
    [
      "an included body of an API",
      "template-unread",
      it1("AWS::Serverless::Api", {
        DefinitionBody: { "Fn::Transform": { Name: "AWS::Include", Parameters: { Location: "s3://b/k" } } },
      }),
    ],
    [
      "a tag of Kedge in another spelling",
      "tag-reserved",
      it1("AWS::Lambda::Function", { Tags: [{ Key: "Kedge:App", Value: "billing" }] }),
    ],
    [
      "a map with a tag of Kedge",
      "tag-reserved",
      it1("AWS::Serverless::Function", { Tags: { "kedge:app": "billing" } }),
    ],
    [
      "a tag whose name is decided in the account",
      "tag-reserved",
      it1("AWS::SQS::Queue", { Tags: [{ Key: { "Fn::ImportValue": "name" }, Value: "billing" }] }),
    ],
    [
      "tags in a list of specifications",
      "tag-reserved",
      it1("AWS::EC2::LaunchTemplate", {
        TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "kedge:branch", Value: "main" }] }],
      }),
    ],
    [
      "a group that is open to the internet at one port",
      "ingress-open",
      it1("AWS::EC2::SecurityGroup", { SecurityGroupIngress: [from("0.0.0.0/0", 443)] }),
    ],
    [
      "a group that is open to half of the internet",
      "ingress-database",
      it1("AWS::EC2::SecurityGroup", { SecurityGroupIngress: [from("128.0.0.0/1", 5432)] }),
    ],
    [
      "a rule of a group for IPv6",
      "ingress-database",
      it1("AWS::EC2::SecurityGroupIngress", {
        GroupId: "sg-1",
        IpProtocol: "tcp",
        FromPort: 3000,
        ToPort: 4000,
        CidrIpv6: "::/0",
      }),
    ],
    [
      "a rule of a group for all protocols",
      "ingress-database",
      it1("AWS::EC2::SecurityGroupIngress", { IpProtocol: "-1", CidrIp: "0.0.0.0/0" }),
    ],
    [
      "a rule of a group whose block is decided in the account",
      "ingress-database",
      it1("AWS::EC2::SecurityGroupIngress", {
        ...from("", 3306),
        CidrIp: { "Fn::ImportValue": "block" },
      }),
    ],
    [
      "a group of a warehouse",
      "ingress-database",
      it1("AWS::Redshift::ClusterSecurityGroupIngress", { CIDRIP: "0.0.0.0/0" }),
    ],
    [
      "a macro beside the type of a resource",
      "template-unread",
      { It: { Type: "AWS::SQS::Queue", "Fn::Transform": { Name: "Acme" } } },
    ],
    [
      "a macro in an attribute of a resource",
      "template-unread",
      { It: { Type: "AWS::SQS::Queue", UpdatePolicy: { "Fn::Transform": { Name: "Acme" } } } },
    ],
    [
      "a method without authorizer",
      "api-open",
      it1("AWS::ApiGateway::Method", { HttpMethod: "GET", AuthorizationType: "NONE" }),
    ],
    [
      "a GraphQL API with a key",
      "api-open",
      it1("AWS::AppSync::GraphQLApi", { AuthenticationType: "API_KEY" }),
    ],
    [
      "an event of an API",
      "api-open",
      it1("AWS::Serverless::Function", {
        Events: { Get: { Type: "HttpApi", Properties: { Path: "/", Method: "GET" } } },
      }),
    ],
  ])("finds settings in %s", (_, rule, resources) => {
    expect(broken(resources)).toEqual([rule]);
  });

  it.each<[string, PlainObject]>([
    ["a URL with IAM", url("AWS_IAM")],
    ["a bucket that says nothing", it1("AWS::S3::Bucket", {})],
    ["an instance of a cluster that says nothing", it1("AWS::RDS::DBInstance", { DBClusterIdentifier: "c" })],
    [
      "tags of the team with unknown values",
      it1("AWS::SQS::Queue", { Tags: [{ Key: "team", Value: { "Fn::ImportValue": "name" } }] }),
    ],
    [
      "groups that are open to private blocks and groups",
      it1("AWS::EC2::SecurityGroup", {
        SecurityGroupIngress: [
          from("10.0.0.0/8", 5432),
          { IpProtocol: "tcp", FromPort: 5432, ToPort: 5432, CidrIpv6: "fc00::/7" },
          { IpProtocol: "tcp", FromPort: 5432, ToPort: 5432, SourceSecurityGroupId: "sg-1" },
        ],
      }),
    ],
    ["a preflight", it1("AWS::ApiGateway::Method", { HttpMethod: "OPTIONS", AuthorizationType: "NONE" })],
  ])("finds no setting in %s", (_, resources) => {
    expect(broken(resources)).toEqual([]);
  });

  it("finds settings in the globals of SAM, and in transforms of the whole template", () => {
    const Globals = { Function: { FunctionUrlConfig: { AuthType: "NONE", InvokeMode: "BUFFERED" } } };
    const own = it1("AWS::Serverless::Function", { FunctionUrlConfig: { InvokeMode: "RESPONSE_STREAM" } });
    expect(broken(own, { Globals })).toEqual(["function-url-open"]);
    const closed = it1("AWS::Serverless::Function", { FunctionUrlConfig: { AuthType: "AWS_IAM" } });
    expect(broken(closed, { Globals })).toEqual([]);
    expect(broken(url("AWS_IAM"), { Transform: ["AWS::Serverless-2016-10-31", "Acme"] })).toEqual([
      "template-unread",
    ]);
    const included = {
      ...url("AWS_IAM"),
      "Fn::Transform": { Name: "AWS::Include", Parameters: { Location: "s3://b/k" } },
    };
    expect(broken(included)).toEqual(["template-unread"]);
  });
});

describe("a rule of a security group", () => {
  const list = (Cidr: PlainValue): PlainObject => ({
    Type: "AWS::EC2::PrefixList",
    Properties: { Entries: [{ Cidr: "10.0.0.0/8" }, { Cidr }] },
  });
  const rule = (more: PlainObject): PlainObject => ({
    Type: "AWS::EC2::SecurityGroupIngress",
    Properties: { IpProtocol: "tcp", FromPort: 5432, ToPort: 5432, ...more },
  });
  const judged = (more: PlainObject, Cidr: PlainValue = "10.1.0.0/16") =>
    find({ Resources: { List: list(Cidr), Rule: rule(more) } }).map(
      ({ rule: id, undecided }) => `${id} ${undecided?.why ?? "decided"}`,
    );

  it("opens a database by a prefix list of the template", () => {
    const byRef = { SourcePrefixListId: { Ref: "List" } };
    expect(judged(byRef)).toEqual([]);
    expect(judged(byRef, "0.0.0.0/0")).toEqual(["ingress-database decided"]);
    const byAttribute = { SourcePrefixListId: { "Fn::GetAtt": ["List", "PrefixListId"] } };
    expect(judged(byAttribute, "::/0")).toEqual(["ingress-database decided"]);
    expect(judged(byRef, { "Fn::ImportValue": "block" })).toEqual([
      "ingress-database Fn::ImportValue is evaluated in the account",
    ]);
  });

  it("is undecided with a prefix list outside the template", () => {
    expect(judged({ SourcePrefixListId: "pl-1" })).toEqual([
      "ingress-database the prefix list is outside the template",
    ]);
    expect(judged({ SourcePrefixListId: "pl-1", FromPort: 443, ToPort: 443 })).toEqual([
      "ingress-open the prefix list is outside the template",
    ]);
  });

  it("is a rule about ICMP if each branch of its protocol is ICMP", () => {
    const open = { CidrIp: "0.0.0.0/0" };
    const either = { "Fn::If": ["Unknown", "tcp", "icmp"] };
    expect(judged({ ...open, IpProtocol: "icmp" })).toEqual(["ingress-open decided"]);
    expect(judged({ ...open, IpProtocol: either })).toHaveLength(1);
    expect(judged({ ...open, IpProtocol: either })[0]).toContain("ingress-database");
    expect(judged({ ...open, IpProtocol: { Ref: "AWS::NoValue" } })[0]).toContain("ingress-database");
  });
});

describe("a value that depends on the environment", () => {
  const Parameters = { Auth: { Type: "String", Default: "NONE" }, Stage: { Type: "String" } };
  const Conditions = {
    IsProd: { "Fn::Equals": [{ Ref: "Stage" }, "prod"] },
    IsOther: { "Fn::Not": [{ Condition: "IsProd" }] },
  };
  const Mappings = { Of: { prod: { Auth: "AWS_IAM" }, dev: { Auth: "NONE" } } };
  const judge = (AuthType: PlainValue, values: Readonly<Record<string, string>> = {}) =>
    find({ Parameters, Conditions, Mappings, Resources: url(AuthType) }, values);

  it("is the given value of a parameter, or its default", () => {
    expect(judge({ Ref: "Auth" })).toHaveLength(1);
    expect(judge({ Ref: "Auth" })[0]?.undecided).toBeUndefined();
    expect(judge({ Ref: "Auth" }, { Auth: "AWS_IAM" })).toEqual([]);
  });

  it("is undecided until the environment is prepared, if the parameter has no value yet", () => {
    const [finding] = judge({ Ref: "Stage" });
    expect(finding?.undecided).toMatchObject({ later: true });
    expect(finding?.sentence).toContain(
      "the value of the parameter Stage is known when the environment is prepared",
    );
  });

  it("follows conditions and mappings", () => {
    const chosen = { "Fn::If": ["IsProd", "AWS_IAM", "NONE"] };
    expect(judge(chosen, { Stage: "prod" })).toEqual([]);
    expect(judge(chosen, { Stage: "dev" })).toHaveLength(1);
    expect(judge(chosen)[0]?.undecided).toMatchObject({ later: true });
    const mapped = { "Fn::FindInMap": ["Of", { Ref: "Stage" }, "Auth"] };
    expect(judge(mapped, { Stage: "prod" })).toEqual([]);
    expect(judge(mapped, { Stage: "dev" })).toHaveLength(1);
    expect(judge(mapped)[0]?.undecided).toMatchObject({ later: true });
  });

  it("is not decided by a condition that compares maps", () => {
    const Compared = { "Fn::Equals": [{ a: "1" }, { b: "2" }] };
    const found = find({
      Conditions: { Compared },
      Resources: url({ "Fn::If": ["Compared", "AWS_IAM", "NONE"] }),
    });
    expect(found[0]?.undecided?.why).toBe("a condition compares a list or a map");
  });

  it("is judged with the resource's own condition", () => {
    const Resources = {
      Url: { Type: "AWS::Lambda::Url", Condition: "IsOther", Properties: { AuthType: "NONE" } },
    };
    const at = (Stage: string) => find({ Parameters, Conditions, Resources }, { Stage });
    expect(at("prod")).toEqual([]);
    expect(at("dev")).toHaveLength(1);
  });

  it("is joined, split and selected", () => {
    expect(judge({ "Fn::Join": ["", ["NO", "NE"]] })).toHaveLength(1);
    expect(judge({ "Fn::Select": [1, { "Fn::Split": ["/", "x/AWS_IAM"] }] })).toEqual([]);
    expect(judge("{{resolve:ssm:/auth}}")[0]?.undecided?.why).toBe(
      "CloudFormation resolves a dynamic reference",
    );
  });
});

describe("a hostile template", () => {
  const judge = (document: PlainObject) => findingsOf([{ path: "t", document, values: {} }], ruleContext());

  it("judges a circle of conditions", () => {
    const Conditions = { A: { "Fn::Or": [{ Condition: "B" }, { Condition: "B" }] }, B: { Condition: "A" } };
    const [finding] = judge({ Conditions, Resources: url({ "Fn::If": ["A", "NONE", "AWS_IAM"] }) });
    expect(finding?.undecided?.why).toContain("cannot be evaluated");
  });

  it("judges a template at once that multiplies conditions and values without end", () => {
    const names = Array.from({ length: 60 }, (_, index) => `C${index}`);
    const Conditions = Object.fromEntries(
      names.map((name, index) => [
        name,
        { "Fn::And": Array.from({ length: 10 }, () => ({ Condition: names[index + 1] ?? "None" })) },
      ]),
    );
    const either = { "Fn::If": ["None", "a", "b"] };
    const many = { "Fn::Join": ["", Array.from({ length: 100 }, () => either)] };
    const found = judge({ Conditions, Resources: url({ "Fn::If": ["C0", many, "NONE"] }) });
    expect(found).toHaveLength(2);
  });
});
