/** Tests the search for a pending approval and the decision about it. */
import { describe, expect, it } from "vitest";
import { decideApproval, pendingApproval } from "#operate/approvals.ts";
import { pipelineName } from "#release/names/names.ts";
import { shop as line } from "#test/release/samples.ts";
import { memoryApprovals } from "#test/support/fakes/operators.ts";
import { operateCodeOf } from "./operate-code.ts";

const waiting = (stage: string, execution = "e1") => ({
  ...{ stage, execution, action: "Approve", token: `${stage}-${execution}` },
});

function open(...stages: readonly ReturnType<typeof waiting>[]) {
  const approvals = memoryApprovals();
  approvals.waiting.set(pipelineName(line), stages);
  return { approvals };
}

describe("pendingApproval", () => {
  it("finds the approval that waits and the text that CodePipeline shows", async () => {
    const found = await pendingApproval(open(waiting("prod")), { line });
    expect(found).toMatchObject({ stage: "prod", execution: "e1", description: "Release to prod?" });
  });

  it("names the stage when CodePipeline shows no text", async () => {
    const found = await pendingApproval(open(waiting("silent")), { line });
    expect(found.description).toBe("Approval of silent");
  });

  it("finds the approval of the environment that is named", async () => {
    const deps = open(waiting("qa"), waiting("prod"));
    expect(await pendingApproval(deps, { line, environment: "prod" })).toMatchObject({ stage: "prod" });
  });

  it.each([
    ["SeveralApprovals", "several wait and none is named", [waiting("qa"), waiting("prod")], {}],
    ["NothingToDecide", "nothing waits", [], {}],
    ["NothingToDecide", "another execution waits", [waiting("prod")], { execution: "e2" }],
    ["NothingToDecide", "another environment waits", [waiting("qa")], { environment: "prod" }],
  ] as const)("throws %s when %s", async (code, _, stages, query) => {
    expect(await operateCodeOf(() => pendingApproval(open(...stages), { line, ...query }))).toBe(code);
  });

  it("throws NoPipeline for a line without a pipeline", async () => {
    const deps = { approvals: memoryApprovals() };
    expect(await operateCodeOf(() => pendingApproval(deps, { line }))).toBe("NoPipeline");
  });
});

describe("decideApproval", () => {
  const digest = "d".repeat(64);
  const cleared = () => {
    const deps = open(waiting("prod"));
    deps.approvals.clearances.set("prod", [{ environment: "prod", digest, review: "reviews/x" }]);
    return deps;
  };

  it("decides with the token of the approval, and keeps the summary and the digest", async () => {
    const deps = cleared();
    const approval = await pendingApproval(deps, { line });
    const record = await decideApproval(deps, {
      ...{ line, approval, decision: "Rejected", summary: "freeze" },
      digest: digest.slice(0, 12),
    });
    const [decided] = deps.approvals.decisions;
    expect(decided).toEqual({
      ...{ decision: "Rejected", token: "prod-e1" },
      summary: `freeze (clearance ${digest})`,
    });
    expect(record).toMatchObject({
      decision: "Rejected",
      pipeline: pipelineName(line),
      stage: "prod",
      digest,
    });
  });

  it.each([
    ["OtherWaits", "the digest is of another clearance", "Approved", "e".repeat(64), "ok"],
    ["OtherWaits", "the digest is too short to tell", "Approved", "d".repeat(11), "ok"],
    ["ReasonMissing", "a refusal has no reason", "Rejected", digest, " "],
    ["SummaryTooLong", "the summary leaves no room for the digest", "Approved", digest, "x".repeat(500)],
  ] as const)("throws %s when %s, and decides nothing", async (code, _, decision, named, summary) => {
    const deps = cleared();
    const approval = await pendingApproval(deps, { line });
    const order = { line, approval, decision, digest: named, summary };
    expect(await operateCodeOf(() => decideApproval(deps, order))).toBe(code);
    expect(deps.approvals.decisions).toEqual([]);
  });

  it("gives a stage without one clearance a digest of all that is shown", async () => {
    const deps = open(waiting("prod"));
    const first = await pendingApproval(deps, { line });
    deps.approvals.waiting.set(pipelineName(line), [waiting("prod", "e2")]);
    const second = await pendingApproval(deps, { line });
    expect(first.digest).not.toBe(second.digest);
  });
});
