/**
 * Finds the approval of a line that waits, and decides it. A decision names the digest that the approver read, so
 * the decision never concerns a version that came later.
 */
import type { Approvals, Decision, PendingApproval, ShownClearance } from "#ports/approvals.ts";
import { formatKey, type Line } from "#release/names/key.ts";
import { formerPipelineName, pipelineName } from "#release/names/names.ts";
import { digestOf } from "#release/review/clearance.ts";
import { OperateError } from "./operate-error.ts";

type ApprovalQuery = {
  readonly line: Line;
  /** Names one approval when several wait. */
  readonly environment?: string | undefined;
  readonly execution?: string | undefined;
};

export type ApprovalRequest = PendingApproval & {
  readonly pipeline: string;
  readonly description: string;
  /** A decision has to name this digest. */
  readonly digest: string;
  readonly clearances: readonly ShownClearance[];
};

type DecisionRecord = {
  readonly decision: Decision;
  readonly pipeline: string;
  readonly stage: string;
  readonly execution: string;
  readonly digest: string;
  readonly at: string | undefined;
};

export type ApprovalDeps = { readonly approvals: Approvals };

/** Throws `NoPipeline`, `NothingToDecide`, or `SeveralApprovals` when the query does not name one of several. */
export async function pendingApproval(deps: ApprovalDeps, query: ApprovalQuery): Promise<ApprovalRequest> {
  const names = [pipelineName, formerPipelineName].map((named) => named(query.line));
  for (const pipeline of names) {
    const all = await deps.approvals.pending(pipeline);
    if (all !== undefined) return approvalRequest(deps, pipeline, theOne(all, query));
  }
  throw new OperateError(
    "NoPipeline",
    `There is no pipeline for ${formatKey(query.line)} (looked for ${names.join(" and ")}).`,
  );
}

export async function approvalRequest(
  { approvals }: ApprovalDeps,
  pipeline: string,
  approval: PendingApproval,
): Promise<ApprovalRequest> {
  const { text, clearances } = await approvals.shown(pipeline, approval);
  const description = text ?? `Approval of ${approval.stage}`;
  const { stage, execution } = approval;
  return {
    ...approval,
    pipeline,
    description,
    clearances,
    digest: decisionDigest({ stage, execution, text, clearances }),
  };
}

/**
 * The digest of the only clearance. For several environments, and for release templates without clearances, it is
 * the digest of the shown text and clearances.
 */
function decisionDigest(shown: {
  readonly stage: string;
  readonly execution: string;
  readonly text: string | undefined;
  readonly clearances: readonly ShownClearance[];
}): string {
  const [first, ...others] = shown.clearances;
  return first !== undefined && others.length === 0 ? first.digest : digestOf(shown);
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
  readonly approval: ApprovalRequest;
  readonly decision: Decision;
  /** The digest that the approver read, or at least its first 12 characters. */
  readonly digest: string;
  readonly summary?: string | undefined;
};

const shortestDigest = 12;
/** CodePipeline's limit (CodePipeline API Reference, ApprovalResult). */
const longestSummary = 512;

/**
 * CodePipeline keeps the summary, which names the digest. Throws `OtherWaits` when the digest is not that of the
 * approval, and `ReasonMissing` for a refusal without a reason.
 */
export async function decideApproval(
  { approvals }: ApprovalDeps,
  { line, approval, decision, digest, summary = "" }: DecisionOrder,
): Promise<DecisionRecord> {
  if (digest.length < shortestDigest || !approval.digest.startsWith(digest)) {
    throw new OperateError(
      "OtherWaits",
      `Not decided: ${approval.digest} waits in ${approval.stage} of ${formatKey(line)}, and the decision names ${digest}. Read it with kedge review, then decide with its digest.`,
    );
  }
  if (decision === "Rejected" && summary.trim() === "") {
    throw new OperateError(
      "ReasonMissing",
      "A refusal needs a reason, which the team reads: pass --summary.",
    );
  }
  const { pipeline } = approval;
  const at = await approvals.decide(pipeline, approval, decision, recordOf(approval.digest, summary));
  const { stage, execution } = approval;
  return { decision, pipeline, stage, execution, digest: approval.digest, at };
}

/** The reason comes first, because a reader may cut the text. */
function recordOf(digest: string, summary: string): string {
  const names = `clearance ${digest}`;
  if (summary.trim() === "") return names;
  const longest = longestSummary - names.length - 3;
  if (summary.length > longest) {
    const seen = `The summary has ${summary.length} characters; ${longest} are left beside the digest.`;
    throw new OperateError("SummaryTooLong", seen);
  }
  return `${summary} (${names})`;
}
