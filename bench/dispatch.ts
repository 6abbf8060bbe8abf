/**
 * Measures the dispatch of an unchanged plan: the calls of the reconcile Lambda for an artifact of 1 MB, and
 * for one of 300 MB.
 */
import { createReadStream } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { resultsS3 } from "#aws/results-s3.ts";
import { asRole } from "#local-estate/as-role.ts";
import { type BootedEstate, bootEstate } from "#local-estate/boot.ts";
import { followRelease } from "#operate/follow-release.ts";
import { formatKey, type Line } from "#release/names/key.ts";
import { writeArtifact } from "./artifact.ts";
import { root } from "./lambda-bundles.ts";
import type { Findings, Measurement, MeasurementOptions } from "./measurement.ts";
import { type Dispatched, watchReconcile } from "./reconcile-calls.ts";
import { interleave, type Spread, spreadOf } from "./spread.ts";

const [small, large] = [1, 300];
const line: Line = { account: "111111111111", app: "bench", branch: "feature/dispatch" };
const timeoutSeconds = 180;
const quietMs = 1500;

export const dispatch: Measurement = {
  name: "dispatch",
  about: `dispatch of an unchanged plan for artifacts of ${small} MB and ${large} MB (equal within noise)`,
  run,
};

async function run({ rounds = 5, onStep }: MeasurementOptions): Promise<Findings> {
  const work = await mkdtemp(join(tmpdir(), "kedge-bench-"));
  try {
    await using estate = await bootEstate({ port: 0, estateFile: join(root, "examples", "estate.yml") });
    onStep("the estate is up");
    const files = { small: join(work, "small.zip"), large: join(work, "large.zip") };
    await writeArtifact(files.small, small);
    await writeArtifact(files.large, large);
    await release(estate, files.small);
    onStep("the line has its pipeline");
    await using watch = watchReconcile(estate.running, line);
    const measure = async (file: string): Promise<Dispatched> => {
      while (watch.quietFor() < quietMs) await wait(100);
      const next = watch.next();
      const released = release(estate, file);
      const dispatched = await Promise.race([next, released.then(() => next)]);
      await released;
      onStep(
        `${file.includes("small") ? small : large} MB: ${dispatched.ms} ms, ${dispatched.calls.length} calls`,
      );
      return dispatched;
    };
    const figures = await interleave(rounds, {
      small: () => measure(files.small),
      large: () => measure(files.large),
    });
    return findingsOf(figures, rounds, [(await stat(files.small)).size, (await stat(files.large)).size]);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Uploads as the CI does, and waits until the result says `released`. */
async function release(estate: BootedEstate, file: string): Promise<void> {
  const s3 = new S3Client(await asRole(estate, line.account, "kedge-ci"));
  const { size } = await stat(file);
  const { VersionId = "" } = await s3.send(
    new PutObjectCommand({
      Bucket: estate.bucket,
      Key: formatKey(line),
      Body: createReadStream(file),
      ContentLength: size,
    }),
  );
  const followed = { line, version: VersionId, timeoutSeconds, pollMs: 100 };
  const { status, reason } = await followRelease(
    { results: resultsS3(s3, estate.bucket), clock: () => new Date().toISOString(), wait: (ms) => wait(ms) },
    followed,
  );
  if (status !== "released")
    throw new NotReleased(`${VersionId} is ${status}: ${reason.sentence}; expected released`);
}

class NotReleased extends Error {
  override name = "NotReleased";
}

type Figures = Readonly<Record<"small" | "large", readonly Dispatched[]>>;

function findingsOf(
  { small: ofSmall, large: ofLarge }: Figures,
  rounds: number,
  sizes: readonly number[],
): Findings {
  const rows = [ofSmall, ofLarge].map((dispatched, index) => ({
    artifact: `${sizes[index]} bytes`,
    "AWS calls": counted(dispatched, ({ calls }) => calls.length),
    "ranges read": counted(dispatched, ({ ranges }) => ranges),
    "bytes read": counted(dispatched, ({ bytes }) => bytes),
    time: spreadOf(
      dispatched.map(({ ms }) => ms),
      "ms",
    ),
  }));
  const times = rows.map(({ time }) => time) as [Spread, Spread];
  const calls = new Set([...ofSmall, ...ofLarge].map((dispatched) => tally(dispatched.calls)));
  const most = Math.max(...[...ofSmall, ...ofLarge].map(({ ranges }) => ranges));
  const bytes = Math.max(...ofLarge.map((dispatched) => dispatched.bytes));
  return {
    tables: [
      {
        title: `From reconcile's first call after an upload to the result it writes, ${rounds} each, alternating`,
        rows,
      },
      {
        title: "The calls of one dispatch",
        rows: [...calls].flatMap((list, index) =>
          list.split(", ").map((call) => ({ call, ...(calls.size > 1 && { list: index + 1 }) })),
        ),
      },
    ],
    claims: [
      { claim: "At most three ranges of an artifact are read", seen: String(most), holds: most <= 3 },
      {
        claim: `The same calls for ${small} MB and ${large} MB`,
        seen: calls.size === 1 ? "the same" : `${calls.size} different lists`,
        holds: calls.size === 1,
      },
      {
        claim: `Of ${large} MB less than 1 MB is read`,
        seen: `${bytes} bytes`,
        holds: bytes < 2 ** 20,
      },
      {
        claim: "The times of both are equal within noise: each median lies in the other's range",
        seen: times.map(({ median }) => `${Math.round(median)} ms`).join(" and "),
        holds: within(times[0].median, times[1]) && within(times[1].median, times[0]),
      },
    ],
  };
}

const within = (value: number, { min, max }: Spread): boolean => min <= value && value <= max;

/** Returns one number when all figures are equal, else their spread. */
function counted(dispatched: readonly Dispatched[], figure: (one: Dispatched) => number): number | Spread {
  const figures = dispatched.map(figure);
  const spread = spreadOf(figures, "");
  return spread.min === spread.max ? spread.median : spread;
}

/** Sorts the calls, because concurrent calls end in any order. */
const tally = (calls: readonly string[]): string =>
  [...Map.groupBy(calls.toSorted(), (call) => call)]
    .map(([call, times]) => (times.length === 1 ? call : `${times.length} × ${call}`))
    .join(", ");
