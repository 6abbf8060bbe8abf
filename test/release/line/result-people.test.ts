/** Tests the people of a result: decisions that were read before stay, and an unchanged result has the same text. */
import { expect, test } from "vitest";
import type { ActionRun } from "#release/line/observation.ts";
import { decisionsOf, withPeople } from "#release/line/result-people.ts";
import { formatResult, parseResult } from "#release/line/result-shape.ts";
import type { PersonRef } from "#release/people/person.ts";
import { resultOf } from "#test/operate/results.ts";
import { shop } from "#test/release/samples.ts";

const person = (digit: string, kind: PersonRef["kind"] = "session"): PersonRef => ({
  ...{ id: `p-${digit.repeat(24)}`, kind },
  ...(kind === "session" && { role: "kedge-approver" }),
});
const digest = "c".repeat(64);

const approval = (stage: string, more: Partial<ActionRun> = {}): ActionRun => ({
  ...{ stage, action: "Approve", status: "Succeeded", endedAt: "2026-01-01T00:00:00.000Z" },
  ...{ decider: "arn:aws:sts::111111111111:assumed-role/kedge-approver/bob", by: person("b") },
  message: `change 4711 (clearance ${digest})`,
  ...more,
});

const decided = (...actions: readonly ActionRun[]) => decisionsOf({ id: "e", status: "Succeeded", actions });

test("a decision has the words and the digest that the approver gave", () => {
  expect(decided(approval("prod"))).toEqual([
    {
      ...{ stage: "prod", decision: "Approved", by: person("b"), words: "change 4711", clearance: digest },
      at: "2026-01-01T00:00:00.000Z",
    },
  ]);
  const [rejected] = decided(approval("prod", { status: "Failed", message: "No." }));
  expect(rejected).toMatchObject({ decision: "Rejected", words: "No." });
  expect(rejected).not.toHaveProperty("clearance");
});

test("an approval without a decider, and one that waits, are no decisions", () => {
  const { decider: _, ...expired } = approval("prod", { status: "Failed" });
  const waits = approval("qa", { status: "InProgress" });
  expect(decided(expired, waits)).toEqual([]);
});

test("withPeople keeps decisions and origin of an earlier result, and the text of an unchanged one", () => {
  const earlier = resultOf(shop, "released", { decisions: decided(approval("prod")) });
  const upload = { by: person("a"), commit: "0f1e2d", author: person("c", "author") };
  const written = withPeople(earlier, undefined, upload);
  const read = parseResult(formatResult(written));
  for (const now of [earlier, resultOf(shop, "released")])
    expect(formatResult(withPeople(now, read, {}))).toBe(formatResult(read));
});
