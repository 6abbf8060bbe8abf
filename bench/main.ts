#!/usr/bin/env node
/** `npm run bench`: measures what the product claims, each claim as two things compared in one run. */
import { Argument, Command, InvalidArgumentError } from "commander";
import { drawFindings } from "./draw.ts";
import { drawMachine, machine } from "./machine.ts";
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

const facts = machine();
if (!json) process.stdout.write(`${drawMachine(facts)}\n`);
const found: Record<string, unknown> = {};
for (const { name, about, run } of measurements.filter((measurement) => wanted.includes(measurement.name))) {
  const findings = await run({ rounds, onStep: (step) => process.stderr.write(`  ${name}: ${step}\n`) });
  found[name] = findings;
  if (!json) process.stdout.write(`\n${name}: ${about}\n\n${drawFindings(findings)}\n`);
}
if (json) process.stdout.write(`${JSON.stringify({ machine: facts, found }, undefined, 2)}\n`);

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError(`${text} is not a whole number of at least 1.`);
  return value;
}
