/**
 * Roles and users named in a stored policy are kept by unique id, as IAM does: a namesake created later is not meant.
 * Whoever reads the policy sees the ARN while the entity lives, and the bare id afterwards.
 */
import { type IamState, roleByArn } from "./iam-state.ts";
import { isObject, type Json, malformed, readJson, statementsOf, strings } from "./policy-document.ts";

type Iam = (account: string) => IamState;

/** Replaces ARNs by unique ids; an ARN nobody has is refused in IAM's words. */
export const pinPrincipals = (text: string, iam: Iam): string =>
  mapPrincipals(text, (kind, value) => {
    if (kind === "Service" && !/^[a-z0-9.-]+\.(amazonaws\.com(\.cn)?|amazon\.com|aws\.internal)$/.test(value))
      throw invalid("SERVICE", value);
    if (kind !== "AWS") return value;
    if (value === "*" || /^\d{12}$/.test(value) || /^arn:aws:iam::\d{12}:root$/.test(value)) return value;
    if (/^arn:aws:sts::\d{12}:assumed-role\/[^/*]+\/[^*]+$/.test(value)) return value;
    if (/^A(?:ROA|IDA)[A-Z0-9]{17}$/.test(value)) return value;
    const id = roleByArn(iam, value)?.id ?? userByArn(iam, value)?.id;
    if (id === undefined) throw invalid("AWS", value);
    return id;
  });

/** The inverse, for whoever reads the policy. */
export function unpinPrincipals(text: string, arnOf: (id: string) => string | undefined): string {
  return mapPrincipals(text, (kind, value) => (kind === "AWS" ? (arnOf(value) ?? value) : value));
}

const invalid = (kind: string, value: string) =>
  malformed(`Invalid principal in policy: "${kind}":"${value}"`);

function userByArn(iam: Iam, arn: string) {
  const [, account, name] = /^arn:aws:iam::(\d{12}):user\/(?:.*\/)?([^/]+)$/.exec(arn) ?? [];
  if (account === undefined || name === undefined) return undefined;
  const user = iam(account).users.get(name.toLowerCase());
  return user?.arn === arn ? user : undefined;
}

/** Keeps the text as it was written when nothing changes. */
function mapPrincipals(text: string, map: (kind: string, value: string) => string): string {
  let changed = false;
  const replace = (kind: string, value: string): string => {
    const mapped = map(kind, value);
    changed ||= mapped !== value;
    return mapped;
  };
  const mapElement = (element: unknown): unknown => {
    if (!isObject(element)) return element;
    return Object.fromEntries(
      Object.entries(element).map(([kind, value]) => [
        kind,
        typeof value === "string" ? replace(kind, value) : strings(value).map((one) => replace(kind, one)),
      ]),
    );
  };
  const document = readJson(text);
  const statements = statementsOf(document).map((statement): Json => {
    const copy: Record<string, unknown> = { ...statement };
    for (const member of ["Principal", "NotPrincipal"])
      if (copy[member] !== undefined) copy[member] = mapElement(copy[member]);
    return copy;
  });
  if (!changed) return text;
  return JSON.stringify({
    ...document,
    Statement: Array.isArray(document["Statement"]) ? statements : statements[0],
  });
}
