/**
 * Builds IAM statements, policy documents and roles. A statement that needs a wildcard gives the reason, and
 * the reason becomes the acknowledgement of cdk-nag's finding for exactly that wildcard.
 */
import { CfnManagedPolicy, CfnRole } from "aws-cdk-lib/aws-iam";
import { type CfnResource, Stack, Validations } from "aws-cdk-lib/core";
import type { Construct } from "constructs";

export type Condition = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

export type Statement = {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: Readonly<Record<string, string | readonly string[]>> | "*";
  /** Absent where `NotAction` stands. */
  readonly Action?: readonly string[];
  readonly NotAction?: readonly string[];
  readonly Resource?: readonly string[];
  readonly NotResource?: readonly string[];
  readonly Condition?: Condition;
};

/** A statement of a role, with the reason for its wildcards where it has any. */
export type Grant = { readonly statement: Statement; readonly because?: string };

type GrantOptions = { readonly when?: Condition; readonly because?: string };

export const allow = (
  actions: readonly string[],
  resources: readonly string[],
  options: GrantOptions = {},
): Grant => ({
  statement: {
    Effect: "Allow",
    Action: actions,
    Resource: resources,
    ...(options.when && { Condition: options.when }),
  },
  ...(options.because !== undefined && { because: options.because }),
});

export const deny = (actions: readonly string[], resources: readonly string[], when?: Condition): Grant => ({
  statement: { Effect: "Deny", Action: actions, Resource: resources, ...(when && { Condition: when }) },
});

/** Denies every action except these. */
export const denyAllBut = (
  actions: readonly string[],
  resources: readonly string[],
  when?: Condition,
): Grant => ({
  statement: { Effect: "Deny", NotAction: actions, Resource: resources, ...(when && { Condition: when }) },
});

/** A role can be handed only to the named services. */
export const passRole = (roleArns: readonly string[], services: readonly string[], because?: string): Grant =>
  allow(["iam:PassRole"], roleArns, {
    when: { StringEquals: { "iam:PassedToService": services } },
    ...(because !== undefined && { because }),
  });

export const policyDocument = (statements: readonly (Statement | object)[]): object => ({
  Version: "2012-10-17",
  Statement: statements,
});

/**
 * Lets an AWS service assume the role, only for the account it acts for where the service sends that account.
 */
export const trustService = (service: string, when?: Condition): Statement => ({
  Effect: "Allow",
  Principal: { Service: service },
  Action: ["sts:AssumeRole"],
  ...(when && { Condition: when }),
});

/**
 * Trusts roles of another account by a condition and not as principals: a principal must exist when the
 * policy is written, and becomes invalid when the role is recreated (IAM User Guide, "AWS JSON policy
 * elements: Principal").
 */
export const trustRoles = (account: string, roleNames: readonly string[]): Statement => ({
  Effect: "Allow",
  Principal: { AWS: rootOf(account) },
  Action: ["sts:AssumeRole"],
  Condition: { ArnEquals: { "aws:PrincipalArn": roleNames.map((name) => roleArn(account, name)) } },
});

export const rootOf = (account: string): string => `arn:aws:iam::${account}:root`;
export const roleArn = (account: string, name: string): string => `arn:aws:iam::${account}:role/${name}`;

/** The role of this name in the account that calls. */
export const roleInTheirAccount = (name: string): string =>
  "arn:aws:iam::${aws:PrincipalAccount}:role/".concat(name);

/** The first statement of every bucket policy. */
export const denyInsecureTransport = (bucketArn: string): Statement => ({
  Sid: "TlsOnly",
  Effect: "Deny",
  Principal: { AWS: "*" },
  Action: ["s3:*"],
  Resource: [bucketArn, `${bucketArn}/*`],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});

export type RoleProps = {
  readonly name: string;
  readonly description: string;
  readonly trust: readonly Statement[];
  readonly grants: readonly Grant[];
  readonly boundary?: string;
  /** ARNs of managed policies. */
  readonly policies?: readonly string[];
  readonly maxSessionSeconds?: number;
};

export function role(scope: Construct, id: string, props: RoleProps): CfnRole {
  const made = new CfnRole(scope, id, {
    roleName: props.name,
    description: props.description,
    assumeRolePolicyDocument: policyDocument(props.trust),
    policies: [
      {
        policyName: props.name,
        policyDocument: policyDocument(props.grants.map(({ statement }) => statement)),
      },
    ],
    ...(props.policies && { managedPolicyArns: [...props.policies] }),
    ...(props.boundary !== undefined && { permissionsBoundary: props.boundary }),
    ...(props.maxSessionSeconds !== undefined && { maxSessionDuration: props.maxSessionSeconds }),
  });
  acknowledgeWildcards(made, props.grants);
  return made;
}

type PolicyProps = { readonly name: string; readonly description: string; readonly grants: readonly Grant[] };

/** For rights beyond the 10,240 characters of a role's own policies. Answers the policy's ARN. */
export function managedPolicy(scope: Construct, id: string, props: PolicyProps): string {
  const made = new CfnManagedPolicy(scope, id, {
    managedPolicyName: props.name,
    description: props.description,
    policyDocument: policyDocument(props.grants.map(({ statement }) => statement)),
  });
  acknowledgeWildcards(made, props.grants);
  return made.ref;
}

/** Gives cdk-nag the reason for each wildcard. A wildcard without a reason stays a finding. */
export function acknowledgeWildcards(resource: CfnResource, grants: readonly Grant[]): void {
  for (const { statement, because } of grants) {
    if (because === undefined || statement.Effect === "Deny") continue;
    // A list made of a parameter is one intrinsic.
    const resources = [Stack.of(resource).resolve(statement.Resource ?? []) as unknown].flat();
    const findings = [
      ...(statement.Action ?? []).map((action) => `Action::${action}`),
      ...resources.map((arn) => `Resource::${flatten(arn)}`),
    ].filter((finding) => finding.includes("*"));
    for (const finding of findings) {
      Validations.of(resource).acknowledge({ id: `AwsSolutions-IAM5[${finding}]`, reason: because });
    }
  }
}

/** An intrinsic as cdk-nag spells it in the id of a finding. */
function flatten(value: unknown): string {
  if (typeof value === "string") return value.replaceAll("${", "<").replaceAll("}", ">");
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const [[key, argument] = []] = Object.entries(value);
  if (key === "Ref") return `<${argument}>`;
  if (key === "Fn::GetAtt") return `<${(argument as readonly string[]).join(".")}>`;
  if (key === "Fn::Join") {
    const [delimiter, items] = argument as readonly [string, readonly unknown[]];
    return items.map(flatten).join(delimiter);
  }
  return JSON.stringify(value);
}
