#!/usr/bin/env node
/** `npm run bench`: measures the product's claims. Each claim compares two variants in one run. */
import { Argument, Command, InvalidArgumentError } from "commander";
import { drawFindings } from "./draw.ts";
import { measureFresh } from "./fresh.ts";
import { drawMachine, machine } from "./machine.ts";
import type { Findings } from "./measurement.ts";
import { measurements } from "./measurements.ts";

const names = measurements.map(({ name }) => name);

const program = new Command("bench")
  .description(
    `Measures, and prints tables: medians with (least..greatest).\n\n${measurements.map(({ name, about }) => `  ${name.padEnd(10)} ${about}`).join("\n")}`,
  )
  .addArgument(new Argument("[name...]", "what to measure; all of them when none is named").choices(names))
  .option("--rounds <number>", "how often to measure each variant", positive)
  .option("--json", "print the figures as JSON")
  .parse();
const { rounds, json } = program.opts<{ rounds?: number; json?: boolean }>();
const wanted = program.args.length > 0 ? program.args : names;

if (json && wanted.length === 1) {
  const [measured] = measurements.filter(({ name }) => wanted.includes(name));
  const onStep = (step: string) => process.stderr.write(`  ${measured?.name}: ${step}\n`);
  const facts = machine();
  const findings = await measured?.run({ rounds, onStep });
  process.stdout.write(
    `${JSON.stringify({ machine: facts, found: { [measured?.name ?? ""]: findings } })}\n`,
  );
  process.exit(0);
}

// Each measurement has a process of its own, because memory of an earlier measurement would count.
const facts = machine();
if (!json) process.stdout.write(`${drawMachine(facts)}\n`);
const found: Record<string, Findings> = {};
for (const { name, about } of measurements.filter((measurement) => wanted.includes(measurement.name))) {
  const again = rounds === undefined ? [] : ["--rounds", String(rounds)];
  const args = [import.meta.filename, name, "--json", ...again];
  const measured = await measureFresh<{ found: Record<string, Findings> }>({ args, loud: true });
  Object.assign(found, measured.found);
  const findings = found[name];
  if (!json && findings) process.stdout.write(`\n${name}: ${about}\n\n${drawFindings(findings)}\n`);
}
if (json) process.stdout.write(`${JSON.stringify({ machine: facts, found })}\n`);

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError(`${text} is not a whole number of at least 1.`);
  return value;
}
