/** What `kedge access` prints: rights, holders and invariants of an estate, as text or JSON, and whether all holds. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { styleText } from "node:util";
import { type Analysis, analyse } from "#access/analysis.ts";
import { check, type Violation } from "#access/check.ts";
import { holdersOf } from "#access/holders.ts";
import { sentences } from "#access/invariants/sentences.ts";
import { rightsByName, shortly } from "#access/rights.ts";
import { CommandError } from "#bin/commands/outcome.ts";
import { parseEstate } from "#release/estate/estate-parse.ts";
import { estateDeployments, standingsOf } from "./deployments.ts";

/** The sources are this checkout's, from whichever folder the command is run. */
const root = join(import.meta.dirname, "..", "..", "..");

export async function analyseEstate(file: string): Promise<Analysis> {
  const estate = parseEstate(await readFile(file, "utf8"));
  const deployments = await estateDeployments(estate);
  return analyse({ standings: standingsOf(estate), deployments, root });
}

export async function showAccess(
  file: string,
  { principals, json }: { readonly principals: readonly string[]; readonly json: boolean },
): Promise<{ readonly text: string; readonly holds: boolean }> {
  const analysis = await analyseEstate(file);
  const violations = check(analysis);
  const rights = wanted(analysis, principals);
  const text = json ? asJson(analysis, rights, violations) : asText(analysis, rights, violations);
  return { text, holds: violations.length === 0 };
}

type Rights = ReturnType<typeof rightsByName>;

function wanted({ relation }: Analysis, names: readonly string[]): Rights {
  const rights = rightsByName(relation.allowed);
  const unknown = names.filter((name) => !rights.has(name));
  if (unknown.length > 0)
    throw new CommandError(`There is no ${unknown.join(", ")}; there are ${[...rights.keys()].join(", ")}.`);
  return names.length === 0 ? rights : new Map([...rights].filter(([name]) => names.includes(name)));
}

const asJson = ({ relation }: Analysis, rights: Rights, violations: readonly Violation[]): string =>
  `${JSON.stringify(
    {
      rights: Object.fromEntries(rights),
      capabilities: holdersOf(relation.allowed).map(({ capability, by }) => ({ name: capability.name, by })),
      invariants: sentences.map((each) => ({
        ...each,
        holds: !violations.some(({ invariant }) => invariant === each.name),
      })),
      violations,
    },
    null,
    2,
  )}\n`;

function asText({ relation }: Analysis, rights: Rights, violations: readonly Violation[]): string {
  const lines: string[] = [];
  for (const [name, all] of rights) {
    lines.push(styleText("bold", name));
    for (const { at, actions } of all) lines.push(`  ${at}`, `    ${styleText("dim", shortly(actions))}`);
  }
  lines.push("", styleText("bold", "Capabilities and who holds them"));
  for (const { capability, by } of holdersOf(relation.allowed))
    lines.push(`  ${capability.name.padEnd(52)} ${by.join(", ") || "nobody but an administrator"}`);
  lines.push("", styleText("bold", "What must hold"));
  for (const { name, sentence } of sentences) {
    const broken = violations.filter(({ invariant }) => invariant === name);
    lines.push(
      `  ${broken.length === 0 ? styleText("green", "✔") : styleText("red", "✘")} ${name}: ${sentence}`,
    );
    for (const { says, path } of broken)
      lines.push(`      ${says}`, ...path.map((step, at) => `        ${at + 1}. ${step}`));
  }
  lines.push("", violations.length === 0 ? "Every invariant holds." : `${violations.length} violations.`, "");
  return lines.join("\n");
}
