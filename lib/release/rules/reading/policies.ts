/**
 * The properties that hold resource policies, by type of resource. Types with a flat form of a statement, such
 * as a permission of a function, are read as the policy that they make.
 */
import type { PlainObject, PlainValue } from "#release/document/template-document.ts";
import type { ReadResource } from "./resources.ts";
import type { Scope } from "./scope.ts";
import { type Seen, textOf } from "./seen.ts";
import { propertyValues, valuesOf } from "./values.ts";

type FoundPolicy = { readonly property: string; readonly policy: Seen };

/** Paths of properties; `*` stands for each item. */
const policyProperties: Readonly<Record<string, readonly string[]>> = {
  "AWS::Backup::BackupVault": ["AccessPolicy"],
  "AWS::CodeArtifact::Domain": ["PermissionsPolicyDocument"],
  "AWS::CodeArtifact::Repository": ["PermissionsPolicyDocument"],
  "AWS::DynamoDB::GlobalTable": [
    "Replicas.*.ResourcePolicy.PolicyDocument",
    "Replicas.*.ReplicaStreamSpecification.ResourcePolicy.PolicyDocument",
  ],
  "AWS::DynamoDB::Table": [
    "ResourcePolicy.PolicyDocument",
    "StreamSpecification.ResourcePolicy.PolicyDocument",
  ],
  "AWS::ECR::RegistryPolicy": ["PolicyText"],
  "AWS::ECR::Repository": ["RepositoryPolicyText"],
  "AWS::ECR::PublicRepository": ["RepositoryPolicyText"],
  "AWS::EFS::FileSystem": ["FileSystemPolicy"],
  "AWS::Elasticsearch::Domain": ["AccessPolicies"],
  "AWS::Events::EventBus": ["Policy"],
  "AWS::Events::EventBusPolicy": ["Statement"],
  "AWS::KMS::Key": ["KeyPolicy"],
  "AWS::KMS::ReplicaKey": ["KeyPolicy"],
  "AWS::Kinesis::ResourcePolicy": ["ResourcePolicy"],
  "AWS::Kinesis::Stream": ["ResourcePolicy"],
  "AWS::Lambda::ResourcePolicy": ["Policy", "PolicyDocument", "ResourcePolicy"],
  "AWS::Logs::Destination": ["DestinationPolicy"],
  "AWS::Logs::LogGroup": ["ResourcePolicyDocument"],
  "AWS::Logs::ResourcePolicy": ["PolicyDocument"],
  "AWS::OpenSearchService::Domain": ["AccessPolicies"],
  "AWS::S3::AccessPoint": ["Policy"],
  "AWS::S3::BucketPolicy": ["PolicyDocument"],
  "AWS::S3::MultiRegionAccessPointPolicy": ["Policy"],
  "AWS::S3Express::AccessPoint": ["Policy"],
  "AWS::S3Express::BucketPolicy": ["PolicyDocument"],
  "AWS::S3ObjectLambda::AccessPointPolicy": ["PolicyDocument"],
  "AWS::S3Tables::TableBucketPolicy": ["ResourcePolicy"],
  "AWS::S3Tables::TablePolicy": ["ResourcePolicy"],
  "AWS::S3Vectors::VectorBucketPolicy": ["Policy"],
  "AWS::SecretsManager::ResourcePolicy": ["ResourcePolicy"],
  "AWS::SNS::TopicInlinePolicy": ["PolicyDocument"],
  "AWS::SNS::TopicPolicy": ["PolicyDocument"],
  "AWS::SQS::QueueInlinePolicy": ["PolicyDocument"],
  "AWS::SQS::QueuePolicy": ["PolicyDocument"],
  "AWS::SSM::ResourcePolicy": ["Policy"],
};

/** The trust policies of roles. */
const trustProperties: Readonly<Record<string, readonly string[]>> = {
  "AWS::IAM::Role": ["AssumeRolePolicyDocument"],
  "AWS::Serverless::Function": ["AssumeRolePolicyDocument"],
};

export const trustPoliciesOf = (resource: ReadResource, scope: Scope): readonly FoundPolicy[] =>
  policiesAt(resource, trustProperties[resource.type] ?? [], scope);

export function resourcePoliciesOf(resource: ReadResource, scope: Scope): readonly FoundPolicy[] {
  const { type, properties } = resource;
  // In a VPC the network decides who reaches the domain, and AWS documents an open policy for it.
  if (
    /^AWS::(OpenSearchService|Elasticsearch)::Domain$/.test(type) &&
    valuesOf(properties["VPCOptions"], scope).length > 0
  )
    return [];
  const flat = Object.hasOwn(flatForms, type) ? flatForms[type]?.(properties, scope) : undefined;
  const made = flat === undefined ? [] : [{ property: "Principal", policy: { value: flat } }];
  return [...made, ...policiesAt(resource, policyProperties[type] ?? [], scope)];
}

const policiesAt = (
  { properties }: ReadResource,
  paths: readonly string[],
  scope: Scope,
): readonly FoundPolicy[] =>
  paths.flatMap((property) =>
    propertyValues(properties, property, scope).map((policy) => ({ property, policy })),
  );

type Flat = (properties: PlainObject, scope: Scope) => PlainObject | undefined;

const flatForms: Readonly<Record<string, Flat>> = {
  "AWS::Lambda::Permission": (properties, scope) => {
    if (opensUrl(properties, scope)) return undefined;
    const { Principal, Action, PrincipalOrgID, SourceAccount, SourceArn } = properties;
    return statement(Principal, Action, {
      StringEquals: { "aws:PrincipalOrgID": PrincipalOrgID, "aws:SourceAccount": SourceAccount },
      ArnLike: { "aws:SourceArn": SourceArn },
    });
  },
  "AWS::Lambda::LayerVersionPermission": ({ Principal, Action, OrganizationId }) =>
    statement(Principal, Action, { StringEquals: { "aws:PrincipalOrgID": OrganizationId } }),
  "AWS::Events::EventBusPolicy": ({ Principal, Action, Condition }) => {
    if (Principal === undefined) return undefined;
    const { Type, Key, Value } = (Condition ?? {}) as PlainObject;
    return statement(Principal, Action, { [String(Type)]: { [String(Key)]: Value } });
  },
  "AWS::RAM::ResourceShare": ({ Principals }) =>
    Principals === undefined ? undefined : statement(Principals, "ram:*", {}),
};

/** A permission for calls of a function's URL without authorization; the rule on URLs judges it. */
export function opensUrl(properties: PlainObject, scope: Scope): boolean {
  const types = valuesOf(properties["FunctionUrlAuthType"], scope).map(textOf);
  const viaUrl = valuesOf(properties["InvokedViaFunctionUrl"], scope).map(textOf);
  return types.includes("NONE") || viaUrl.includes("true");
}

type Given = Readonly<Record<string, Readonly<Record<string, PlainValue | undefined>>>>;

const statement = (
  principal: PlainValue | undefined,
  action: PlainValue | undefined,
  conditions: Given,
): PlainObject => ({
  Effect: "Allow",
  Principal: { AWS: principal ?? "*" },
  Action: action ?? "*",
  Condition: Object.fromEntries(
    Object.entries(conditions).map(([operator, keys]) => [
      operator,
      Object.fromEntries(
        Object.entries(keys).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
      ) as PlainObject,
    ]),
  ),
});
