/**
 * Stores roles and users in a policy by unique id, as IAM does, so that an entity created later under the
 * same name does not match. A reader of the policy sees the ARN while the entity exists, and the bare id
 * afterwards (IAM User Guide, "AWS JSON policy elements: Principal").
 */
import { type IamState, roleByArn } from "./iam-state.ts";
import { isObject, type Json, malformed, readJson, statementsOf, strings } from "./policy-document.ts";

type Iam = (account: string) => IamState;

export type PinnedPolicy = {
  readonly text: string;
  /** The ARN as which each id was written. */
  readonly names: Readonly<Record<string, string>>;
};

/** Replaces ARNs by unique ids. An ARN without an entity is rejected in IAM's words. */
export function pinPrincipals(text: string, iam: Iam): PinnedPolicy {
  const names: Record<string, string> = {};
  const pinned = mapPrincipals(text, (kind, value) => {
    if (kind === "Service" && !SERVICE.test(value)) throw invalid("SERVICE", value);
    if (kind !== "AWS" || UNPINNED.some((form) => form.test(value))) return value;
    const id = idByArn(iam, value);
    if (id === undefined) throw invalid("AWS", value);
    names[id] = value;
    return id;
  });
  return { text: pinned, names };
}

/** Replaces unique ids by ARNs, for a reader of the policy. */
export const unpinPrincipals = ({ text, names }: PinnedPolicy, iam: Iam): string =>
  mapPrincipals(text, (kind, value) => {
    const arn = kind === "AWS" ? names[value] : undefined;
    return arn !== undefined && idByArn(iam, arn) === value ? arn : value;
  });

const SERVICE = /^[a-z0-9.-]+\.(amazonaws\.com(\.cn)?|amazon\.com|aws\.internal)$/;
/** `*`, accounts, sessions and unique ids stay as written. */
const UNPINNED = [
  /^\*$/,
  /^\d{12}$/,
  /^arn:aws:iam::\d{12}:root$/,
  /^arn:aws:sts::\d{12}:assumed-role\/[^/*]+\/[^*]+$/,
  /^A(?:ROA|IDA)[A-Z0-9]{17}$/,
];

const invalid = (kind: string, value: string) =>
  malformed(`Invalid principal in policy: "${kind}":"${value}"`);

function idByArn(iam: Iam, arn: string): string | undefined {
  const [, account, name] = /^arn:aws:iam::(\d{12}):user\/(?:.*\/)?([^/]+)$/.exec(arn) ?? [];
  if (account === undefined || name === undefined) return roleByArn(iam, arn)?.id;
  const user = iam(account).users.get(name.toLowerCase());
  return user?.arn === arn ? user.id : undefined;
}

/** Keeps the original text when no principal changes. */
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
