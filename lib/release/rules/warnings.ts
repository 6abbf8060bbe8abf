/** Writes the warnings of rules as a variable of an action. The result shows it as the action's message. */
import type { Finding } from "./findings.ts";
import { describeFindings } from "./rejection.ts";

export const warningsName = "Warnings";

/** Values of variables end up in messages that CodePipeline limits. */
const longest = 1000;

/** No variable if there is no warning. */
export function warningsVariable(findings: readonly Finding[]): Readonly<Record<string, string>> {
  const sentences = describeFindings(findings.filter(({ verdict }) => verdict === "warn"));
  if (sentences.length === 0) return {};
  const all = `Rules warn. ${sentences.join(" ")}`;
  return { [warningsName]: all.length > longest ? `${all.slice(0, longest - 1)}…` : all };
}
