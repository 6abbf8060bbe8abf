#!/usr/bin/env node
/**
 * `npm run simulate`: runs the product against the embedded cloud, on a clock that is pushed, with an
 * adversary that decides the order of events and the faults. It ends with code 1 when an invariant is broken.
 */
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { bootBase } from "./base.ts";
import { openWorkshop, type Workshop } from "./cloud.ts";
import { explore, type Seen } from "./explore.ts";
import { invariants } from "./invariants.ts";
import { type Outcome, runSeed } from "./run.ts";
import type { Story } from "./scene.ts";
import { swappingInputOf } from "./seed-input.ts";
import { shrink } from "./shrink.ts";
import { stories } from "./stories.ts";

const listed = Object.entries(invariants)
  .map(([name, { says }]) => `  ${name.padEnd(16)} ${says}`)
  .join("\n");

const program = new Command("simulate")
  .description(
    `Runs the product's functions against the embedded cloud, in one process, and looks whether these hold:\n\n${listed}`,
  )
  .option("--seeds <number>", "how many seeds to run", positive, 100)
  .option("--from <seed>", "the first of them", positive, 1)
  .option("--swaps", "run the seeds with an adversary that swaps parts of releases")
  .option("--seed <seed>", "run this one, and print what happened", positive)
  .option(
    "--exhaustive",
    "explore every way in which a few uploads of one line can go; all stories take hours",
  )
  .option("--story <text...>", "explore the stories with one of these in their names")
  .option("--minutes <number>", "end an exploration after so long; without it, when it is complete", positive)
  .parse();
const options = program.opts<{
  seeds: number;
  from: number;
  seed?: number;
  swaps?: boolean;
  exhaustive?: boolean;
  story?: readonly string[];
  minutes?: number;
}>();

const inputOfRun = (seed: number) => (options.swaps ? { input: swappingInputOf(seed) } : {});
if (options.story !== undefined && options.seed !== undefined)
  program.error("--seed replays a run by seed and --story explores a story: pass one of them.");

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const chosen = storiesNamed(options.story ?? [""]);
say("Booting the estate every run begins with …");
const workshop = openWorkshop(
  await bootBase(join(import.meta.dirname, "..", "..", "examples", "estate.yml")),
);
const held =
  options.exhaustive || options.story !== undefined
    ? await exploreAll(workshop, chosen, options.minutes)
    : options.seed !== undefined
      ? await replay(workshop, options.seed)
      : await runSeeds(workshop, options.from, options.seeds);
process.exit(held ? 0 : 1);

async function runSeeds(shop: Workshop, from: number, count: number): Promise<boolean> {
  const begun = performance.now();
  const total = { calls: 0, cloudCalls: 0, mischiefs: 0, failed: 0 };
  for (let seed = from; seed < from + count; seed += 1) {
    const outcome = await runSeed(shop, seed, inputOfRun(seed));
    total.calls += outcome.calls;
    total.cloudCalls += outcome.cloudCalls;
    total.mischiefs += outcome.mischiefs;
    if (outcome.violations.length > 0) {
      total.failed += 1;
      await reportViolation(shop, outcome);
    }
    const done = seed - from + 1;
    if (done % 25 === 0 || done === count) {
      const seconds = (performance.now() - begun) / 1000;
      const rate = Math.round(total.cloudCalls / seconds);
      say(
        `${done} of ${count} seeds, ${total.failed} failed; ${total.calls} calls of functions, ${rate} AWS calls/s`,
      );
    }
  }
  say(`${total.mischiefs} deaths, losses, throttles and other mischiefs were survived or told of.`);
  return total.failed === 0;
}

async function reportViolation(shop: Workshop, outcome: Outcome): Promise<void> {
  const { seed, violations } = outcome;
  say(`\nSeed ${seed} breaks a promise:`);
  for (const { invariant, seen } of violations) say(`  ${invariant}: ${seen}`);
  const least = await shrink(shop, outcome);
  const mischief = least.trace.filter((line) => line.startsWith("  !"));
  say(`It takes no more than this (of ${outcome.mischiefs} mischiefs):`);
  for (const line of mischief) say(line);
  say(`See all of it with: npm run simulate -- --seed ${seed}\n`);
}

async function replay(shop: Workshop, seed: number): Promise<boolean> {
  const outcome = await runSeed(shop, seed, inputOfRun(seed));
  for (const line of outcome.trace) say(line);
  say("");
  for (const { invariant, seen } of outcome.violations) say(`${invariant}: ${seen}`);
  say(outcome.violations.length === 0 ? `Seed ${seed}: everything held.` : `Seed ${seed} breaks a promise.`);
  return outcome.violations.length === 0;
}

function storiesNamed(texts: readonly string[]): readonly (readonly [name: string, story: Story])[] {
  const found = Object.entries(stories).filter(([name]) => texts.some((text) => name.includes(text)));
  if (found.length > 0) return found;
  return program.error(`No story is named so; there are:\n  ${Object.keys(stories).join("\n  ")}`);
}

async function exploreAll(
  shop: Workshop,
  some: ReturnType<typeof storiesNamed>,
  minutes: number | undefined,
): Promise<boolean> {
  const until = minutes === undefined ? Number.POSITIVE_INFINITY : performance.now() + minutes * 60_000;
  const seenIn = new Map<string, Seen>();
  let held = true;
  for (const [name, story] of some) {
    say(`\n${name}`);
    const uploads = JSON.stringify(story.uploads);
    const seen: Seen = seenIn.get(uploads) ?? new Map();
    seenIn.set(uploads, seen);
    let last = performance.now();
    const found = await explore(shop, story, {
      seen,
      goOn: ({ states, transitions, waiting }) => {
        const now = performance.now();
        if (now - last > 15_000) {
          last = now;
          say(`  … ${states} states, ${transitions} transitions, ${waiting} ways still to go`);
        }
        return now < until;
      },
    });
    const { states, transitions, ends, calls, deathPoints, complete, violations } = found;
    const deaths = story.deaths > 0 ? `, deaths before and after ${deathPoints} calls` : "";
    const end = complete
      ? "complete"
      : violations.length > 0
        ? "ended at a violation"
        : "not complete: time is up";
    say(`  ${states} states, ${transitions} transitions, ${ends} ends, ${calls} calls${deaths}: ${end}`);
    for (const { invariant, seen: what, path } of violations)
      say(`  ${invariant}: ${what}\n    after ${path.join(", ")}`);
    held &&= violations.length === 0;
    if (performance.now() >= until) break;
  }
  return held;
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError(`${text} is not a whole number of at least 1.`);
  return value;
}
