import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluate, type PolicySet } from "#cloud/iam/evaluate.ts";
import { parsePolicy } from "#cloud/iam/policy-document.ts";
import { subjectOf } from "#cloud/iam/subject.ts";

const HERE = "111111111111";
const THERE = "222222222222";

const subject = subjectOf({
  kind: "role",
  account: HERE,
  arn: `arn:aws:sts::${HERE}:assumed-role/app/s`,
  roleArn: `arn:aws:iam::${HERE}:role/app`,
  roleName: "app",
  sessionName: "s",
  userId: "AROAAPP:s",
  sessionPolicies: [],
  tags: {},
});

type Raw = Readonly<Record<string, unknown>>;

const policy = (...Statement: readonly Raw[]) => ({
  name: "p",
  document: parsePolicy(JSON.stringify({ Version: "2012-10-17", Statement })),
});

type Asked = {
  readonly action?: string;
  readonly resource?: string;
  readonly owner?: string;
  readonly context?: Readonly<Record<string, readonly string[]>>;
};

const allows = (
  set: PolicySet,
  { action = "s3:GetObject", resource = "arn:aws:s3:::b/k", owner = HERE, context = {} }: Asked = {},
): boolean =>
  evaluate(set, {
    action,
    resource,
    resourceAccount: owner,
    subject,
    context: new Map(Object.entries(context).map(([key, values]) => [key.toLowerCase(), values])),
  }).allowed;

const identity = (...statements: readonly Raw[]): PolicySet => ({ identity: [policy(...statements)] });
const allow = (rest: Raw): Raw => ({ Effect: "Allow", Action: "*", Resource: "*", ...rest });
const deny = (rest: Raw): Raw => ({ Effect: "Deny", Action: "*", Resource: "*", ...rest });
const but = (member: string, value: unknown, effect = "Allow"): Raw => ({
  Effect: effect,
  ...(member === "NotAction" ? { Resource: "*" } : { Action: "*" }),
  [member]: value,
});

describe("the scope of a statement", () => {
  it.each<[string, Raw, Asked, boolean]>([
    ["an action in any case", allow({ Action: "S3:getobject" }), {}, true],
    ["an action by its beginning", allow({ Action: "s3:Get*" }), {}, true],
    ["an action by one letter", allow({ Action: "s3:GetObjec?" }), {}, true],
    ["another service's action of that name", allow({ Action: "glacier:GetObject" }), {}, false],
    ["a resource letter by letter", allow({ Resource: "arn:aws:s3:::B/k" }), {}, false],
    [
      "a resource over slashes",
      allow({ Resource: "arn:aws:s3:::b*" }),
      { resource: "arn:aws:s3:::b/x/y" },
      true,
    ],
    ["all actions but one", but("NotAction", "s3:PutObject"), {}, true],
    ["all actions but this one", but("NotAction", ["s3:Put*", "s3:Get*"]), {}, false],
    ["all resources but one", but("NotResource", "arn:aws:s3:::c/*"), {}, true],
    ["all resources but this one", but("NotResource", ["arn:aws:s3:::c/*", "arn:aws:s3:::b/*"]), {}, false],
  ])("is %s", (_case, statement, asked, expected) => {
    expect(allows(identity(statement), asked)).toBe(expected);
  });

  it.each<[string, Raw, boolean]>([
    ["NotAction spares what it lists", but("NotAction", "s3:*", "Deny"), true],
    ["NotAction denies all else", but("NotAction", "sqs:*", "Deny"), false],
    ["NotResource spares what it lists", but("NotResource", "arn:aws:s3:::b/*", "Deny"), true],
    ["NotResource denies all else", but("NotResource", "arn:aws:s3:::c/*", "Deny"), false],
  ])("evaluates a deny where %s", (_case, denies, expected) => {
    expect(allows(identity(allow({}), denies))).toBe(expected);
  });
});

