/** Shows an approval that waits: its reviews where they can be read, else the text that CodePipeline shows. */
import type { ApprovalRequest } from "#operate/approvals.ts";
import { type ReviewDeps, reviewsOf } from "#operate/reviews.ts";
import { reviewText } from "#release/review/review-text.ts";

export async function showApproval(deps: Partial<ReviewDeps>, approval: ApprovalRequest): Promise<string> {
  const { description, digest, clearances } = approval;
  const { reviews } = deps;
  if (reviews === undefined || clearances.length === 0) return `${description}\nDigest ${digest}`;
  const texts = (await reviewsOf({ reviews }, approval)).map(reviewText);
  return [...texts, `Digest ${digest}`].join("\n\n");
}
