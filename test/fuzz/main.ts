#!/usr/bin/env node
/**
 * Feeds a parser with damaged inputs for a while. When a property breaks, it ends with exit code 1 and prints
 * the command for a replay.
 */
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { targets } from "./index.ts";
import { fuzz } from "./run.ts";

const whole = (text: string): number => {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("Expected a whole number.");
  return Number(text);
};

const program = new Command("fuzz")
  .argument("<target>", `one of ${targets.map(({ name }) => name).join(", ")}`)
  .option("--seconds <number>", "for how long", whole, 10)
  .option("--seed <number>", "of the first input; each has the next one", whole)
  .option("--inputs <number>", "stop after so many", whole, Number.POSITIVE_INFINITY)
  .parse();
const options = program.opts<{ seconds: number; seed?: number; inputs: number }>();
const target = targets.find(({ name }) => name === program.args[0]);
if (target === undefined) program.error(`fuzz: there is no target ${program.args[0]}`);
else {
  const seed = options.seed ?? Date.now() % 1_000_000_000;
  const until = Date.now() + options.seconds * 1000;
  const done = await fuzz(target, seed, (inputs) => inputs >= options.inputs || Date.now() >= until);
  const { inputs, slowest, finding } = done;
  const slow = `the slowest took ${slowest.ms.toFixed(1)} ms (seed ${slowest.seed})`;
  if (finding === undefined)
    process.stdout.write(`${target.name}: ${inputs} inputs from seed ${seed}; ${slow}\n`);
  else {
    const file = join(await mkdtemp(join(tmpdir(), "fuzz-")), `${target.name}-${finding.seed}`);
    await writeFile(file, finding.input);
    const words =
      finding.error instanceof Error ? (finding.error.stack ?? finding.error.message) : String(finding.error);
    process.stdout.write(
      `${target.name}: the input of seed ${finding.seed} breaks it (${file}):\n${words}\n\nReplay it with: npm run fuzz -- ${target.name} --inputs 1 --seed ${finding.seed}\n`,
    );
    process.exitCode = 1;
  }
}
