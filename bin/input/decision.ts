/** Asks a person at a terminal for the decision. Without a terminal, the options have to say everything. */
import type { ApprovalRequest } from "#operate/approvals.ts";
import { OperateError } from "#operate/operate-error.ts";
import type { Decision } from "#ports/approvals.ts";
import { ask } from "./ask.ts";

type DecisionOptions = { readonly digest?: string; readonly summary?: string; readonly json?: boolean };

const atTerminal = ({ json }: DecisionOptions): boolean =>
  !json && Boolean(process.stdin.isTTY && process.stdout.isTTY);

/** The digest that the person read: from the option, or from the text that the command showed. */
export async function digestToDecide(
  decision: Decision,
  { digest, stage }: ApprovalRequest,
  options: DecisionOptions,
): Promise<string> {
  if (options.digest !== undefined) return options.digest;
  if (!atTerminal(options)) {
    throw new OperateError(
      "DigestMissing",
      `Not decided: without a terminal, name what you read with --digest ${digest}`,
    );
  }
  const verb = decision === "Approved" ? "Approve" : "Reject";
  const answer = await ask(`${verb} this for ${stage}? Type yes: `, process.stdout);
  if (answer.trim().toLowerCase() === "yes") return digest;
  throw new OperateError("DigestMissing", "Not decided: the answer was not yes.");
}

export async function reasonFor(decision: Decision, options: DecisionOptions): Promise<string | undefined> {
  if (options.summary !== undefined || decision === "Approved" || !atTerminal(options))
    return options.summary;
  return ask("Reason, which the team reads: ", process.stdout);
}
