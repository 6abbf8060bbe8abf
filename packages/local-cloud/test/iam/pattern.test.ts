import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arnMatcher, matcher } from "#cloud/iam/pattern.ts";

const resolve = (key: string): string | undefined =>
  ({ "aws:username": "Ada", "aws:PrincipalTag/star": "*" })[key];

describe("patterns", () => {
  it.each([
    ["*", "", true],
    ["*", "a:b/c", true],
    ["a*c", "abbc", true],
    ["a*c", "abcd", false],
    ["a?c", "abc", true],
    ["a?c", "ac", false],
    ["*a*b*", "xxaxxbxx", true],
    ["*a*b*", "xxbxxaxx", false],
    ["größe*", "größe ändern", true],
    ["a.c", "abc", false],
    ["arn:aws:s3:::b/*", "arn:aws:s3:::b/x:y/z", true],
  ])("%s against %s is %s", (pattern, subject, expected) => {
    expect(matcher(pattern, { wildcards: true })(subject, resolve)).toBe(expected);
  });

  it.each([
    ["home/${aws:username}/*", "home/Ada/x", true],
    ["home/${aws:username}/*", "home/Bob/x", false],
    ["home/${aws:missing}/*", "home//x", false],
    ["home/${aws:missing, 'all'}/*", "home/all/x", true],
    ["a${*}b", "a*b", true],
    ["a${*}b", "axb", false],
    ["a${?}b", "a?b", true],
    ["${$}{x}", "${x}", true],
    ["${aws:PrincipalTag/star}", "anything", false],
    ["${aws:PrincipalTag/star}", "*", true],
  ])("the variables of %s against %s are %s", (pattern, subject, expected) => {
    expect(matcher(pattern, { wildcards: true, variables: true })(subject, resolve)).toBe(expected);
  });

  it("reads ${…} as plain text where a document has no variables", () => {
    expect(matcher("${aws:username}")("${aws:username}", resolve)).toBe(true);
  });

  it("keeps a wildcard of an ARN within its component", () => {
    const matches = arnMatcher("arn:aws:sns:*:123456789012:t*");
    expect(matches("arn:aws:sns:eu-west-1:123456789012:topic:x", resolve)).toBe(true);
    expect(matches("arn:aws:sns:eu-west-1:9:123456789012:t", resolve)).toBe(false);
  });

  it("agrees with a regular expression on any pattern", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", ":", "*", "?", "."), maxLength: 8 });
    fc.assert(
      fc.property(text, text, (pattern, subject) => {
        const source = pattern.replace(/[.]/g, "\\.").replace(/\*/g, "[^]*").replace(/\?/g, "[^]");
        expect(matcher(pattern, { wildcards: true })(subject, resolve)).toBe(
          new RegExp(`^${source}$`).test(subject),
        );
      }),
    );
  });
});
