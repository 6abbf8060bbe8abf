/**
 * Measures the simulation: calls and moves per second of runs by seed, and the number of states of
 * explorations.
 */
import { join } from "node:path";
import { bootBase } from "#test/simulation/base.ts";
import { openWorkshop } from "#test/simulation/cloud.ts";
import { explore } from "#test/simulation/explore.ts";
import { runSeed } from "#test/simulation/run.ts";
import { stories } from "#test/simulation/stories.ts";
import { root } from "./lambda-bundles.ts";
import type { Findings, Measurement, MeasurementOptions } from "./measurement.ts";

const seedsPerRound = 10;
/** Stories that end within half a minute. */
const explored = [
  "two versions",
  "a version and its end",
  "a version, a death at any call",
  "two versions, an end and a return",
];

export const simulation: Measurement = {
  name: "simulation",
  about: "simulated runs: AWS calls and events per second, and the states explored",
  run,
};

async function run({ rounds = 2, onStep }: MeasurementOptions): Promise<Findings> {
  const workshop = openWorkshop(await bootBase(join(root, "examples", "estate.yml")));
  onStep("the estate is booted");
  const total = { calls: 0, cloudCalls: 0, moves: 0, mischiefs: 0, violations: 0 };
  const begun = performance.now();
  const seeds = rounds * seedsPerRound;
  for (let seed = 1; seed <= seeds; seed += 1) {
    const outcome = await runSeed(workshop, seed);
    total.calls += outcome.calls;
    total.cloudCalls += outcome.cloudCalls;
    total.moves += outcome.moves;
    total.mischiefs += outcome.mischiefs;
    total.violations += outcome.violations.length;
  }
  const seconds = (performance.now() - begun) / 1000;
  onStep(`${seeds} seeds`);
  const per = (count: number): number => Math.round(count / seconds);
  const rows = [];
  let found = 0;
  let complete = true;
  for (const name of explored) {
    const story = stories[name];
    if (story === undefined) continue;
    const start = performance.now();
    const exploration = await explore(workshop, story);
    const took = (performance.now() - start) / 1000;
    found += exploration.violations.length;
    complete &&= exploration.complete;
    rows.push({
      story: name,
      states: exploration.states,
      transitions: exploration.transitions,
      "deaths considered": story.deaths > 0 ? 2 * exploration.deathPoints : 0,
      ends: exploration.ends,
      "states/s": Math.round(exploration.states / took),
    });
    onStep(name);
  }
  return {
    tables: [
      {
        title: `${seeds} seeds, with ${total.mischiefs} mischiefs`,
        rows: [
          {
            "seeds/s": Number((seeds / seconds).toFixed(1)),
            "events/s": per(total.moves),
            "calls of functions/s": per(total.calls),
            "AWS calls/s": per(total.cloudCalls),
          },
        ],
      },
      { title: "Every way a story can go", rows },
    ],
    claims: [
      {
        claim: "No seed breaks a promise",
        seen: `${total.violations} violations`,
        holds: total.violations === 0,
      },
      { claim: "No way of a story breaks one", seen: `${found} violations`, holds: found === 0 },
      {
        claim: "Each story is explored completely",
        seen: complete ? "complete" : "ended early",
        holds: complete,
      },
    ],
  };
}
