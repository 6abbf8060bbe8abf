/** `kedge approve` and `kedge reject`: show the approval that waits, ask, then decide in CodePipeline. */
import type { Command } from "commander";
import { approvalDeps } from "#aws/deps-approvals.ts";
import { awsConfig } from "#bin/input/aws-config.ts";
import { digestToDecide, reasonFor, requireDecision } from "#bin/input/decision.ts";
import {
  type LineOptions,
  lineOf,
  optionalBucketOf,
  withBucketOption,
  withLineOptions,
} from "#bin/input/line-options.ts";
import { showApproval } from "#bin/show/approval.ts";
import { print } from "#bin/show/print.ts";
import { decideApproval, pendingApproval } from "#operate/approvals.ts";
import type { Decision } from "#ports/approvals.ts";
import { formatKey } from "#release/names/key.ts";

type ApproveOptions = LineOptions & {
  readonly summary?: string;
  readonly environment?: string;
  readonly execution?: string;
  readonly digest?: string;
  readonly json?: boolean;
};

const verbs: readonly (readonly [name: string, decision: Decision, description: string])[] = [
  ["approve", "Approved", "Show the release that waits for approval, ask, and let it go on."],
  ["reject", "Rejected", "Show the release that waits for approval, ask, and end it."],
];

export function registerApprove(program: Command): void {
  for (const [name, decision, description] of verbs) {
    withBucketOption(withLineOptions(program.command(name).description(description)))
      .option("--environment <name>", "environment to decide on, when several wait")
      .option("--execution <id>", "decide only if it is this execution that waits")
      .option(
        "--digest <sha256>",
        "decide only if this is what waits; kedge review prints it; needed without a terminal",
      )
      .option("--summary <text>", "reason, kept with the decision; a refusal needs one")
      .option("--json", "print the decision as JSON")
      .action((options: ApproveOptions) => decide(decision, options));
  }
}

async function decide(decision: Decision, options: ApproveOptions): Promise<void> {
  const { environment, execution, json } = options;
  requireDecision(decision, options);
  const line = await lineOf(options);
  const deps = approvalDeps(awsConfig(), optionalBucketOf(options));
  const approval = await pendingApproval(deps, { line, environment, execution });
  if (!json) print(await showApproval(deps, approval));
  const digest = await digestToDecide(decision, approval, options);
  const summary = await reasonFor(decision, options);
  const record = await decideApproval(deps, { line, approval, decision, digest, summary });
  const sentence = `${decision}: ${record.stage} of ${formatKey(line)} (execution ${record.execution})`;
  print(json ? JSON.stringify(record) : sentence);
}
