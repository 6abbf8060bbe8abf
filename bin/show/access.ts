/** Draws the analysis of access as text and as JSON. */
import { shortly } from "#access/rights.ts";
import type { AccessReport } from "#operate/access.ts";
import { counted } from "#release/names/counted.ts";
import { paint } from "./paint.ts";

export const accessJson = ({ rights, holders, invariants, violations }: AccessReport): string =>
  `${JSON.stringify(
    {
      rights: Object.fromEntries(rights),
      capabilities: holders.map(({ capability, by }) => ({ name: capability.name, by })),
      invariants,
      violations,
    },
    null,
    2,
  )}\n`;

export function showAccess({ rights, holders, invariants, violations }: AccessReport): string {
  const lines: string[] = [];
  for (const [name, all] of rights) {
    lines.push(paint("bold", name));
    for (const { at, actions } of all) lines.push(`  ${at}`, `    ${paint("dim", shortly(actions))}`);
  }
  lines.push("", paint("bold", "Capabilities and who holds them"));
  for (const { capability, by } of holders)
    lines.push(`  ${capability.name.padEnd(52)} ${by.join(", ") || "administrators only"}`);
  lines.push("", paint("bold", "What must hold"));
  for (const { name, sentence, holds } of invariants) {
    lines.push(`  ${holds ? paint("green", "✔") : paint("red", "✘")} ${name}: ${sentence}`);
    for (const { says, path } of violations.filter(({ invariant }) => invariant === name))
      lines.push(`      ${says}`, ...path.map((step, at) => `        ${at + 1}. ${step}`));
  }
  lines.push(
    "",
    violations.length === 0 ? "Every invariant holds." : `${counted(violations.length, "violation")}.`,
    "",
  );
  return lines.join("\n");
}
