/**
 * Each property of CloudFormation's types that is named like a policy is judged, or has a reason why it is not. The
 * properties come from the schemas of the registry.
 */
import { openSpec, type TypeSpec } from "@kedge/local-cloud/resource-types/spec";
import { describe, expect, it } from "vitest";
import type { PlainObject, PlainValue } from "#release/document/template-document.ts";
import {
  opensApi,
  policyProperties,
  takesNoPrincipal,
  trustProperties,
} from "#release/rules/reading/policy-properties.ts";
import { broken, foreign, organization } from "./rule-samples.ts";

const spec = openSpec();

/** Every property of a type by its path, with `*` for each item; a definition that contains itself ends. */
function propertiesOf(type: TypeSpec): readonly (readonly [path: string, kind: string])[] {
  const walk = (
    properties: TypeSpec["properties"],
    path: string,
    parents: readonly string[],
  ): readonly (readonly [string, string])[] =>
    Object.entries(properties).flatMap(([name, { type: written }]) => {
      const depth = /^[[{]*/.exec(written)?.[0].length ?? 0;
      const at = `${path}${name}${".*".repeat(depth)}`;
      const kind = written.slice(depth);
      const definition = kind.startsWith("@") ? type.definitions[kind.slice(1)] : undefined;
      if (definition === undefined) return [[at, kind] as const];
      return parents.includes(kind) ? [] : walk(definition, `${at}.`, [...parents, kind]);
    });
  return walk(type.properties, "", []);
}

const named = /polic(y|ies)[a-z]*(\.\*)*$/i;
const other =
  /(arn|arns|id|ids|name|names|type|identifier|description|version|scope|label|number|runtime)(\.\*)*$/i;

const properties = spec.types().flatMap((type) => {
  const found = spec.get(type);
  return (found === undefined ? [] : propertiesOf(found))
    .filter(([path, kind]) => named.test(path) && !other.test(path) && ["j", "s"].includes(kind))
    .map(([path, kind]) => ({ type, path, kind }));
});

/** Properties that are named like a policy of principals and are none, by a pattern of type and path. */
const noPolicies: readonly (readonly [RegExp, reason: string])[] = [
  [/^AWS::SNS::(Subscription|Topic) /, "filters, retries and archives of messages"],
  [/^AWS::SQS::Queue /, "where failed messages go"],
  [/^AWS::Logs::LogGroup (DataProtectionPolicy|FieldIndexPolicies)/, "masks and indexes of log lines"],
  [/LifecyclePolic/, "when images, snapshots and files are deleted"],
  [/^AWS::RAM::Permission /, "actions without principals; a share names the principals"],
  [/^AWS::Serverless::\w+ Policies/, "policies of the role of a function"],
  [/^AWS::Bedrock(AgentCore)?::(Guardrail|Policy) /, "policies in Cedar, and names of policies"],
  [/^AWS::RolesAnywhere::Profile /, "limits a session"],
  [/^AWS::CloudFormation::GeneratedTemplate /, "attributes of resources"],
  [/^AWS::SSM::Parameter /, "when a parameter expires"],
  [/^AWS::Config::/, "a rule in Guard"],
  [/^AWS::WorkSpacesWeb::/, "settings of browsers"],
  [/^AWS::(QuickSight|IoTSiteWise)::/, "a choice of words"],
];

/** A text that is one of a list of words. */
const choices =
  /(Security|SSL|Ssl|Tls|Https|Alpn|Protocol|Pull|Dns|Termination|Deletion|Update|Protection|Handling|Safeguard|Import|Snapshot|Failure|Rate|Context|Fill|Selection|Referrer|Routing|Retention|Propagation|Endpoint|Permission|Caching|Execution|Exception|Dl|Ul|Behavior|Default|ContentSecurity)[A-Za-z]*Polic(y|ies)[A-Za-z]*(\.\*)*$|Update\w*Behavior$|(Guardrail|Managed|Autoscaling)Policies\.\*$|ReplacePolicy$|DlRatePolicy$|^AWS::(DLM|Kendra)::/;

const answered = ({ type, path, kind }: (typeof properties)[number]): boolean =>
  [...(policyProperties[type] ?? []), ...(trustProperties[type] ?? [])].includes(path) ||
  takesNoPrincipal(type) ||
  noPolicies.some(([pattern]) => pattern.test(`${type} ${path}`)) ||
  (kind === "s" && choices.test(`${type} ${path}`));

describe("the registry of CloudFormation", () => {
  it("has properties that are named like a policy", () => {
    expect(properties.length).toBeGreaterThan(150);
  });

  it("has an answer for each property that is named like a policy", () => {
    const open = properties.filter((each) => !answered(each)).map(({ type, path }) => `${type} ${path}`);
    expect(open).toEqual([]);
  });

  it("has each type of the table", () => {
    expect(Object.keys(policyProperties).filter((type) => !spec.has(type))).toEqual([]);
  });
});

/** A policy at a path, whose items are the only ones of their lists. */
function at(path: string, policy: PlainValue): PlainObject {
  const [step = "", ...rest] = path.split(".");
  const [next] = rest;
  if (next === undefined) return { [step]: policy };
  return { [step]: next === "*" ? [at(rest.slice(1).join("."), policy)] : at(rest.join("."), policy) };
}

const statement = (Principal: PlainValue, more: PlainObject = {}): PlainObject => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal, Action: "*", Resource: "*", ...more }],
});

