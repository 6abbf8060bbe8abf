/** Reads the reviews of a pending approval, and lists all approvals that wait in an account. */
import type { PendingApproval, ShownClearance } from "#ports/approvals.ts";
import type { Reviews } from "#ports/reviews.ts";
import { formatKey } from "#release/names/key.ts";
import { clearanceDigest } from "#release/review/clearance.ts";
import type { Review } from "#release/review/review.ts";
import { type ApprovalDeps, type ApprovalRequest, approvalRequest } from "./approvals.ts";
import { inBatches } from "./in-batches.ts";
import { OperateError } from "./operate-error.ts";

export type ReviewDeps = { readonly reviews: Pick<Reviews, "read"> };

/** Throws `ReviewUntrue` for a review with another digest than the approval names. */
export const reviewsOf = (deps: ReviewDeps, approval: ApprovalRequest): Promise<readonly Review[]> =>
  Promise.all(approval.clearances.map((clearance) => reviewOf(deps, clearance)));

async function reviewOf(
  { reviews }: ReviewDeps,
  { environment, digest, review: key }: ShownClearance,
): Promise<Review> {
  const json = await reviews.read(`${key}.json`);
  if (json === undefined) {
    throw new OperateError(
      "ReviewUntrue",
      `The review of ${environment} is gone: ${key}.json. Do not approve.`,
    );
  }
  const review = JSON.parse(json) as Review;
  const found = clearanceDigest(review.clearance);
  if (found === digest && review.digest === digest) return review;
  throw new OperateError(
    "ReviewUntrue",
    `The review of ${environment} has the clearance ${found}, and the approval names ${digest}. Do not approve.`,
  );
}

export type Waiting = {
  readonly pipeline: string;
  /** The line's key; undefined when no clearance tells it. */
  readonly line?: string;
  readonly stage: string;
  readonly since?: string;
  readonly digest: string;
  readonly summary: readonly string[];
};

/** All approvals that wait in the account, the oldest first. */
export async function waitingApprovals(deps: ApprovalDeps & ReviewDeps): Promise<readonly Waiting[]> {
  const pipelines = await deps.approvals.pipelines();
  const found = await inBatches(pipelines, async (pipeline) => {
    const pending = (await deps.approvals.pending(pipeline)) ?? [];
    return Promise.all(pending.map((approval) => waitingOf(deps, pipeline, approval)));
  });
  return found.flat().toSorted((a, b) => ((a.since ?? "") < (b.since ?? "") ? -1 : 1));
}

async function waitingOf(
  deps: ApprovalDeps & ReviewDeps,
  pipeline: string,
  approval: PendingApproval,
): Promise<Waiting> {
  const request = await approvalRequest(deps, pipeline, approval);
  const [first, ...others] = await reviewsOf(deps, request);
  return {
    pipeline,
    ...(first !== undefined && { line: formatKey(first.clearance.line) }),
    stage: approval.stage,
    ...(approval.since !== undefined && { since: approval.since }),
    digest: request.digest,
    summary:
      first === undefined ? [request.description] : [first, ...others].flatMap(({ summary }) => summary),
  };
}
