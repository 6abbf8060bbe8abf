/** Checks parameter names, and parses references: a name or an ARN, optionally with a version or label. */
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { Parameter, SsmState } from "./state.ts";

const MAX_NAME = 1011;
const MAX_LEVELS = 15;

export type Reference = {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  /** The version number or label after the colon. */
  readonly selector: string | undefined;
};

const ARN = /^arn:aws:ssm:([a-z0-9-]+):(\d{12}|):parameter(\/.+)$/;

export const isArn = (reference: string): boolean => ARN.test(reference);

/**
 * Finds a parameter by its name. At the top level `/name` and `name` are one parameter, because both have the same
 * ARN.
 */
export function storedParameter(state: SsmState, name: string): Parameter | undefined {
  const other = name.startsWith("/") ? name.slice(1) : `/${name}`;
  return state.parameters.get(name) ?? (other.includes("/", 1) ? undefined : state.parameters.get(other));
}

/** Splits `name`, `name:3`, `name:label` and ARNs. */
export function locationOf(
  reference: string,
  here: { readonly account: string; readonly region: string },
): Reference {
  const arn = ARN.exec(reference);
  const path = arn?.[3] ?? reference;
  const colon = path.indexOf(":");
  const name = colon < 0 ? path : path.slice(0, colon);
  return {
    name,
    region: arn?.[1] ?? here.region,
    account: arn?.[2] || here.account,
    selector: colon < 0 ? undefined : path.slice(colon + 1),
  };
}

/** Throws AWS's error for an invalid name. (Systems Manager API Reference, PutParameter, "Name") */
export function checkName(name: string): void {
  if (/^\/?(aws|ssm)/i.test(name)) {
    const prefix = /^\/?(aws|ssm)/i.exec(name)?.[1]?.toLowerCase();
    throw new AwsError(
      prefix === "aws" ? "AccessDeniedException" : "ValidationException",
      prefix === "aws"
        ? `No access to reserved parameter name: ${name}.`
        : `Parameter name: can't be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_`,
    );
  }
  if (name.length > MAX_NAME)
    throw new AwsError(
      "ValidationException",
      `Parameter name must not be longer than ${MAX_NAME} characters.`,
    );
  if (!/^[a-zA-Z0-9_.\-/]+$/.test(name) || name.endsWith("/") || name.includes("//")) {
    throw new AwsError(
      "ValidationException",
      "Parameter name must be a fully qualified name. It can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_",
    );
  }
  if (name.includes("/") && !name.startsWith("/"))
    throw new AwsError("ValidationException", "Parameter name must be a fully qualified name.");
  if (name.split("/").length - 1 > MAX_LEVELS) {
    throw new AwsError(
      "HierarchyLevelLimitExceededException",
      `A parameter hierarchy can have at most ${MAX_LEVELS} levels.`,
    );
  }
}