describe("policy variables", () => {
  const own = allow({ Resource: "arn:aws:s3:::b/${aws:PrincipalTag/team}/*" });
  it.each<[string, Raw, Asked, boolean]>([
    [
      "is replaced by its value",
      own,
      { resource: "arn:aws:s3:::b/red/k", context: { "aws:PrincipalTag/team": ["red"] } },
      true,
    ],
    [
      "does not match another value",
      own,
      { resource: "arn:aws:s3:::b/blue/k", context: { "aws:PrincipalTag/team": ["red"] } },
      false,
    ],
    ["matches no resource without a value", own, { resource: "arn:aws:s3:::b//k" }, false],
    [
      "is not a pattern itself",
      own,
      { resource: "arn:aws:s3:::b/blue/k", context: { "aws:PrincipalTag/team": ["*"] } },
      false,
    ],
    [
      "matches no resource with several values",
      own,
      { resource: "arn:aws:s3:::b/red/k", context: { "aws:PrincipalTag/team": ["red", "blue"] } },
      false,
    ],
    [
      "may have a default",
      allow({ Resource: "arn:aws:s3:::b/${aws:PrincipalTag/team, 'all'}/*" }),
      { resource: "arn:aws:s3:::b/all/k" },
      true,
    ],
  ])("%s", (_case, statement, asked, expected) => {
    expect(allows(identity(statement), asked)).toBe(expected);
  });

  it("a variable without a value matches no resource in a deny, so the deny does not apply", () => {
    const denied = deny({ Resource: "arn:aws:s3:::${aws:PrincipalTag/team}/*" });
    expect(allows(identity(allow({}), denied))).toBe(true);
  });
});

describe("conditions", () => {
  const regions = { "aws:RequestedRegion": ["eu-west-1"] };
  it.each<[string, Raw, Asked["context"] | undefined, boolean]>([
    [
      "every operator has to hold",
      { StringEquals: { "aws:RequestedRegion": "eu-west-1" }, Bool: { "aws:SecureTransport": "true" } },
      regions,
      false,
    ],
    [
      "every key has to hold",
      { StringEquals: { "aws:RequestedRegion": "eu-west-1", "aws:SourceAccount": "1" } },
      regions,
      false,
    ],
    [
      "one of the values is enough",
      { StringEquals: { "aws:RequestedRegion": ["us-east-1", "eu-west-1"] } },
      regions,
      true,
    ],
    [
      "a negation fails when one value matches",
      { StringNotEquals: { "aws:RequestedRegion": ["us-east-1", "eu-west-1"] } },
      regions,
      false,
    ],
    ["a missing key does not hold", { StringEquals: { "aws:RequestedRegion": "eu-west-1" } }, {}, false],
    [
      "a missing key holds with IfExists",
      { StringEqualsIfExists: { "aws:RequestedRegion": "eu-west-1" } },
      {},
      true,
    ],
    [
      "a missing key holds for a negation",
      { StringNotEquals: { "aws:RequestedRegion": "eu-west-1" } },
      {},
      true,
    ],
    ["ForAllValues holds without values", { "ForAllValues:StringEquals": { "aws:TagKeys": "a" } }, {}, true],
    ["ForAnyValue fails without values", { "ForAnyValue:StringEquals": { "aws:TagKeys": "a" } }, {}, false],
    [
      "Null true requires an absent key",
      { Null: { "aws:TagKeys": "true" } },
      { "aws:TagKeys": ["a"] },
      false,
    ],
  ])("%s", (_case, Condition, context, expected) => {
    expect(allows(identity(allow({ Condition })), { context: context ?? {} })).toBe(expected);
  });
});

