/**
 * Collects all policies of an estate's deployments by their holder: identity policies, boundaries, trust
 * policies and resource policies.
 */
import { isObject, type Json, type JsonObject } from "@kedge/local-cloud/cloudformation/json";
import { type Deployed, type Deployment, deployedResources, type Template } from "./deployment.ts";
import { resourceRef } from "./resource-arns.ts";

export type Statement = JsonObject;

type Policy = {
  /** Unique: account, region, stack, logical id, kind. */
  readonly key: string;
  /** The same in every deployment of a template: stack, logical id, kind. */
  readonly source: string;
  readonly kind: "identity" | "boundary" | "trust" | "resource";
  /** The ARN of the role, key or bucket that has the policy. */
  readonly holder: string;
  readonly statements: readonly Statement[];
};

type Role = {
  readonly arn: string;
  readonly name: string;
  readonly account: string;
  readonly trust: string;
  readonly identity: readonly string[];
  readonly boundary?: string;
};

export type DeployedEstate = {
  readonly resources: readonly Deployed[];
  /** Each template once, by the name of its stack. */
  readonly templates: readonly { readonly stack: string; readonly template: Template }[];
  readonly policies: ReadonlyMap<string, Policy>;
  readonly roles: readonly Role[];
  /** Keys of the policies on a resource, by its ARN; several for a function's permissions. */
  readonly onResource: ReadonlyMap<string, readonly string[]>;
};

export function readDeployedEstate(deployments: readonly Deployment[]): DeployedEstate {
  const resources = deployments.flatMap(deployedResources);
  const policies = new Map<string, Policy>();
  const onResource = new Map<string, string[]>();
  const roles: Role[] = [];
  const byRef = new Map(
    resources.map((each) => [`${each.account} ${each.type} ${resourceRef(each)}`, each.arn]),
  );
  const arnOfRef = (from: Deployed, type: string, ref: Json | undefined): string =>
    byRef.get(`${from.account} ${type} ${String(ref)}`) ?? String(ref);
  const add = (
    at: Deployed,
    kind: Policy["kind"],
    holder: string,
    statements: unknown,
    suffix = "",
  ): string => {
    const key = `${at.account}/${at.region}/${at.stack}/${at.logicalId}/${kind}${suffix}`;
    const source = `${at.stack}/${at.logicalId}/${kind}${suffix}`;
    policies.set(key, { key, source, kind, holder, statements: listOf(statements) });
    if (kind === "resource") onResource.set(holder, [...(onResource.get(holder) ?? []), key]);
    return key;
  };
  const managed = new Map<string, string>();
  /** Managed policies that name their roles in `Roles`. */
  const given = new Map<string, string[]>();
  const limits = new Set(resources.map(({ properties }) => String(properties["PermissionsBoundary"])));
  for (const each of resources) {
    const { type, properties, arn } = each;
    const on = (ofType: string, ref: Json | undefined) => arnOfRef(each, ofType, ref);
    if (type === "AWS::IAM::ManagedPolicy") {
      const kind = limits.has(arn) ? "boundary" : "identity";
      const key = add(each, kind, arn, document(properties["PolicyDocument"]));
      managed.set(arn, key);
      for (const role of strings(properties["Roles"])) {
        const whose = `${each.account} ${role}`;
        given.set(whose, [...(given.get(whose) ?? []), key]);
      }
    }
    if (type === "AWS::KMS::Key" || type === "AWS::KMS::ReplicaKey")
      add(each, "resource", arn, document(properties["KeyPolicy"]));
    if (type === "AWS::S3::BucketPolicy")
      add(
        each,
        "resource",
        on("AWS::S3::Bucket", properties["Bucket"]),
        document(properties["PolicyDocument"]),
      );
    if (type === "AWS::SQS::QueuePolicy")
      for (const url of listOf(properties["Queues"]))
        add(each, "resource", on("AWS::SQS::Queue", url as Json), document(properties["PolicyDocument"]));
    if (type === "AWS::Events::EventBusPolicy")
      add(each, "resource", on("AWS::Events::EventBus", properties["EventBusName"]), properties["Statement"]);
    if (type === "AWS::Lambda::Permission")
      add(
        each,
        "resource",
        on("AWS::Lambda::Function", properties["FunctionName"]),
        permission(each, on("AWS::Lambda::Function", properties["FunctionName"])),
      );
  }
  for (const each of resources) {
    if (each.type !== "AWS::IAM::Role") continue;
    const { properties, arn, account } = each;
    const boundary = managed.get(String(properties["PermissionsBoundary"]));
    const attached = strings(properties["ManagedPolicyArns"]).flatMap((policy) => managed.get(policy) ?? []);
    const name = String(properties["RoleName"] ?? each.logicalId);
    roles.push({
      arn,
      account,
      name,
      trust: add(each, "trust", arn, document(properties["AssumeRolePolicyDocument"])),
      identity: [
        ...attached,
        ...(given.get(`${account} ${name}`) ?? []),
        ...listOf(properties["Policies"]).map((policy, at) =>
          add(each, "identity", arn, document(policy["PolicyDocument"]), at === 0 ? "" : `-${at}`),
        ),
      ],
      ...(boundary !== undefined && { boundary }),
    });
  }
  const templates = [...new Map(deployments.map((each) => [each.stack, each])).values()];
  return { resources, templates, policies, roles, onResource };
}

const document = (value: Json | undefined): unknown => (isObject(value) ? value["Statement"] : undefined);

const listOf = (value: unknown): readonly JsonObject[] =>
  value === undefined ? [] : ((Array.isArray(value) ? value : [value]) as readonly JsonObject[]);

/**
 * The statement that AddPermission writes into the function's policy (Lambda API Reference, AddPermission).
 */
function permission({ properties }: Deployed, functionArn: string): Statement {
  const { Action, Principal, SourceArn, SourceAccount } = properties;
  const condition: Record<string, JsonObject> = {
    ...(SourceArn !== undefined && { ArnLike: { "AWS:SourceArn": SourceArn } }),
    ...(SourceAccount !== undefined && { StringEquals: { "AWS:SourceAccount": SourceAccount } }),
  };
  const principal = String(Principal);
  return {
    Effect: "Allow",
    Principal:
      principal === "*" ? "*" : principal.includes(".") ? { Service: principal } : { AWS: principal },
    Action: Action ?? "lambda:InvokeFunction",
    Resource: functionArn,
    ...(Object.keys(condition).length > 0 && { Condition: condition }),
  };
}

/** One string or several, as policies write them. */
export const strings = (value: unknown): readonly string[] =>
  value === undefined ? [] : ((Array.isArray(value) ? value : [value]) as readonly unknown[]).map(String);
