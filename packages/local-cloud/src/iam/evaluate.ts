/**
 * Implements AWS's evaluation logic as a pure function over policies: explicit denies first, then the allow
 * that each kind of policy must give, within one account and across two (IAM User Guide, "Policy evaluation
 * logic", "Cross-account policy evaluation logic").
 */
import { opinion, type Question } from "./opinion.ts";
import type { PolicyDocument } from "./policy-document.ts";
import type { Grade } from "./principal-match.ts";

export type PolicyKind = "scp" | "resource" | "trust" | "identity" | "boundary" | "session";

export type NamedPolicy = { readonly name: string; readonly document: PolicyDocument };

export type PolicySet = {
  /**
   * One entry per level from the organization's root to the account. Each level must allow. Absent: no
   * organization, or exempt.
   */
  readonly scps?: readonly (readonly NamedPolicy[])[];
  readonly resource?: NamedPolicy | undefined;
  /** The account's root user needs no identity policy. */
  readonly administrator?: boolean;
  readonly identity?: readonly NamedPolicy[];
  /** A boundary whose policy was deleted is an empty document. */
  readonly boundary?: NamedPolicy | undefined;
  /** Together they form one limit. */
  readonly sessions?: readonly NamedPolicy[];
};

export type EvaluationRequest = Question & {
  readonly resourceAccount: string;
  readonly rule?: "key" | "trust" | undefined;
};

export type Verdict =
  | { readonly allowed: true }
  | {
      readonly allowed: false;
      readonly explicit: true;
      readonly kind: PolicyKind;
      readonly policy: string;
      readonly sid?: string | undefined;
    }
  | {
      readonly allowed: false;
      readonly explicit: false;
      /** Every kind of policy whose allow is missing. AWS would report the first one. */
      readonly missing: readonly [PolicyKind, ...PolicyKind[]];
    };

const allowed: Verdict = { allowed: true };

export function evaluate(policies: PolicySet, request: EvaluationRequest): Verdict {
  const denied = explicitDeny(policies, request);
  if (denied !== undefined) return denied;
  const onResource: PolicyKind = request.rule === "trust" ? "trust" : "resource";
  const grade = policies.resource && opinion(policies.resource.document, request, true).allows;
  const { subject } = request;
  if (subject.kind === "service" || subject.kind === "anonymous" || subject.kind === "federated")
    return grade === undefined ? lacking(onResource) : allowed;

  const missing: PolicyKind[] = [];
  if (policies.scps?.some((level) => !allowedBy(level, request))) missing.push("scp");
  const identity = policies.administrator || allowedBy(policies.identity ?? [], request);
  const sameAccount = subject.account === request.resourceAccount;
  if (!sameAccount || request.rule !== undefined) {
    if (grade === undefined) missing.push(onResource);
  }
  if (!identity && !(sameAccount && grants(grade))) missing.push("identity");
  if (!sameAccount || !passesLimits(grade, subject.kind)) {
    if (policies.boundary && !allowedBy([policies.boundary], request)) missing.push("boundary");
    if (policies.sessions?.length && !allowedBy(policies.sessions, request)) missing.push("session");
  }
  const [first, ...others] = missing;
  return first === undefined ? allowed : lacking(first, ...others);
}

const lacking = (...missing: [PolicyKind, ...PolicyKind[]]): Verdict => ({
  allowed: false,
  explicit: false,
  missing,
});

/**
 * Within the account, a grant to the caller replaces an identity policy. A grant to the account only
 * delegates to its policies.
 */
const grants = (grade: Grade | undefined): boolean => grade !== undefined && grade !== "account";

/**
 * A grant to the session's ARN or to a user's ARN applies even where boundaries and session policies do not
 * allow the action.
 */
const passesLimits = (grade: Grade | undefined, kind: string): boolean =>
  grade === "session" || (grade === "entity" && kind === "user");

const allowedBy = (policies: readonly NamedPolicy[], question: Question): boolean =>
  policies.some(({ document }) => opinion(document, question).allows !== undefined);

function explicitDeny(policies: PolicySet, request: EvaluationRequest): Verdict | undefined {
  const groups: readonly (readonly [PolicyKind, readonly NamedPolicy[]])[] = [
    ["scp", (policies.scps ?? []).flat()],
    [request.rule === "trust" ? "trust" : "resource", policies.resource ? [policies.resource] : []],
    ["identity", policies.identity ?? []],
    ["boundary", policies.boundary ? [policies.boundary] : []],
    ["session", policies.sessions ?? []],
  ];
  for (const [kind, group] of groups) {
    for (const { name, document } of group) {
      const { denies } = opinion(document, request, kind === "resource" || kind === "trust");
      if (denies !== undefined)
        return { allowed: false, explicit: true, kind, policy: name, sid: denies.sid };
    }
  }
  return undefined;
}
