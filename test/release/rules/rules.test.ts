/** Every rule keeps its own passing example and breaks its own failing one. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { PlainObject } from "#release/document/template-document.ts";
import { findingsOf } from "#release/rules/findings.ts";
import { type RuleId, ruleIds, rules } from "#release/rules/rules.ts";
import { ruleContext } from "./rule-samples.ts";

const foundIn = (Resources: PlainObject): readonly RuleId[] =>
  findingsOf([{ path: "template.yaml", document: { Resources }, values: {} }], ruleContext()).map(
    ({ rule }) => rule,
  );

describe.each(ruleIds)("the rule %s", (id) => {
  const { examples, says } = rules[id];

  it("finds nothing in its passing example", () => {
    expect(foundIn(examples.passes)).toEqual([]);
  });

  it("finds only itself in its failing example", () => {
    expect(new Set(foundIn(examples.fails))).toEqual(new Set([id]));
  });

  it("has a row with its severities in the document on rules", () => {
    const { severity } = rules[id];
    const row = readFileSync("docs/rules.md", "utf8")
      .split("\n")
      .find((line) => line.startsWith(`| \`${id}\` |`));
    expect(row).toMatch(new RegExp(`\\| ${severity.protected} \\| ${severity.others} \\|$`));
  });

  it("is described by one sentence", () => {
    expect(says).toMatch(/^[A-Z][^.]+\.$/);
  });
});
