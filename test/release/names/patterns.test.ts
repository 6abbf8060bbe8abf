import { describe, expect, it } from "vitest";
import { fitsPatterns } from "#release/names/patterns.ts";

describe("branch patterns", () => {
  it.each([
    ["main", ["main"], true],
    ["Main", ["main"], false],
    ["mainline", ["main"], false],
    ["release/1.0", ["release/*"], true],
    ["release/1.0/fix", ["release/*"], false],
    ["release/1.0/fix", ["release/**"], true],
    ["anything/at all", ["**"], true],
    ["feature/x", ["**", "!feature/**"], false],
    ["feature/keep", ["**", "!feature/**", "feature/keep"], true],
    ["v1x0", ["v1.0"], false],
    ["a+b", ["a+b"], true],
    ["line\nbreak", ["**"], true],
    ["main", [], false],
    ["größe/ändern", ["größe/*"], true],
  ])("%j fits %j: %s", (branch, patterns, fits) => {
    expect(fitsPatterns(branch, patterns)).toBe(fits);
  });
});
