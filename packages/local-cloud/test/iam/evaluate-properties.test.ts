import fc from "fast-check";
import { expect, it } from "vitest";
import { evaluate, type PolicySet } from "#cloud/iam/evaluate.ts";
import { parsePolicy } from "#cloud/iam/policy-document.ts";
import { subjectOf } from "#cloud/iam/subject.ts";

const subject = subjectOf({
  kind: "role",
  account: "111111111111",
  arn: "arn:aws:sts::111111111111:assumed-role/app/s",
  roleArn: "arn:aws:iam::111111111111:role/app",
  roleName: "app",
  sessionName: "s",
  userId: "AROAAPP:s",
  sessionPolicies: [],
  tags: {},
});

type Raw = Readonly<Record<string, unknown>>;

const statement = (effect: fc.Arbitrary<string>, named: boolean): fc.Arbitrary<Raw> =>
  fc.record({
    Effect: effect,
    ...(named && {
      Principal: fc.constantFrom<unknown>(
        "*",
        { AWS: "111111111111" },
        { AWS: "arn:aws:iam::111111111111:role/app" },
        { AWS: "arn:aws:sts::111111111111:assumed-role/app/s" },
        { AWS: "222222222222" },
      ),
    }),
    Action: fc.constantFrom("*", "sqs:*", "sqs:Send*", "s3:*", "SQS:sendmessage"),
    Resource: fc.constantFrom("*", "arn:aws:sqs:*:*:q", "arn:aws:sqs:*:*:other"),
    Condition: fc.constantFrom(
      {},
      { StringEquals: { "aws:RequestedRegion": "eu-west-1" } },
      { StringNotEquals: { "aws:RequestedRegion": "eu-west-1" } },
      { Null: { "aws:SourceArn": "true" } },
    ),
  });

const either = fc.constantFrom("Allow", "Deny");
const list = (effect: fc.Arbitrary<string>, named = false) =>
  fc.array(statement(effect, named), { minLength: 1, maxLength: 4 });

const policyCase = fc.record({
  identity: list(either),
  resource: list(either, true),
  boundary: fc.option(list(either)),
  sessions: fc.option(list(either)),
  scps: fc.option(list(either)),
  resourceAccount: fc.constantFrom("111111111111", "222222222222"),
  rule: fc.constantFrom(undefined, "key" as const, "trust" as const),
});

type PolicyCase = typeof policyCase extends fc.Arbitrary<infer Value> ? Value : never;

const policy = (Statement: readonly Raw[]) => ({
  name: "p",
  document: parsePolicy(JSON.stringify({ Version: "2012-10-17", Statement })),
});

function allowed({
  identity,
  resource,
  boundary,
  sessions,
  scps,
  resourceAccount,
  rule,
}: PolicyCase): boolean {
  const set: PolicySet = {
    identity: [policy(identity)],
    resource: policy(resource),
    ...(boundary && { boundary: policy(boundary) }),
    ...(sessions && { sessions: [policy(sessions)] }),
    ...(scps && { scps: [[policy(scps)]] }),
  };
  const context = new Map([["aws:requestedregion", ["eu-west-1"]]]);
  const action = "sqs:SendMessage";
  const resourceArn = `arn:aws:sqs:eu-west-1:${resourceAccount}:q`;
  return evaluate(set, { action, resource: resourceArn, resourceAccount, rule, subject, context }).allowed;
}

const policyKinds = ["identity", "resource", "boundary", "sessions", "scps"] as const;

it("never widens by a deny", () => {
  fc.assert(
    fc.property(
      policyCase,
      fc.constantFrom(...policyKinds),
      list(fc.constant("Deny"), true),
      (before, policyKind, denies) => {
        const extra =
          policyKind === "resource" ? denies : denies.map(({ Principal: _principal, ...rest }) => rest);
        fc.pre(before[policyKind] !== null);
        const after = { ...before, [policyKind]: [...(before[policyKind] ?? []), ...extra] };
        if (allowed(after)) expect(allowed(before)).toBe(true);
      },
    ),
  );
});

it("never narrows by an allow", () => {
  fc.assert(
    fc.property(
      policyCase,
      fc.constantFrom(...policyKinds),
      list(fc.constant("Allow"), true),
      (before, policyKind, allows) => {
        const extra =
          policyKind === "resource" ? allows : allows.map(({ Principal: _principal, ...rest }) => rest);
        fc.pre(before[policyKind] !== null);
        const after = { ...before, [policyKind]: [...(before[policyKind] ?? []), ...extra] };
        if (allowed(before)) expect(allowed(after)).toBe(true);
      },
    ),
  );
});

it("never widens by a boundary, a session policy or a control policy", () => {
  fc.assert(
    fc.property(policyCase, fc.constantFrom("boundary", "sessions", "scps"), (limited, policyKind) => {
      if (allowed(limited)) expect(allowed({ ...limited, [policyKind]: null })).toBe(true);
    }),
  );
});

it("does not depend on the order of statements", () => {
  fc.assert(
    fc.property(policyCase, (before) => {
      const turned = Object.fromEntries(
        policyKinds.map((policyKind) => [
          policyKind,
          before[policyKind] && [...before[policyKind]].reverse(),
        ]),
      );
      expect(allowed({ ...before, ...turned })).toBe(allowed(before));
    }),
  );
});

it("asks for more across accounts than within one", () => {
  fc.assert(
    fc.property(policyCase, (before) => {
      const across = allowed({ ...before, resourceAccount: "222222222222" });
      // The patterns above match queues of every account.
      if (across) expect(allowed({ ...before, resourceAccount: "111111111111" })).toBe(true);
    }),
  );
});
