/** Finds the approval of a line that waits, and decides it. */
import type { Approvals, Decision, PendingApproval } from "#ports/approvals.ts";
import { formatKey, type Line } from "#release/names/key.ts";
import { pipelineName } from "#release/names/names.ts";
import { OperateError } from "./operate-error.ts";

type ApprovalQuery = {
  readonly line: Line;
  /** Names one approval when several wait. */
  readonly environment?: string | undefined;
  readonly execution?: string | undefined;
};

type ApprovalRequest = PendingApproval & { readonly description: string };

type DecisionRecord = {
  readonly decision: Decision;
  readonly pipeline: string;
  readonly stage: string;
  readonly execution: string;
  readonly at: string | undefined;
};

type ApprovalDeps = { readonly approvals: Approvals };

/** Throws `NoPipeline`, `NothingToDecide`, or `SeveralApprovals` when the query does not name one of several. */
export async function pendingApproval(
  { approvals }: ApprovalDeps,
  query: ApprovalQuery,
): Promise<ApprovalRequest> {
  const pipeline = pipelineName(query.line);
  const all = await approvals.pending(pipeline);
  if (all === undefined)
    throw new OperateError(
      "NoPipeline",
      `There is no pipeline for ${formatKey(query.line)} (looked for ${pipeline}).`,
    );
  const approval = theOne(all, query);
  const description = await approvals.description(pipeline, approval);
  return { ...approval, description: description ?? `Approval of ${approval.stage}` };
}

function theOne(all: readonly PendingApproval[], query: ApprovalQuery): PendingApproval {
  const { line, environment, execution } = query;
  const [first, ...others] = all.filter(
    (each) => each.stage === (environment ?? each.stage) && each.execution === (execution ?? each.execution),
  );
  if (first === undefined) {
    const listed = all.map((each) => `${each.stage} (execution ${each.execution})`).join(", ");
    const seen = all.length === 0 ? "nothing waits" : `waiting: ${listed}`;
    throw new OperateError("NothingToDecide", `No approval to decide in ${formatKey(line)}: ${seen}.`);
  }
  if (others.length === 0) return first;
  const stages = [first, ...others].map(({ stage }) => stage).join(", ");
  throw new OperateError(
    "SeveralApprovals",
    `Several approvals wait: ${stages}. Name one with --environment.`,
  );
}

type DecisionOrder = {
  readonly line: Line;
  readonly approval: PendingApproval;
  readonly decision: Decision;
  readonly summary?: string | undefined;
};

/** CodePipeline keeps the summary with the decision. */
export async function decideApproval(
  { approvals }: ApprovalDeps,
  { line, approval, decision, summary = `${decision} with kedge` }: DecisionOrder,
): Promise<DecisionRecord> {
  const pipeline = pipelineName(line);
  const at = await approvals.decide(pipeline, approval, decision, summary);
  const { stage, execution } = approval;
  return { decision, pipeline, stage, execution, at };
}
