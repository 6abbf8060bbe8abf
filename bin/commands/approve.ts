/** `kedge approve` and `kedge reject`: show the approval that waits, then decide it in CodePipeline. */
import type { Command } from "commander";
import { approvalDeps } from "#aws/deps-approvals.ts";
import { awsConfig } from "#bin/input/aws-config.ts";
import { type LineOptions, lineOf, withLineOptions } from "#bin/input/line-options.ts";
import { print } from "#bin/show/print.ts";
import { decideApproval, pendingApproval } from "#operate/approvals.ts";
import type { Decision } from "#ports/approvals.ts";
import { formatKey } from "#release/names/key.ts";

type ApproveOptions = LineOptions & {
  readonly summary?: string;
  readonly environment?: string;
  readonly execution?: string;
  readonly json?: boolean;
};

const verbs: readonly (readonly [name: string, decision: Decision, description: string])[] = [
  ["approve", "Approved", "Let the release that waits for approval go on."],
  ["reject", "Rejected", "End the release that waits for approval."],
];

export function registerApprove(program: Command): void {
  for (const [name, decision, description] of verbs) {
    withLineOptions(program.command(name).description(description))
      .option("--environment <name>", "environment to decide on, when several wait")
      .option("--execution <id>", "decide only if it is this execution that waits")
      .option("--summary <text>", "reason, kept with the decision (at most 512 characters)")
      .option("--json", "print the decision as JSON")
      .action((options: ApproveOptions) => decide(decision, options));
  }
}

async function decide(decision: Decision, options: ApproveOptions): Promise<void> {
  const { environment, execution, summary, json } = options;
  const line = await lineOf(options);
  const deps = approvalDeps(awsConfig());
  const approval = await pendingApproval(deps, { line, environment, execution });
  if (!json) print(approval.description);
  const record = await decideApproval(deps, { line, approval, decision, summary });
  const { stage } = record;
  const sentence = `${decision}: ${stage} of ${formatKey(line)} (execution ${record.execution})`;
  print(json ? JSON.stringify(record) : sentence);
}
