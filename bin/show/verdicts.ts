/** Which environments an artifact would reach, and why each of the others is out: one line for each. */
import type { Eligibility } from "#release/traits/targets.ts";
import { paint } from "./paint.ts";

export function verdictLines(verdicts: readonly Eligibility[]): readonly string[] {
  const width = Math.max(10, ...verdicts.map(({ environment }) => environment.length));
  return verdicts.map(({ environment, eligible, reason }) => {
    const mark = eligible ? paint("green", "✔") : paint("dim", "–");
    return `  ${mark} ${environment.padEnd(width)} ${reason}`;
  });
}
