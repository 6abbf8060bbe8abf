/** Asks a person at a terminal for the decision. Without a terminal, the options have to say everything. */
import { CommandError } from "#bin/show/outcome.ts";
import type { ApprovalRequest } from "#operate/approvals.ts";
import { OperateError } from "#operate/operate-error.ts";
import type { Decision } from "#ports/approvals.ts";
import { ask } from "./ask.ts";

type DecisionOptions = { readonly digest?: string; readonly summary?: string; readonly json?: boolean };

const atTerminal = ({ json }: DecisionOptions): boolean =>
  !json && Boolean(process.stdin.isTTY && process.stdout.isTTY);

/** Without a terminal, names every option that is missing, before the first call of AWS. */
export function requireDecision(decision: Decision, options: DecisionOptions): void {
  if (atTerminal(options)) return;
  const missing = [
    ...(options.digest === undefined ? ["--digest (kedge review prints it)"] : []),
    ...(decision === "Rejected" && !options.summary?.trim()
      ? ["--summary (the reason, which the team reads)"]
      : []),
  ];
  if (missing.length === 0) return;
  throw new CommandError(`Not decided: without a terminal, pass ${missing.join(" and ")}.`);
}

/** The digest that the person read: from the option, or from the text that the command showed. */
export async function digestToDecide(
  decision: Decision,
  { digest, stage }: ApprovalRequest,
  options: DecisionOptions,
): Promise<string> {
  if (options.digest !== undefined) return options.digest;
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
