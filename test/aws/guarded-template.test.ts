import { describe, expect, it } from "vitest";
import { guarded } from "#aws/guarded-template.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import type { PlanRequest } from "#release/plan/plan-request.ts";
import type { Evidence, ReleaseTemplate } from "#release/template/template.ts";
import { codeOf, errorOf, samRef } from "#test/release/samples.ts";

const evidence = {} as Evidence;
const request = {} as PlanRequest;

/** The time limit guards against hanging only, so it is long where a template ends by itself. */
const template = (over: Partial<ReleaseTemplate>, limitMs = 60_000) =>
  guarded(
    {
      ref: samRef,
      template: {
        name: "sam",
        version: "1.0.0",
        summary: "",
        rollback: { within: "minutes", by: "" },
        entries: [],
        detect: () => ({ fits: true, reason: "" }),
        plan: () => {
          throw new TypeError("unused");
        },
        ...over,
      },
    },
    limitMs,
  ).template;

describe("a guarded release template", () => {
  it("returns what the template returns", () => {
    expect(template({}).detect(evidence)).toEqual({ fits: true, reason: "" });
  });

  it("replaces an exception of the template by an error that names the template", async () => {
    const error = await errorOf(() => template({ detect: () => JSON.parse("{") }).detect(evidence));
    expect(error?.code).toBe("TemplateFailed");
    expect(error?.message).toMatch(/^sam@1\.0\.0 failed in its detect: /);
  });

  it("passes on the errors by which the template rejects an artifact", async () => {
    const describe = () => {
      throw new ReleaseError("ReferenceMissing", "no such file");
    };
    const refusing = template({ describe });
    expect(await codeOf(() => refusing.describe?.(evidence, { environments: [] }))).toBe("ReferenceMissing");
  });

  it("stops an endless loop", async () => {
    const detect = () => {
      for (;;);
    };
    const endless = template({ detect }, 100);
    const error = await errorOf(() => endless.detect(evidence));
    expect([error?.code, error?.message]).toEqual(["TemplateFailed", expect.stringContaining("timed out")]);
  });

  it.each([
    ["nothing", () => undefined],
    ["no stages", () => ({})],
    [
      "a kind of action there is not",
      () => ({ pipeline: "p", stages: [{ name: "a", actions: [{ type: "x" }] }] }),
    ],
  ])("rejects a plan that is %s", async (_, plan) => {
    const code = await codeOf(() =>
      template({ plan: plan as unknown as ReleaseTemplate["plan"] }).plan(request),
    );
    expect(["TemplateFailed", "PlanOutOfLimits"]).toContain(code);
  });

  it("reports the exception of an assembly with the template's name", async () => {
    const assemble = async () => Promise.reject(new TypeError("gone wrong"));
    const error = await errorOf(() => template({ assemble }).assemble?.({} as never));
    expect(error?.message).toBe("sam@1.0.0 failed in its assemble: gone wrong");
  });
});
