import { describe, expect, it } from "vitest";
import { checkIdentityPolicy, checkTrustPolicy } from "#cloud/iam/policy-checks.ts";

const version = "2012-10-17";
const allow = { Effect: "Allow", Action: "s3:GetObject", Resource: "*" };

describe("identity policies", () => {
  it.each<[string, unknown]>([
    ["Syntax errors in policy.", []],
    ["Syntax errors in policy.", { Version: version }],
    ["Syntax errors in policy.", { Version: "2013-10-17", Statement: allow }],
    ["Syntax errors in policy.", { Version: version, Statement: ["x"] }],
    ["Syntax errors in policy.", { Version: version, Statement: [] }],
    ["Syntax errors in policy.", { Version: version, Statement: allow, Extra: 1 }],
    ["Syntax errors in policy.", { Version: version, Statement: { ...allow, Effect: "allow" } }],
    ["Syntax errors in policy.", { Version: version, Statement: { ...allow, NotAction: "s3:*" } }],
    [
      "Syntax errors in policy.",
      { Version: version, Statement: { ...allow, Condition: { Sounds: { a: "b" } } } },
    ],
    ["Policy document must be version 2012-10-17 or greater.", { Statement: allow }],
    ["Policy statement must contain actions.", { Version: version, Statement: { ...allow, Action: [] } }],
    [
      "Policy statement must contain resources.",
      { Version: version, Statement: { Effect: "Allow", Action: "s3:GetObject" } },
    ],
    [
      "Policy document should not specify a principal.",
      { Version: version, Statement: { ...allow, Principal: "*" } },
    ],
    [
      "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
      { Version: version, Statement: { ...allow, Action: "GetObject" } },
    ],
    [
      "Actions/Condition can contain only one colon.",
      { Version: version, Statement: { ...allow, Action: "s3:::GetObject" } },
    ],
    ["Vendor a b is not valid", { Version: version, Statement: { ...allow, Action: "a b:c" } }],
    [
      'Resource bucket must be in ARN format or "*".',
      { Version: version, Statement: { ...allow, Resource: "bucket" } },
    ],
    [
      "Statement IDs (SID) in a single policy must be unique.",
      {
        Version: version,
        Statement: [
          { ...allow, Sid: "a" },
          { ...allow, Sid: "a" },
        ],
      },
    ],
  ])("answers %s", (message, document) => {
    expect(() => checkIdentityPolicy(JSON.stringify(document))).toThrow(message);
  });

  it("refuses what is not JSON", () => {
    expect(() => checkIdentityPolicy("{")).toThrow("This policy contains invalid Json");
  });

  it("takes one statement without its list, lists, and both Not forms", () => {
    const statement = { Effect: "Deny", NotAction: ["s3:*", "*"], NotResource: ["arn:aws:s3:::b/*"] };
    expect(() =>
      checkIdentityPolicy(JSON.stringify({ Version: version, Statement: statement })),
    ).not.toThrow();
  });
});

describe("trust policies", () => {
  const trust = { Effect: "Allow", Principal: { AWS: "111111111111" }, Action: "sts:AssumeRole" };

  it.each<[string, object]>([
    ["Has prohibited field Resource", { ...trust, Resource: "*" }],
    ["Missing required field Principal", { Effect: "Allow", Action: "sts:AssumeRole" }],
    ["AssumeRole policy may only specify STS AssumeRole actions.", { ...trust, Action: "s3:GetObject" }],
  ])("answers %s", (message, statement) => {
    expect(() => checkTrustPolicy(JSON.stringify({ Version: version, Statement: statement }))).toThrow(
      message,
    );
  });
});
