import { describe, expect, it } from "vitest";
import { conditionsHold, readCondition } from "#cloud/iam/conditions.ts";

type Values = readonly string[];

const holds = (operator: string, expected: Values, actual: Values): boolean | undefined => {
  const condition = readCondition(operator, "aws:Key", expected, true);
  if (condition === undefined) return undefined;
  const context = new Map([["aws:key", actual]]);
  const resolve = (key: string) => (key === "aws:username" ? "ada" : undefined);
  return conditionsHold([condition], context, resolve);
};

describe("condition operators", () => {
  it.each<[string, Values, Values, boolean]>([
    ["StringEquals", ["a"], ["a"], true],
    ["StringEquals", ["a"], ["A"], false],
    ["StringEquals", ["a*"], ["ab"], false],
    ["StringEquals", ["a", "b"], ["b"], true],
    ["StringEquals", ["${aws:username}"], ["ada"], true],
    ["StringNotEquals", ["a"], ["b"], true],
    ["StringNotEquals", ["a", "b"], ["b"], false],
    ["StringNotEquals", ["${aws:missing}"], ["b"], true],
    ["StringEqualsIgnoreCase", ["AbC"], ["aBc"], true],
    ["StringNotEqualsIgnoreCase", ["AbC"], ["aBc"], false],
    ["StringLike", ["a*c?"], ["abbcd"], true],
    ["StringLike", ["a*"], ["A"], false],
    ["StringNotLike", ["a*"], ["abc"], false],
    ["stringlike", ["a*"], ["abc"], true],
    ["NumericEquals", ["10"], ["10.0"], true],
    ["NumericNotEquals", ["10"], ["11"], true],
    ["NumericLessThan", ["10"], ["9"], true],
    ["NumericLessThan", ["10"], ["10"], false],
    ["NumericLessThanEquals", ["10"], ["10"], true],
    ["NumericGreaterThan", ["10"], ["9"], false],
    ["NumericGreaterThanEquals", ["10"], ["10"], true],
    ["NumericLessThan", ["10"], ["many"], false],
    ["DateEquals", ["2026-01-01T00:00:00Z"], ["1767225600"], true],
    ["DateNotEquals", ["2026-01-01T00:00:00Z"], ["2026-01-01T00:00:00.000Z"], false],
    ["DateLessThan", ["2026-01-01"], ["2025-12-31T23:59:59Z"], true],
    ["DateGreaterThan", ["2026-01-01T00:00:00Z"], ["2026-01-01T00:00:00Z"], false],
    ["DateGreaterThanEquals", ["2026-01-01T00:00:00Z"], ["2026-01-01T00:00:00Z"], true],
    ["Bool", ["true"], ["TRUE"], true],
    ["Bool", ["false"], ["true"], false],
    ["BinaryEquals", ["QmluYXJ5"], ["QmluYXJ5"], true],
    ["IpAddress", ["10.0.0.0/8"], ["10.255.1.1"], true],
    ["IpAddress", ["10.0.0.0/8"], ["11.0.0.1"], false],
    ["IpAddress", ["127.0.0.1"], ["::ffff:127.0.0.1"], true],
    ["IpAddress", ["2001:db8::/32"], ["2001:db8:1::1"], true],
    ["NotIpAddress", ["10.0.0.0/8"], ["11.0.0.1"], true],
    ["ArnEquals", ["arn:aws:sns:*:1:t"], ["arn:aws:sns:eu:1:t"], true],
    ["ArnLike", ["arn:aws:s3:::b*"], ["arn:aws:s3:::bucket/x"], true],
    ["ArnNotLike", ["arn:aws:s3:::b*"], ["arn:aws:s3:::bucket"], false],
    ["ArnNotEquals", ["arn:aws:s3:::b"], ["arn:aws:s3:::c"], true],
    ["ForAllValues:StringEquals", ["a", "b"], ["a", "b"], true],
    ["ForAllValues:StringEquals", ["a", "b"], ["a", "c"], false],
    ["ForAnyValue:StringEquals", ["a", "b"], ["c", "b"], true],
    ["ForAnyValue:StringEquals", ["a"], ["c"], false],
    ["ForAllValues:StringNotEquals", ["a"], ["b", "c"], true],
    ["ForAllValues:StringNotEquals", ["a"], ["a", "c"], false],
    ["ForAnyValue:StringNotEquals", ["a"], ["a", "c"], true],
    ["Null", ["true"], ["x"], false],
    ["Null", ["false"], ["x"], true],
  ])("%s %j with %j is %s", (operator, expected, actual, result) => {
    expect(holds(operator, expected, actual)).toBe(result);
  });

  it.each<[string, boolean]>([
    ["StringEquals", false],
    ["StringLike", false],
    ["NumericLessThan", false],
    ["Bool", false],
    ["ArnLike", false],
    ["IpAddress", false],
    ["StringNotEquals", true],
    ["StringNotLike", true],
    ["ArnNotLike", true],
    ["NotIpAddress", true],
    ["NumericNotEquals", true],
    ["StringEqualsIfExists", true],
    ["BoolIfExists", true],
    ["ForAllValues:StringEquals", true],
    ["ForAnyValue:StringEquals", false],
    ["ForAnyValue:StringNotEquals", false],
    ["ForAnyValue:StringLikeIfExists", true],
    ["Null", true],
  ])("%s with a missing key is %s", (operator, result) => {
    expect(holds(operator, ["true"], [])).toBe(result);
  });

  it.each(["StringEqual", "NullIfExists", "ForSomeValues:StringEquals", ""])(
    "knows no operator %s",
    (operator) => {
      expect(holds(operator, ["x"], ["x"])).toBeUndefined();
    },
  );
});