const paths = Object.entries(policyProperties).flatMap(([type, all]) =>
  all.map((path) => [type, path] as const),
);

describe("a resource policy", () => {
  it.each(paths)("is judged in %s (%s) as a document and as a text", (Type, path) => {
    const rules = (policy: PlainValue) => broken({ It: { Type, Properties: at(path, policy) } });
    const anonymous = opensApi(Type) ? "api-open" : "policy-open";
    expect(rules(statement("*"))).toEqual([anonymous]);
    expect(rules(JSON.stringify(statement("*")))).toEqual([anonymous]);
    expect(rules(statement({ AWS: foreign }))).toEqual(["policy-outside"]);
    const bound = { Condition: { StringEquals: { "aws:PrincipalOrgID": organization } } };
    expect(rules(statement("*", bound))).toEqual([]);
    expect(rules({ "Fn::ImportValue": "policy" })).toEqual(["policy-outside"]);
  });

  it.each<[string, string, PlainObject]>([
    ["a type that CloudFormation may add", "AWS::New::Thing", { Access: { Inner: [statement("*")] } }],
    ["a custom resource", "Custom::BucketPolicy", { Document: JSON.stringify(statement("*")) }],
    ["a statement outside a document", "AWS::New::Thing", { Grants: statement("*")["Statement"] ?? null }],
    ["a branch of a condition", "AWS::New::Thing", { A: { "Fn::If": ["C", statement("*"), "x"] } }],
    [
      "a text that is put together",
      "AWS::New::Thing",
      { Access: { "Fn::Sub": JSON.stringify(statement("*", { Sid: "${AWS::StackName}" })) } },
    ],
  ])("is judged in %s", (_, Type, Properties) => {
    expect(broken({ It: { Type, Properties } })).toEqual(["policy-open"]);
  });

  it("is refused in a type that CloudFormation may add, if only the account knows it", () => {
    const Properties = { ResourcePolicy: { "Fn::ImportValue": "policy" } };
    expect(broken({ It: { Type: "AWS::New::Thing", Properties } })).toEqual(["policy-outside"]);
  });

  it("is refused as a text with a principal that is no JSON", () => {
    const text = '{"Statement":[{"Effect":"Allow","Principal":"*",';
    expect(broken({ It: { Type: "AWS::New::Thing", Properties: { Access: text } } })).toEqual([
      "policy-outside",
    ]);
  });

  it("is refused as a text that nests deeper than a reader can follow", () => {
    const text = `{"Effect":"Allow","Principal":${"[".repeat(20_000)}${"]".repeat(20_000)}}`;
    expect(broken({ It: { Type: "AWS::New::Thing", Properties: { Access: text } } })).toEqual([
      "policy-outside",
    ]);
  });

  it("may admit foreign accounts to no API", () => {
    const body = { "x-amazon-apigateway-policy": statement({ AWS: foreign }) };
    expect(broken({ Api: { Type: "AWS::ApiGateway::RestApi", Properties: { Body: body } } })).toEqual([
      "policy-outside",
    ]);
    const Auth = { ResourcePolicy: { AwsAccountWhitelist: [foreign] } };
    expect(broken({ Api: { Type: "AWS::Serverless::Api", Properties: { Auth } } })).toEqual([
      "policy-outside",
    ]);
  });

  it.each<[string, PlainObject]>([
    ["AWS::EC2::VPCEndpointServicePermissions", { AllowedPrincipals: [foreign] }],
    ["AWS::LakeFormation::PrincipalPermissions", { Principal: { DataLakePrincipalIdentifier: foreign } }],
    ["AWS::LakeFormation::Permissions", { DataLakePrincipal: { DataLakePrincipalIdentifier: foreign } }],
    ["AWS::Redshift::EndpointAuthorization", { Account: foreign }],
    ["AWS::ServiceCatalog::PortfolioShare", { AccountId: foreign }],
  ])("has the form of a list of principals in %s", (Type, Properties) => {
    expect(broken({ It: { Type, Properties } })).toEqual(["policy-outside"]);
  });

  it.each<[string, PlainObject]>([
    ["AWS::EC2::VPCEndpoint", { PolicyDocument: statement("*") }],
    ["AWS::IAM::ManagedPolicy", { PolicyDocument: { "Fn::ImportValue": "policy" } }],
    ["AWS::SNS::Subscription", { FilterPolicy: { "Fn::ImportValue": "filter" } }],
    ["AWS::SNS::Topic", { DataProtectionPolicy: { Statement: [{ Principal: ["*"], Operation: {} }] } }],
  ])("is no policy of principals in %s", (Type, Properties) => {
    expect(broken({ It: { Type, Properties } })).toEqual([]);
  });
});
