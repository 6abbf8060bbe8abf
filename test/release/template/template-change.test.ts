import { describe, expect, it } from "vitest";
import { integer, listOf, mapOf, object, oneOf, optional, text } from "#release/document/shape.ts";
import { isSamePlan, planDifference } from "#release/plan/plan-difference.ts";
import { planSvg } from "#release/plan/plan-svg.ts";
import { checkCompatibility, incompatibilities } from "#release/template/settings-compatibility.ts";
import { plan } from "#test/release/line/observations.ts";
import { codeOf, shopTargets } from "#test/release/samples.ts";

describe("settings of the next version", () => {
  const before = object({
    size: optional(integer(1, 9)),
    kind: oneOf("a", "b"),
    names: optional(listOf(text())),
    labels: optional(mapOf(/^/, "a name", text())),
  });

  it.each([
    ["more values", object({ ...fields(), kind: oneOf("a", "b", "c") })],
    ["a wider range", object({ ...fields(), size: optional(integer(0, 10)) })],
    ["a further field that may be left out", object({ ...fields(), more: optional(text()) })],
    ["a field that may be left out now", object({ ...fields(), kind: optional(oneOf("a", "b")) })],
  ])("may have %s", (_, after) => {
    expect(incompatibilities(before.schema, after.schema)).toEqual([]);
  });

  it.each([
    ["a field gone", object({ kind: oneOf("a", "b") }), "settings.size is gone."],
    ["a value gone", object({ ...fields(), kind: oneOf("a") }), "settings.kind no longer allows b."],
    ["a narrower range", object({ ...fields(), size: optional(integer(2, 9)) }), "allows a smaller range"],
    [
      "a field that must be given",
      object({ ...fields(), more: text() }),
      "settings.more has to be given now.",
    ],
    [
      "another type",
      object({ ...fields(), size: optional(text()) }),
      "settings.size was integer and is string.",
    ],
    [
      "another type in a list",
      object({ ...fields(), names: optional(listOf(integer(1, 2))) }),
      "settings.names[]",
    ],
    [
      "another type in a map",
      object({ ...fields(), labels: optional(mapOf(/^/, "", integer(1, 2))) }),
      "settings.labels.*",
    ],
  ])("may not have %s", (_, after, message) => {
    expect(incompatibilities(before.schema, after.schema).join(" ")).toContain(message);
  });

  it("may change freely under a new major version", async () => {
    const after = object({}).schema;
    const check = (version: string) => () =>
      checkCompatibility("x", { version: "1.4.0", settings: before.schema }, { version, settings: after });
    expect(await codeOf(check("1.5.0"))).toBe("TemplateIncompatible");
    expect(await codeOf(check("2.0.0"))).toBe("no error");
  });

  function fields() {
    return {
      size: optional(integer(1, 9)),
      kind: oneOf("a", "b"),
      names: optional(listOf(text())),
      labels: optional(mapOf(/^/, "a name", text())),
    };
  }
});

describe("the difference of two plans", () => {
  it("is none when only the template's version differs", () => {
    const newer = { ...plan, template: { ...plan.template, version: "9.9.9" } };
    expect(isSamePlan(planDifference(plan, newer))).toBe(true);
  });

  it("names added, removed and changed actions, and the permissions that they need", () => {
    const stages = plan.stages.slice(0, -1).map((stage) => ({
      ...stage,
      actions: stage.actions.map((action) =>
        action.type === "change-set" ? { ...action, capabilities: ["CAPABILITY_IAM" as const] } : action,
      ),
    }));
    const difference = planDifference(plan, { ...plan, stages, targets: shopTargets.slice(0, -1) });
    expect(difference.environments).toEqual({ added: [], removed: ["prod"] });
    expect(difference.stages.removed).toEqual(["prod"]);
    expect(difference.actions.removed).toContain("prod/Approve");
    expect(difference.actions.changed[0]).toMatch(/^dev\/ChangeSet: capabilities \["CAPABILITY_IAM",/);
    expect(difference.permissions.removed).toContain("deploy stacks in prod (444444444444)");
    expect(difference.permissions.removed).toContain("CAPABILITY_NAMED_IAM in dev (222222222222)");
  });
});

describe("the picture of a plan", () => {
  it("has a box for every stage and action, and escapes text of people", () => {
    const svg = planSvg({ ...plan, line: { ...plan.line, app: `<a & "b">` } });
    const actions = plan.stages.flatMap((stage) => stage.actions);
    expect(svg.match(/<rect /g)).toHaveLength(plan.stages.length + actions.length);
    expect(svg).toContain("&lt;a &amp; &quot;b&quot;&gt;");
    expect(svg).not.toContain('<a & "b">');
  });
});
