/** Measures how long the packed command line takes to start, and compares it with an empty program of Node. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { version } from "#bin/version.ts";
import { bundleCli } from "#bundle/bundle-cli.ts";
import { runFresh } from "./fresh.ts";
import type { Findings, Measurement, MeasurementOptions } from "./measurement.ts";
import { interleave, spreadOf } from "./spread.ts";

export const cliStart: Measurement = {
  name: "cli-start",
  about: "the start of the packed command line, with an empty program of Node (node -e 0)",
  run,
};

const root = join(import.meta.dirname, "..");

async function run({ rounds = 15, onStep }: MeasurementOptions): Promise<Findings> {
  const to = await mkdtemp(join(tmpdir(), "kedge-bench-"));
  try {
    await bundleCli({ root, to, version: version() });
    onStep("bundled the command line");
    const start = (...words: readonly string[]) =>
      runFresh({ args: [join(to, "kedge.mjs"), ...words] }).then(({ ms }) => ms);
    const figures = await interleave(rounds, {
      "node -e 0": () => runFresh({ args: ["-e", "0"] }).then(({ ms }) => ms),
      "kedge --version": () => start("--version"),
      "kedge push --help": () => start("push", "--help"),
      "kedge --help": () => start("--help"),
    });
    const empty = spreadOf(figures["node -e 0"], "ms");
    const rows = Object.entries(figures).map(([command, times]) => {
      const time = spreadOf(times, "ms");
      return { command, time, "with node -e 0": `${(time.median / empty.median).toFixed(1)}×` };
    });
    const title = `From the start of the process to its end, ${rounds} fresh processes each, interleaved`;
    const ofVersion = spreadOf(figures["kedge --version"], "ms").median / empty.median;
    const claim = {
      claim: "`kedge --version` takes at most 2× of `node -e 0`",
      seen: `${ofVersion.toFixed(1)}×`,
      holds: ofVersion <= 2,
    };
    return { tables: [{ title, rows }], claims: [claim] };
  } finally {
    await rm(to, { recursive: true, force: true });
  }
}
