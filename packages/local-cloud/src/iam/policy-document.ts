/**
 * Parses policy documents from JSON text into statements that can be evaluated. It decides whether a text
 * is a policy; policy-checks.ts holds IAM's further rules for identity and trust policies.
 */
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { type Condition, readCondition } from "./conditions.ts";
import { type Matcher, matcher } from "./pattern.ts";

export type PrincipalElement = {
  readonly not: boolean;
  readonly wildcard: boolean;
  readonly aws: readonly string[];
  readonly service: readonly string[];
  readonly federated: readonly string[];
};

export type Patterns = { readonly not: boolean; readonly matchers: readonly Matcher[] };

export type Statement = {
  readonly sid: string | undefined;
  readonly effect: "Allow" | "Deny";
  readonly principal: PrincipalElement | undefined;
  readonly action: Patterns;
  /** Absent in trust policies, which apply to their own role. */
  readonly resource: Patterns | undefined;
  readonly conditions: readonly Condition[];
};

export type PolicyDocument = { readonly statements: readonly Statement[] };

export type Json = { readonly [member: string]: unknown };

export const malformed = (message: string): AwsError => new AwsError("MalformedPolicyDocument", message);

const SYNTAX = "Syntax errors in policy.";

const TOP = new Set(["Version", "Id", "Statement"]);
const MEMBERS = new Set([
  ..."Sid Effect Principal NotPrincipal Action NotAction Resource NotResource Condition".split(" "),
]);

export function parsePolicy(text: string): PolicyDocument {
  const document = readJson(text);
  if (Object.keys(document).some((member) => !TOP.has(member))) throw malformed(SYNTAX);
  const version = document["Version"] ?? "2008-10-17";
  if (version !== "2012-10-17" && version !== "2008-10-17") throw malformed(SYNTAX);
  if (document["Id"] !== undefined && typeof document["Id"] !== "string") throw malformed(SYNTAX);
  return {
    statements: statementsOf(document).map((statement) => readStatement(statement, version === "2012-10-17")),
  };
}

export function readJson(text: string): Json {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed("This policy contains invalid Json");
  }
  if (!isObject(value)) throw malformed(SYNTAX);
  return value;
}

/** Returns the statements as written. A single statement may stand without a list. */
export function statementsOf(document: Json): readonly Json[] {
  const listed = Array.isArray(document["Statement"])
    ? (document["Statement"] as readonly unknown[])
    : [document["Statement"]];
  if (listed.length === 0 || !listed.every(isObject)) throw malformed(SYNTAX);
  return listed;
}

export const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Accepts a string or a list of strings. */
export function strings(value: unknown): readonly string[] {
  const list = Array.isArray(value) ? (value as readonly unknown[]) : [value];
  if (!list.every((item) => typeof item === "string")) throw malformed(SYNTAX);
  return list;
}

function readStatement(raw: Json, variables: boolean): Statement {
  const both = (member: string): boolean => raw[member] !== undefined && raw[`Not${member}`] !== undefined;
  if (Object.keys(raw).some((member) => !MEMBERS.has(member))) throw malformed(SYNTAX);
  if (both("Action") || both("Resource") || both("Principal")) throw malformed(SYNTAX);
  if (raw["Sid"] !== undefined && typeof raw["Sid"] !== "string") throw malformed(SYNTAX);
  if (raw["Effect"] !== "Allow" && raw["Effect"] !== "Deny") throw malformed(SYNTAX);
  const action = readPatterns(raw, "Action", { ignoreCase: true });
  if (action === undefined || action.matchers.length === 0)
    throw malformed("Policy statement must contain actions.");
  return {
    sid: raw["Sid"] as string | undefined,
    effect: raw["Effect"],
    principal: readPrincipal(raw["Principal"], false) ?? readPrincipal(raw["NotPrincipal"], true),
    action,
    resource: readPatterns(raw, "Resource", { variables }),
    conditions: readConditions(raw["Condition"], variables),
  };
}

function readPatterns(
  raw: Json,
  member: "Action" | "Resource",
  options: { readonly ignoreCase?: boolean; readonly variables?: boolean },
): Patterns | undefined {
  const not = raw[`Not${member}`] !== undefined;
  const value = not ? raw[`Not${member}`] : raw[member];
  if (value === undefined) return undefined;
  return { not, matchers: strings(value).map((text) => matcher(text, { ...options, wildcards: true })) };
}

function readPrincipal(value: unknown, not: boolean): PrincipalElement | undefined {
  if (value === undefined) return undefined;
  if (value === "*") return { not, wildcard: true, aws: [], service: [], federated: [] };
  if (!isObject(value) || Object.keys(value).length === 0) throw malformed(SYNTAX);
  const of = (kind: string): readonly string[] => (value[kind] === undefined ? [] : strings(value[kind]));
  if (Object.keys(value).some((kind) => !["AWS", "Service", "Federated", "CanonicalUser"].includes(kind)))
    throw malformed(SYNTAX);
  return {
    not,
    wildcard: of("AWS").includes("*"),
    aws: of("AWS"),
    service: of("Service"),
    federated: of("Federated"),
  };
}

function readConditions(value: unknown, variables: boolean): readonly Condition[] {
  if (value === undefined) return [];
  if (!isObject(value)) throw malformed(SYNTAX);
  return Object.entries(value).flatMap(([operator, keys]) => {
    if (!isObject(keys)) throw malformed(SYNTAX);
    return Object.entries(keys).map(([key, expected]) => {
      const listed = Array.isArray(expected) ? (expected as readonly unknown[]) : [expected];
      if (!listed.every((item) => ["string", "number", "boolean"].includes(typeof item)))
        throw malformed(SYNTAX);
      const condition = readCondition(operator, key, listed.map(String), variables);
      if (condition === undefined) throw malformed(SYNTAX);
      return condition;
    });
  });
}
