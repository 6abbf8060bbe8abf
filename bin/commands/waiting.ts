/** `kedge waiting`: lists every approval that waits in the anchor, oldest first. */
import type { Command } from "commander";
import { approvalDeps } from "#aws/deps-approvals.ts";
import { awsConfig } from "#bin/input/aws-config.ts";
import { bucketOf, type LineOptions, withBucketOption } from "#bin/input/line-options.ts";
import { print, printJson } from "#bin/show/print.ts";
import { type Waiting, waitingApprovals } from "#operate/reviews.ts";

type WaitingOptions = Pick<LineOptions, "bucket"> & { readonly json?: boolean };

export function registerWaiting(program: Command): void {
  const command = program
    .command("waiting")
    .description("List every approval that waits in the account of your credentials, oldest first.");
  withBucketOption(command)
    .option("--json", "print the list as JSON")
    .action(async ({ json, ...options }: WaitingOptions) => {
      const waiting = await waitingApprovals(approvalDeps(awsConfig(), bucketOf(options)));
      if (json) printJson(waiting);
      else print(waiting.length === 0 ? "No approval waits." : waiting.map(rowOf).join("\n\n"));
    });
}

const rowOf = ({ line, pipeline, stage, since, digest, summary }: Waiting): string =>
  [
    `${line ?? pipeline} to ${stage}, since ${since ?? "an unknown time"}`,
    ...summary.map((sentence) => `  - ${sentence}`),
    `  digest ${digest}`,
  ].join("\n");
