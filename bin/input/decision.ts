/** Asks a person at a terminal for the decision. Without a question, the options have to say everything. */
import type { ApprovalRequest } from "#operate/approvals.ts";
import type { Decision } from "#ports/approvals.ts";
import { ask, atTerminal } from "./ask.ts";
import { confirm } from "./confirm.ts";
import { requireOptions } from "./required-options.ts";

type DecisionOptions = { readonly digest?: string; readonly summary?: string; readonly json?: boolean };

const asks = ({ json }: DecisionOptions): boolean => !json && atTerminal();

/** Without a question, the digest is needed, and the reason of a rejection. */
export function requireDecision(decision: Decision, options: DecisionOptions): void {
  if (asks(options)) return;
  const { digest, summary } = options;
  requireOptions({
    options: { digest, summary: decision === "Approved" ? "not needed" : summary },
    hints: { digest: "kedge review prints it", summary: "the reason, which the team reads" },
    outcome: "Not decided without a question (no terminal, or --json)",
  });
}

/** The digest that the person read: from the option, or from the text that the command showed. */
export async function digestToDecide(
  decision: Decision,
  { digest, stage }: ApprovalRequest,
  options: DecisionOptions,
): Promise<string> {
  if (options.digest !== undefined) return options.digest;
  const verb = decision === "Approved" ? "Approve" : "Reject";
  await confirm(`${verb} this for ${stage}?`, "Not decided");
  return digest;
}

export async function reasonFor(decision: Decision, options: DecisionOptions): Promise<string | undefined> {
  if (options.summary !== undefined || decision === "Approved" || !asks(options)) return options.summary;
  return ask("Reason, which the team reads: ");
}
