import { describe, expect, it } from "vitest";
import { evaluate, type NamedPolicy, type PolicySet, type Verdict } from "#cloud/iam/evaluate.ts";
import { parsePolicy } from "#cloud/iam/policy-document.ts";
import { federatedSubject, type Subject, subjectOf } from "#cloud/iam/subject.ts";
import { accountRoot, servicePrincipal } from "#cloud/kernel/principal.ts";

const HERE = "111111111111";
const THERE = "222222222222";
const roleArn = `arn:aws:iam::${HERE}:role/team/app`;
const sessionArn = `arn:aws:sts::${HERE}:assumed-role/app/s`;
const userArn = `arn:aws:iam::${HERE}:user/ada`;

const session = subjectOf({
  kind: "role",
  account: HERE,
  arn: sessionArn,
  roleArn,
  roleName: "app",
  sessionName: "s",
  userId: "AROAAPP:s",
  sessionPolicies: [],
  tags: {},
});
const user = subjectOf({ kind: "user", account: HERE, arn: userArn, userName: "ada" }, "AIDAADA");
const root = subjectOf(accountRoot(HERE));
const events = subjectOf(servicePrincipal("events.amazonaws.com"));
const anonymous = subjectOf({ kind: "anonymous" });

const policy = (...statements: readonly object[]): NamedPolicy => ({
  name: "p",
  document: parsePolicy(JSON.stringify({ Version: "2012-10-17", Statement: statements })),
});
const action = { Action: "sqs:*", Resource: "*" };
const allow = policy({ Effect: "Allow", ...action });
const deny = policy({ Effect: "Deny", ...action, Sid: "no" });
const silent = policy({ Effect: "Allow", Action: "s3:*", Resource: "*" });
const grant = (Principal: unknown, Effect = "Allow"): NamedPolicy => policy({ Effect, Principal, ...action });

/** `allowed`, `denied by <kind>`, or `no <kinds>`. */
const verdictText = (verdict: Verdict): string =>
  verdict.allowed
    ? "allowed"
    : verdict.explicit
      ? `denied by ${verdict.kind}`
      : `no ${verdict.missing.join(", ")}`;

const ask = (
  subject: Subject,
  policies: PolicySet,
  more: { readonly resourceAccount?: string; readonly rule?: "key" | "trust" } = {},
): string =>
  verdictText(
    evaluate(policies, {
      action: "sqs:SendMessage",
      resource: "arn:aws:sqs:eu-west-1:111111111111:q",
      resourceAccount: HERE,
      context: new Map(),
      subject,
      ...more,
    }),
  );

