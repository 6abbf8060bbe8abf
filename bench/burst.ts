/**
 * Uploads on many lines at once. Every line has to end on its last version, without a lost upload and without
 * a second start.
 */
import { claimsOf, crowd, crowdLine, sum } from "./crowd.ts";
import type { Findings, Measurement, MeasurementOptions } from "./measurement.ts";

const lines = 100;
const uploadsOfEach = 2;

export const burst: Measurement = {
  name: "burst",
  about: `${lines * uploadsOfEach} uploads on ${lines} lines at once: every line ends on its last version`,
  run,
};

async function run({ onStep }: MeasurementOptions): Promise<Findings> {
  const all = Array.from({ length: lines }, (_, index) => crowdLine("bench", `feature/${index + 1}`));
  const seen = await crowd(all, uploadsOfEach, onStep);
  const { uploads, results, ends, uploadedSeconds, endedSeconds, memory } = seen;
  const having = (status: string) => results.filter((result) => result?.status === status).length;
  return {
    tables: [
      {
        title: `${uploads.length} uploads on ${lines} lines at once, branches that reach dev only; one run`,
        rows: [
          { what: "all uploaded after", figure: `${uploadedSeconds.toFixed(1)} s` },
          { what: "every line ended after", figure: `${endedSeconds.toFixed(1)} s` },
          {
            what: "throughput",
            figure: `${((uploads.length / endedSeconds) * 60).toFixed(0)} uploads a minute`,
          },
          { what: "uploads released", figure: having("released") },
          { what: "uploads superseded by the line's later one", figure: having("superseded") },
          { what: "executions of all pipelines", figure: sum(ends.map(({ executions }) => executions)) },
          { what: "memory before, with sandboxes", figure: `${Math.round(memory.before)} MiB` },
          { what: "peak memory, with sandboxes", figure: `${Math.round(memory.peak)} MiB` },
        ],
      },
    ],
    claims: claimsOf(seen),
  };
}
