/** `kedge review`: shows the changes that wait for an approval. */
import type { Command } from "commander";
import { approvalDeps } from "#aws/deps-approvals.ts";
import { awsConfig } from "#bin/input/aws-config.ts";
import {
  bucketOf,
  type LineOptions,
  lineOf,
  withBucketOption,
  withLineOptions,
} from "#bin/input/line-options.ts";
import { showApproval } from "#bin/show/approval.ts";
import { print, printJson } from "#bin/show/print.ts";
import { pendingApproval } from "#operate/approvals.ts";
import { namesInReviews } from "#operate/people.ts";
import { reviewsOf } from "#operate/reviews.ts";

type ReviewOptions = LineOptions & { readonly environment?: string; readonly json?: boolean };

export function registerReview(program: Command): void {
  const command = program
    .command("review")
    .description("Show what waits for an approval: what changes, where, and how to get back.");
  withBucketOption(withLineOptions(command))
    .option("--environment <name>", "environment, when several wait")
    .option("--json", "print the reviews as JSON")
    .addHelpText("after", "\nA decision names the digest that it prints.\n")
    .action(async ({ environment, json, ...options }: ReviewOptions) => {
      const line = await lineOf(options);
      const deps = approvalDeps(awsConfig(), bucketOf(options));
      const approval = await pendingApproval(deps, { line, environment });
      if (json) {
        const reviews = await reviewsOf(deps, approval);
        printJson({ digest: approval.digest, reviews, people: await namesInReviews(deps, reviews) });
      } else print(await showApproval(deps, approval));
    });
}