describe("within one account", () => {
  it.each<[string, Subject, PolicySet, string]>([
    ["no policy allows", session, {}, "no identity"],
    ["identity allows", session, { identity: [allow] }, "allowed"],
    ["another action is allowed", session, { identity: [silent] }, "no identity"],
    ["identity denies", session, { identity: [allow, deny] }, "denied by identity"],
    ["the root user needs no policy", root, { administrator: true }, "allowed"],
    [
      "the resource's deny applies to the root user",
      root,
      { administrator: true, resource: grant("*", "Deny") },
      "denied by resource",
    ],
    ["the resource grants the role", session, { resource: grant({ AWS: roleArn }) }, "allowed"],
    ["the resource grants the role's unique id", session, { resource: grant({ AWS: "AROAAPP" }) }, "allowed"],
    ["the resource grants the session", session, { resource: grant({ AWS: sessionArn }) }, "allowed"],
    ["the resource grants everyone", session, { resource: grant("*") }, "allowed"],
    ["the resource delegates to the account", session, { resource: grant({ AWS: HERE }) }, "no identity"],
    [
      "the account's grant needs the identity policy and has it",
      session,
      { resource: grant({ AWS: HERE }), identity: [allow] },
      "allowed",
    ],
    [
      "the resource denies the account",
      session,
      { resource: grant({ AWS: HERE }, "Deny"), identity: [allow] },
      "denied by resource",
    ],
    [
      "the resource denies another role",
      session,
      { resource: grant({ AWS: `${roleArn}x` }, "Deny"), identity: [allow] },
      "allowed",
    ],
    ["the boundary allows too", session, { identity: [allow], boundary: allow }, "allowed"],
    ["the boundary is silent", session, { identity: [allow], boundary: silent }, "no boundary"],
    ["only the boundary allows", session, { boundary: allow }, "no identity"],
    ["the boundary denies", session, { identity: [allow], boundary: deny }, "denied by boundary"],
    ["the session policy is silent", session, { identity: [allow], sessions: [silent] }, "no session"],
    [
      "one of two session policies allows",
      session,
      { identity: [allow], sessions: [silent, allow] },
      "allowed",
    ],
    [
      "the session policy denies",
      session,
      { identity: [allow], sessions: [allow, deny] },
      "denied by session",
    ],
    [
      "a grant to the role is limited by its boundary",
      session,
      { resource: grant({ AWS: roleArn }), boundary: silent },
      "no boundary",
    ],
    [
      "a grant to the role is limited by the session",
      session,
      { resource: grant({ AWS: roleArn }), sessions: [silent] },
      "no session",
    ],
    [
      "a grant to everyone is limited by the boundary",
      session,
      { resource: grant("*"), boundary: silent },
      "no boundary",
    ],
    [
      "a grant to the session passes boundary and session",
      session,
      { resource: grant({ AWS: sessionArn }), boundary: silent, sessions: [silent] },
      "allowed",
    ],
    [
      "a grant to the session does not pass an explicit deny of the boundary",
      session,
      { resource: grant({ AWS: sessionArn }), boundary: deny },
      "denied by boundary",
    ],
    [
      "a grant to a user passes its boundary",
      user,
      { resource: grant({ AWS: userArn }), boundary: silent },
      "allowed",
    ],
    ["the resource grants a user's unique id", user, { resource: grant({ AWS: "AIDAADA" }) }, "allowed"],
    [
      "every level of control policies allows",
      session,
      { identity: [allow], scps: [[allow], [allow]] },
      "allowed",
    ],
    [
      "one level of control policies is silent",
      session,
      { identity: [allow], scps: [[allow], [silent]] },
      "no scp",
    ],
    [
      "a control policy denies the root user",
      root,
      { administrator: true, scps: [[allow, deny]] },
      "denied by scp",
    ],
    [
      "a control policy limits a resource's grant too",
      session,
      { resource: grant({ AWS: sessionArn }), scps: [[silent]] },
      "no scp",
    ],
    [
      "every missing policy is reported",
      session,
      { boundary: silent, sessions: [silent], scps: [[silent]] },
      "no scp, identity, boundary, session",
    ],
  ])("%s", (_case, subject, policies, expected) => {
    expect(ask(subject, policies)).toBe(expected);
  });
});

describe("across accounts", () => {
  it.each<[string, Subject, PolicySet, string]>([
    ["only the identity allows", session, { identity: [allow] }, "no resource"],
    ["only the resource allows", session, { resource: grant({ AWS: roleArn }) }, "no identity"],
    ["both sides allow", session, { identity: [allow], resource: grant({ AWS: roleArn }) }, "allowed"],
    [
      "the grant to the caller's account needs an identity policy and has it",
      session,
      { identity: [allow], resource: grant({ AWS: `arn:aws:iam::${HERE}:root` }) },
      "allowed",
    ],
    [
      "a grant to the session's ARN still needs an identity policy",
      session,
      { resource: grant({ AWS: sessionArn }) },
      "no identity",
    ],
    [
      "a grant to the session's ARN does not pass the boundary",
      session,
      { identity: [allow], boundary: silent, resource: grant({ AWS: sessionArn }) },
      "no boundary",
    ],
    [
      "the grant to everyone needs an identity policy and has it",
      session,
      { identity: [allow], resource: grant("*") },
      "allowed",
    ],
    [
      "the resource's own account is not the caller's",
      session,
      { identity: [allow], resource: grant({ AWS: THERE }) },
      "no resource",
    ],
    ["the root user needs the resource's grant", root, { administrator: true }, "no resource"],
    [
      "the root user has the resource's grant",
      root,
      { administrator: true, resource: grant({ AWS: HERE }) },
      "allowed",
    ],
    ["neither side allows", session, {}, "no resource, identity"],
  ])("%s", (_case, subject, policies, expected) => {
    expect(ask(subject, policies, { resourceAccount: THERE })).toBe(expected);
  });
});

