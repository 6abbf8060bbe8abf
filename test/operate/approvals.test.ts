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
  it("decides with the token of the approval and keeps the summary", async () => {
    const deps = open(waiting("prod"));
    const approval = await pendingApproval(deps, { line });
    const record = await decideApproval(deps, { line, approval, decision: "Rejected", summary: "freeze" });
    expect(deps.approvals.decisions).toEqual([{ decision: "Rejected", summary: "freeze", token: "prod-e1" }]);
    expect(record).toMatchObject({ decision: "Rejected", pipeline: pipelineName(line), stage: "prod" });
  });

  it("writes a summary when the person gives none", async () => {
    const deps = open(waiting("prod"));
    await decideApproval(deps, { line, approval: waiting("prod"), decision: "Approved" });
    expect(deps.approvals.decisions).toMatchObject([{ summary: "Approved with kedge" }]);
  });
});
