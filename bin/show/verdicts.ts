/**
 * Draws the environments that an artifact reaches, and the reason for each excluded one, one line per
 * environment.
 */
import type { Eligibility } from "#release/traits/targets.ts";
import { paint } from "./paint.ts";

export function verdictLines(verdicts: readonly Eligibility[]): readonly string[] {
  const width = Math.max(10, ...verdicts.map(({ environment }) => environment.length));
  return verdicts.map(({ environment, eligible, reason }) => {
    const symbol = eligible ? paint("green", "✔") : paint("dim", "–");
    return `  ${symbol} ${environment.padEnd(width)} ${reason}`;
  });
}