describe("keys", () => {
  it.each<[string, Subject, PolicySet, string]>([
    ["identity alone is not enough", session, { identity: [allow] }, "no resource"],
    [
      "identity alone is not enough for the root user",
      root,
      { administrator: true, resource: grant({ AWS: roleArn }) },
      "no resource",
    ],
    [
      "the key policy delegates to the account's identity policies",
      session,
      { identity: [allow], resource: grant({ AWS: HERE }) },
      "allowed",
    ],
    ["the delegation alone grants no access", session, { resource: grant({ AWS: HERE }) }, "no identity"],
    ["the key may grant by itself", session, { resource: grant({ AWS: roleArn }) }, "allowed"],
  ])("%s", (_case, subject, policies, expected) => {
    expect(ask(subject, policies, { rule: "key" })).toBe(expected);
  });
});

describe("trust", () => {
  it.each<[string, Subject, PolicySet, string]>([
    ["an administrator is not trusted by that alone", root, { administrator: true }, "no trust"],
    [
      "the account is trusted and the identity allows",
      session,
      { identity: [allow], resource: grant({ AWS: HERE }) },
      "allowed",
    ],
    [
      "the account is trusted, the identity is silent",
      session,
      { resource: grant({ AWS: HERE }) },
      "no identity",
    ],
    ["the role is trusted by name", session, { resource: grant({ AWS: roleArn }) }, "allowed"],
    ["a service is trusted", events, { resource: grant({ Service: "events.amazonaws.com" }) }, "allowed"],
    [
      "another service is not trusted",
      events,
      { resource: grant({ Service: "lambda.amazonaws.com" }) },
      "no trust",
    ],
    [
      "the trust denies",
      session,
      { identity: [allow], resource: grant({ AWS: HERE }, "Deny") },
      "denied by trust",
    ],
    [
      "a provider is trusted",
      federatedSubject("arn:oidc"),
      { resource: grant({ Federated: "arn:oidc" }) },
      "allowed",
    ],
    [
      "a grant to everyone does not include a provider",
      federatedSubject("arn:oidc"),
      { resource: grant("*") },
      "no trust",
    ],
  ])("%s", (_case, subject, policies, expected) => {
    expect(ask(subject, policies, { rule: "trust" })).toBe(expected);
  });
});

describe("services and anonymous principals", () => {
  it.each<[string, Subject, PolicySet, string]>([
    ["an identity policy does not count for a service", events, { identity: [allow] }, "no resource"],
    [
      "the resource grants a service",
      events,
      { resource: grant({ Service: "events.amazonaws.com" }) },
      "allowed",
    ],
    ["a grant to everyone includes services", events, { resource: grant("*") }, "allowed"],
    [
      "a grant to an account does not include services",
      events,
      { resource: grant({ AWS: HERE }) },
      "no resource",
    ],
    ["a grant to everyone includes anonymous principals", anonymous, { resource: grant("*") }, "allowed"],
    [
      "a grant to an account does not include anonymous principals",
      anonymous,
      { resource: grant({ AWS: HERE }) },
      "no resource",
    ],
  ])("%s", (_case, subject, policies, expected) => {
    expect(ask(subject, policies)).toBe(expected);
  });
});

describe("NotPrincipal", () => {
  const but = (AWS: readonly string[], Effect: string) =>
    policy({ Effect, NotPrincipal: { AWS }, ...action });
  it.each<[string, PolicySet, string]>([
    [
      "a deny applies to a principal that is not listed",
      { identity: [allow], resource: but([userArn], "Deny") },
      "denied by resource",
    ],
    [
      "a deny does not apply to a principal listed as account, role and session",
      { identity: [allow], resource: but([HERE, roleArn, sessionArn], "Deny") },
      "allowed",
    ],
    [
      "a deny applies to a role listed without its session",
      { identity: [allow], resource: but([HERE, roleArn], "Deny") },
      "denied by resource",
    ],
    ["an allow grants a principal that is not listed", { resource: but([userArn], "Allow") }, "allowed"],
    ["an allow excludes a listed principal", { resource: but([roleArn], "Allow") }, "no identity"],
  ])("%s", (_case, policies, expected) => {
    expect(ask(session, policies)).toBe(expected);
  });
});
