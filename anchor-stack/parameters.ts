/** Defines the parameters of the products. CloudFormation checks each value before it creates a resource. */
import { CfnCondition, CfnParameter, Fn, type IResolvable } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import type { Condition, Statement } from "#constructs/statements.ts";
import { freeSessionName, handlerPrefix } from "#release/names/deployed-names.ts";

const account = "[0-9]{12}";
/** A named principal without a pattern, so no parameter can open a role to all accounts. */
const principal = `arn:aws:(iam|sts)::${account}:(root|(role|user|assumed-role)/[A-Za-z0-9+=,.@_/-]+)`;

export const accountParameter = (
  scope: Construct,
  id: string,
  description: string,
  otherwise?: string,
): string =>
  new CfnParameter(scope, id, {
    type: "String",
    description,
    allowedPattern: account,
    constraintDescription: "An account id has twelve digits.",
    ...(otherwise !== undefined && { default: otherwise }),
  }).valueAsString;

export const accountsParameter = (scope: Construct, id: string, description: string): readonly string[] =>
  new CfnParameter(scope, id, {
    type: "CommaDelimitedList",
    description,
    allowedPattern: account,
    constraintDescription: "Account ids of twelve digits, separated by commas, without blanks.",
  }).valueAsList;

export const bucketParameter = (scope: Construct, id: string, description: string): string =>
  new CfnParameter(scope, id, {
    type: "String",
    description,
    allowedPattern: "[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]",
    constraintDescription: "The name of a bucket.",
  }).valueAsString;

/** A build image that is pulled with the credentials of the project's role. */
export const imageParameter = (
  scope: Construct,
  id: string,
  description: string,
  otherwise: string,
): string =>
  new CfnParameter(scope, id, {
    type: "String",
    description,
    default: otherwise,
    allowedPattern: "[A-Za-z0-9][A-Za-z0-9._:/@-]*",
    constraintDescription: "An image of a registry.",
  }).valueAsString;

/** The default is no. The result is true or false, as a property takes it. */
export function flagParameter(scope: Construct, id: string, description: string): IResolvable {
  const parameter = new CfnParameter(scope, id, {
    type: "String",
    description,
    default: "false",
    allowedValues: ["true", "false"],
  });
  const wanted = new CfnCondition(scope, `${id}Wanted`, {
    expression: Fn.conditionEquals(parameter.valueAsString, "true"),
  });
  return Fn.conditionIf(wanted.logicalId, true, false);
}

/** Applications cannot change a function or project of this prefix. The default is empty. */
export const handlersParameter = (scope: Construct, id: string, description: string): readonly string[] =>
  new CfnParameter(scope, id, {
    type: "CommaDelimitedList",
    description: `${description} Default: none.`,
    default: "",
    allowedPattern: `^$|^${handlerPrefix}[a-zA-Z0-9-_]{1,50}$`,
    constraintDescription: `Names that begin with ${handlerPrefix}, separated by commas, without blanks.`,
  }).valueAsList;

/** The default is empty: each name grants access to a function outside of Kedge. */
export const functionsParameter = (scope: Construct, id: string, description: string): readonly string[] =>
  new CfnParameter(scope, id, {
    type: "CommaDelimitedList",
    description: `${description} Default: none.`,
    default: "",
    allowedPattern: "[a-zA-Z0-9-_]{0,64}",
    constraintDescription: "Names of functions, separated by commas, without blanks.",
  }).valueAsList;

/**
 * The principals that may assume a role. Without a value it is the account itself, whose own policies then
 * decide.
 */
export function principalsParameter(scope: Construct, id: string, description: string): readonly string[] {
  const parameter = new CfnParameter(scope, id, {
    type: "CommaDelimitedList",
    description: `${description} Default: the principals of this account whose own policies allow it.`,
    default: "",
    allowedPattern: `^$|^${principal}$`,
    constraintDescription: "ARNs of roles, users or account roots, separated by commas; no wildcards.",
  });
  const given = new CfnCondition(scope, `${id}Given`, {
    expression: Fn.conditionNot(Fn.conditionEquals(Fn.join("", parameter.valueAsList), "")),
  });
  const own = Fn.sub("arn:aws:iam::${AWS::AccountId}:root");
  const chosen = Fn.conditionIf(given.logicalId, parameter.valueAsList, [own]);
  return chosen as unknown as readonly string[];
}

/** The condition key that a session name is compared with, and the trust statement that compares it. */
export type SessionName = {
  /** The key, or `freeSessionName`. */
  readonly key: string;
  readonly trust: (principals: readonly string[]) => Statement;
};

/**
 * A session passes its source identity on to the next role, so the trust has to allow sts:SetSourceIdentity (IAM
 * User Guide, "Monitor and control actions taken with assumed roles").
 */
export function sessionNameParameter(scope: Construct, id: string, description: string): SessionName {
  const parameter = new CfnParameter(scope, id, {
    type: "String",
    description: `${description} Default: the caller chooses it.`,
    default: "",
    allowedPattern: "^$|^aws:(SourceIdentity|PrincipalTag/[A-Za-z0-9_.:/=+@-]{1,128})$",
    constraintDescription: "aws:SourceIdentity, or aws:PrincipalTag/ and the key of a tag.",
  });
  const given = new CfnCondition(scope, `${id}Given`, {
    expression: Fn.conditionNot(Fn.conditionEquals(parameter.valueAsString, "")),
  });
  const ifGiven = (value: unknown, otherwise: unknown) =>
    Fn.conditionIf(given.logicalId, value, otherwise) as unknown;
  const condition = {
    StringEquals: { "sts:RoleSessionName": Fn.join("", ["${", parameter.valueAsString, "}"]) },
  };
  return {
    key: Fn.conditionIf(given.logicalId, parameter.valueAsString, freeSessionName).toString(),
    trust: (principals) => ({
      Effect: "Allow",
      Principal: { AWS: principals },
      Action: ifGiven(["sts:AssumeRole", "sts:SetSourceIdentity"], ["sts:AssumeRole"]) as readonly string[],
      Condition: ifGiven(condition, { Ref: "AWS::NoValue" }) as Condition,
    }),
  };
}
