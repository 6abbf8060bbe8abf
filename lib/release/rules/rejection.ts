/** Decides from the findings of a release whether it is rejected, and writes them for people. */
import { ReleaseError } from "#release/errors/errors.ts";
import type { Finding } from "./findings.ts";

/** One sentence for each finding, with the environments that share it. */
export function describeFindings(findings: readonly Finding[]): readonly string[] {
  const grouped = new Map<string, { readonly finding: Finding; readonly environments: string[] }>();
  for (const finding of findings) {
    const key = JSON.stringify([finding.rule, finding.verdict, finding.sentence]);
    const known = grouped.get(key);
    if (known === undefined) grouped.set(key, { finding, environments: [finding.environment] });
    else if (!known.environments.includes(finding.environment)) known.environments.push(finding.environment);
  }
  return [...grouped.values()].map(
    ({ finding, environments }) => `${finding.rule} in ${environments.join(", ")}: ${finding.sentence}`,
  );
}

const rejected = (findings: readonly Finding[]): readonly Finding[] =>
  findings.filter(({ verdict }) => verdict === "refuse");

/** Findings that only the preparation of an environment can decide, because it knows the parameters. */
export const isDecided = ({ undecided }: Finding): boolean => undecided?.later !== true;

const mostSentences = 10;

/** Throws `RuleBroken` with the findings that refuse the release. */
export function rejectBroken(findings: readonly Finding[]): void {
  const sentences = describeFindings(rejected(findings));
  if (sentences.length === 0) return;
  const more = sentences.length - mostSentences;
  const rest = more > 0 ? ` And ${more} more.` : "";
  throw new ReleaseError("RuleBroken", `${sentences.slice(0, mostSentences).join(" ")}${rest}`);
}
