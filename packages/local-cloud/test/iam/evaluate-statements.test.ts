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

describe("what a statement speaks of", () => {
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
  ])("a deny with %s", (_case, denies, expected) => {
    expect(allows(identity(allow({}), denies))).toBe(expected);
  });
});

describe("policy variables", () => {
  const own = allow({ Resource: "arn:aws:s3:::b/${aws:PrincipalTag/team}/*" });
  it.each<[string, Raw, Asked, boolean]>([
    [
      "stand for their value",
      own,
      { resource: "arn:aws:s3:::b/red/k", context: { "aws:PrincipalTag/team": ["red"] } },
      true,
    ],
    [
      "stand for no other",
      own,
      { resource: "arn:aws:s3:::b/blue/k", context: { "aws:PrincipalTag/team": ["red"] } },
      false,
    ],
    ["without a value match nothing", own, { resource: "arn:aws:s3:::b//k" }, false],
    [
      "are not patterns themselves",
      own,
      { resource: "arn:aws:s3:::b/blue/k", context: { "aws:PrincipalTag/team": ["*"] } },
      false,
    ],
    [
      "with several values match nothing",
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

  it("in a deny match nothing without a value, so the deny does not hold", () => {
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
      "none of the values may be met by a negation",
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
    ["no values at all hold ForAllValues", { "ForAllValues:StringEquals": { "aws:TagKeys": "a" } }, {}, true],
    [
      "no values at all do not hold ForAnyValue",
      { "ForAnyValue:StringEquals": { "aws:TagKeys": "a" } },
      {},
      false,
    ],
    ["Null true wants the key away", { Null: { "aws:TagKeys": "true" } }, { "aws:TagKeys": ["a"] }, false],
  ])("%s", (_case, Condition, context, expected) => {
    expect(allows(identity(allow({ Condition })), { context: context ?? {} })).toBe(expected);
  });
});

describe("the two sides of an account's wall", () => {
  const named = (AWS: string): PolicySet => ({ resource: policy({ ...allow({}), Principal: { AWS } }) });
  const mine = identity(allow({}));
  it.each<[string, PolicySet, string, boolean]>([
    ["at home, one side is enough: identity", mine, HERE, true],
    ["at home, one side is enough: resource", named(`arn:aws:iam::${HERE}:role/app`), HERE, true],
    ["abroad, identity alone is not", mine, THERE, false],
    ["abroad, the resource alone is not", named(`arn:aws:iam::${HERE}:role/app`), THERE, false],
    ["abroad, both are", { ...mine, ...named(HERE) }, THERE, true],
    [
      "abroad, a boundary limits still",
      { ...mine, ...named(HERE), boundary: policy(allow({ Action: "sqs:*" })) },
      THERE,
      false,
    ],
    [
      "abroad, a session policy limits still",
      { ...mine, ...named(HERE), sessions: [policy(allow({ Action: "sqs:*" }))] },
      THERE,
      false,
    ],
    [
      "abroad, a control policy of home limits still",
      { ...mine, ...named(HERE), scps: [[policy(allow({ Action: "sqs:*" }))]] },
      THERE,
      false,
    ],
    [
      "abroad, a deny of the resource ends it",
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

describe("however a policy is written", () => {
  const several = <T>(arbitrary: fc.Arbitrary<T>) => fc.array(arbitrary, { minLength: 1, maxLength: 4 });
  const actions = several(fc.constantFrom("s3:*", "s3:Get*", "s3:GetObject", "s3:PutObject", "sqs:*"));
  const resources = several(fc.constantFrom("*", "arn:aws:s3:::b/*", "arn:aws:s3:::c/*", "arn:aws:s3:::b/k"));
  const effects = fc.constantFrom("Allow", "Deny");

  it("a statement says the same in pieces, one for each action and resource", () => {
    fc.assert(
      fc.property(effects, actions, resources, (Effect, Action, Resource) => {
        const pieces = Action.flatMap((action) =>
          Resource.map((resource) => ({ Effect, Action: action, Resource: resource })),
        );
        const beside = allow({ Action: "s3:Get*" });
        expect(allows(identity(beside, ...pieces))).toBe(
          allows(identity(beside, { Effect, Action, Resource })),
        );
      }),
    );
  });

  it("two policies say what one with the statements of both says", () => {
    const statement = fc.record({ Effect: effects, Action: actions, Resource: resources });
    fc.assert(
      fc.property(several(statement), several(statement), (one, other) => {
        expect(allows({ identity: [policy(...one), policy(...other)] })).toBe(
          allows(identity(...one, ...other)),
        );
      }),
    );
  });

  it("saying a statement twice changes nothing", () => {
    const statement = fc.record({ Effect: effects, Action: actions, Resource: resources });
    fc.assert(
      fc.property(several(statement), (statements) => {
        expect(allows(identity(...statements, ...statements))).toBe(allows(identity(...statements)));
      }),
    );
  });

  it("an explicit deny ends it, wherever it is said", () => {
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