describe("access within an account and across accounts", () => {
  const named = (AWS: string): PolicySet => ({ resource: policy({ ...allow({}), Principal: { AWS } }) });
  const mine = identity(allow({}));
  it.each<[string, PolicySet, string, boolean]>([
    ["an identity policy is enough within the account", mine, HERE, true],
    ["a resource policy is enough within the account", named(`arn:aws:iam::${HERE}:role/app`), HERE, true],
    ["an identity policy alone is not enough across accounts", mine, THERE, false],
    [
      "a resource policy alone is not enough across accounts",
      named(`arn:aws:iam::${HERE}:role/app`),
      THERE,
      false,
    ],
    ["both policies together are enough across accounts", { ...mine, ...named(HERE) }, THERE, true],
    [
      "a boundary still limits across accounts",
      { ...mine, ...named(HERE), boundary: policy(allow({ Action: "sqs:*" })) },
      THERE,
      false,
    ],
    [
      "a session policy still limits across accounts",
      { ...mine, ...named(HERE), sessions: [policy(allow({ Action: "sqs:*" }))] },
      THERE,
      false,
    ],
    [
      "the caller's control policy still limits across accounts",
      { ...mine, ...named(HERE), scps: [[policy(allow({ Action: "sqs:*" }))]] },
      THERE,
      false,
    ],
    [
      "the resource's deny applies across accounts",
      {
        ...mine,
        resource: policy({ ...allow({}), Principal: { AWS: HERE } }, { ...deny({}), Principal: "*" }),
      },
      THERE,
      false,
    ],
  ])("%s", (_case, set, owner, expected) => {
    expect(allows(set, { owner })).toBe(expected);
  });
});

describe("equivalent policies", () => {
  const several = <T>(arbitrary: fc.Arbitrary<T>) => fc.array(arbitrary, { minLength: 1, maxLength: 4 });
  const actions = several(fc.constantFrom("s3:*", "s3:Get*", "s3:GetObject", "s3:PutObject", "sqs:*"));
  const resources = several(fc.constantFrom("*", "arn:aws:s3:::b/*", "arn:aws:s3:::c/*", "arn:aws:s3:::b/k"));
  const effects = fc.constantFrom("Allow", "Deny");

  it("a statement equals its split by action and resource", () => {
    fc.assert(
      fc.property(effects, actions, resources, (Effect, Action, Resource) => {
        const pieces = Action.flatMap((action) =>
          Resource.map((resource) => ({ Effect, Action: action, Resource: resource })),
        );
        const companion = allow({ Action: "s3:Get*" });
        expect(allows(identity(companion, ...pieces))).toBe(
          allows(identity(companion, { Effect, Action, Resource })),
        );
      }),
    );
  });

  it("two policies equal one with the statements of both", () => {
    const statement = fc.record({ Effect: effects, Action: actions, Resource: resources });
    fc.assert(
      fc.property(several(statement), several(statement), (one, other) => {
        expect(allows({ identity: [policy(...one), policy(...other)] })).toBe(
          allows(identity(...one, ...other)),
        );
      }),
    );
  });

  it("a repeated statement changes no decision", () => {
    const statement = fc.record({ Effect: effects, Action: actions, Resource: resources });
    fc.assert(
      fc.property(several(statement), (statements) => {
        expect(allows(identity(...statements, ...statements))).toBe(allows(identity(...statements)));
      }),
    );
  });

  it("an explicit deny applies in every policy", () => {
    const everywhere = policy({ ...allow({}), Principal: "*" });
    const no = deny({});
    fc.assert(
      fc.property(fc.constantFrom("identity", "resource", "boundary", "sessions", "scps"), (policyKind) => {
        const yes = policy(allow({}));
        const set: PolicySet = {
          identity: policyKind === "identity" ? [yes, policy(no)] : [yes],
          resource: policyKind === "resource" ? policy({ ...no, Principal: "*" }) : everywhere,
          boundary: policyKind === "boundary" ? policy(allow({}), no) : yes,
          sessions: policyKind === "sessions" ? [yes, policy(no)] : [yes],
          scps: [policyKind === "scps" ? [yes, policy(no)] : [yes]],
        };
        expect(allows(set)).toBe(false);
      }),
    );
  });
});
