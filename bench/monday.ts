/**
 * Measures a Monday morning: hotfixes, main branches and features of many teams are uploaded within a second.
 * It reports how long each class waits for the start of its release, and whether order and number are right.
 */
import { type BranchClass, branchClasses, classOf } from "#release/estate/branch-class.ts";
import { defaultClasses } from "#release/estate/estate.ts";
import type { Line } from "#release/names/key.ts";
import { type Crowd, claimsOf, crowd, crowdLine, sum } from "./crowd.ts";
import type { Findings, Measurement, MeasurementOptions, Table } from "./measurement.ts";

const mondayLines = 500;
const uploadsOfEach = 4;
const [services, changesOfEach] = [10, 5];

export const monday: Measurement = {
  name: "monday",
  about: `${mondayLines * uploadsOfEach} uploads over ${mondayLines} lines in a second, Monday-morning mix: waiting by class (--rounds: lines)`,
  run: ({ rounds = mondayLines, onStep }: MeasurementOptions) => measured(mix(rounds), uploadsOfEach, onStep),
};

export const changes: Measurement = {
  name: "changes",
  about: `${services * changesOfEach} changes of ${services} services at once: waiting, order and number (--rounds: services)`,
  run: ({ rounds = services, onStep }: MeasurementOptions) => measured(changesOf(rounds), 1, onStep),
};

/** Of twenty lines, one is a hotfix, five are main branches, fourteen are features. All lines reach dev. */
const mix = (count: number): readonly Line[] =>
  Array.from({ length: count }, (_, index) => {
    const app = `app-${index % 50}`;
    const of = index % 20;
    return crowdLine(app, of === 0 ? `hotfix/${index}` : of <= 5 ? `release/${index}` : `feature/${index}`);
  });

const changesOf = (count: number): readonly Line[] =>
  Array.from({ length: count * changesOfEach }, (_, index) =>
    crowdLine(`service-${index % count}`, `feature/${index}`),
  );

async function measured(
  lines: readonly Line[],
  each: number,
  onStep: (step: string) => void,
): Promise<Findings> {
  const seen = await crowd(lines, each, onStep);
  const { uploads, results, ends, uploadedSeconds, endedSeconds } = seen;
  const first = Math.min(...uploads.map(({ at }) => at));
  const lastStart = Math.max(...ends.map(({ startedAt }) => startedAt ?? Number.NaN));
  const having = (status: string) => results.filter((result) => result?.status === status).length;
  return {
    tables: [
      {
        title: `${uploads.length} uploads on ${lines.length} lines; embedded cloud, Lambdas and measurement share this machine; one run`,
        rows: [
          { what: "all uploaded after", figure: `${uploadedSeconds.toFixed(1)} s` },
          {
            what: "every line's newest version started after",
            figure: `${((lastStart - first) / 1000).toFixed(1)} s`,
          },
          { what: "every line ended after", figure: `${endedSeconds.toFixed(1)} s` },
          { what: "uploads released", figure: having("released") },
          { what: "uploads superseded by the line's later one", figure: having("superseded") },
          { what: "executions of all pipelines", figure: sum(ends.map(({ executions }) => executions)) },
        ],
      },
      waits(seen),
    ],
    claims: [...claimsOf(seen), ...priority(seen)],
  };
}

/** The seconds from a line's last upload to the start of the execution that releases it. */
const waitsOf = ({ ends }: Crowd, of: BranchClass): readonly number[] =>
  ends
    .filter(({ line }) => classOf({ classes: defaultClasses }, line) === of)
    .flatMap(({ startedAt, lastUpload }) =>
      startedAt === undefined ? [] : [Math.max(0, (startedAt - lastUpload) / 1000)],
    )
    .toSorted((a, b) => a - b);

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;

function waits(seen: Crowd): Table {
  const shown = (figure: number): string => `${figure.toFixed(1)} s`;
  return {
    title: "Waiting, from a line's last upload to the start of its release",
    rows: branchClasses.flatMap((of) => {
      const sorted = waitsOf(seen, of);
      if (sorted.length === 0) return [];
      const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => shown(percentile(sorted, share)));
      return [{ class: of, lines: sorted.length, p50: p50 ?? "", p95: p95 ?? "", p99: p99 ?? "" }];
    }),
  };
}

function priority(seen: Crowd): Findings["claims"] {
  const medians = branchClasses
    .map((of) => percentile(waitsOf(seen, of), 0.5))
    .filter((each) => !Number.isNaN(each));
  if (medians.length < 2) return [];
  return [
    {
      claim: "The more urgent its class, the shorter a line waits",
      seen: medians.map((each) => `${each.toFixed(1)} s`).join(", "),
      holds: medians.every((each, index) => index === 0 || (medians[index - 1] ?? 0) <= each),
    },
  ];
}
