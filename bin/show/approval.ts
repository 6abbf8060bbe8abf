/** Shows an approval that waits: its reviews where they can be read, else the text that CodePipeline shows. */
import type { ApprovalRequest } from "#operate/approvals.ts";
import { type NamesDeps, namesInReviews } from "#operate/people.ts";
import { type ReviewDeps, reviewsOf } from "#operate/reviews.ts";
import { reviewText } from "#release/review/review-text.ts";

export async function showApproval(
  deps: Partial<ReviewDeps & NamesDeps>,
  approval: ApprovalRequest,
): Promise<string> {
  const { description, digest, clearances } = approval;
  const { reviews: port, people } = deps;
  if (port === undefined || people === undefined || clearances.length === 0)
    return `${description}\n${toDecide(digest)}`;
  const reviews = await reviewsOf({ reviews: port }, approval);
  const names = await namesInReviews({ people }, reviews);
  return [...reviews.map((review) => reviewText(review, names)), toDecide(digest)].join("\n\n");
}

/** With several reviews, the digest of the decision is none of theirs: it binds all of them. */
const toDecide = (digest: string): string => `Decide with --digest ${digest}`;
