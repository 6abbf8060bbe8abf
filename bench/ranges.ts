/**
 * Measures how much dispatch reads of an artifact to plan its release, from one kilobyte to five gigabytes.
 */
import { type FileHandle, mkdtemp, open, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { dispatch } from "#journey/dispatch.ts";
import { formatKey } from "#release/names/key.ts";
import { fakeAnchor, fakeEstate } from "#test/support/fakes/anchor.ts";
import { crowdLine } from "./crowd.ts";
import type { Findings, Measurement, MeasurementOptions } from "./measurement.ts";
import { writeSparseZip } from "./sparse-zip.ts";
import { interleave, type Spread, spreadOf } from "./spread.ts";

const kilobyte = 1000;
const sizes = {
  "1 KB": kilobyte,
  "1 MB": kilobyte ** 2,
  "100 MB": 100 * kilobyte ** 2,
  "1 GB": kilobyte ** 3,
  "5 GB": 5 * kilobyte ** 3,
} as const;
type Size = keyof typeof sizes;

const line = crowdLine("bench", "feature/ranges");
const template = JSON.stringify({ Resources: { Topic: { Type: "AWS::SNS::Topic" } } });
const besides = 600; // about the size of the zip without its payload

export const ranges: Measurement = {
  name: "ranges",
  about: "bytes and ranges read to plan a release, artifacts of 1 KB to 5 GB (equal within noise)",
  run,
};

type Read = { readonly ranges: number; readonly bytes: number; readonly ms: number };

async function run({ rounds = 15, onStep }: MeasurementOptions): Promise<Findings> {
  const work = await mkdtemp(join(tmpdir(), "kedge-ranges-"));
  try {
    const names = Object.keys(sizes) as Size[];
    const variants = {} as Record<Size, () => Promise<Read>>;
    for (const name of names) {
      const file = join(work, `${sizes[name]}.zip`);
      await writeSparseZip(file, Math.max(0, sizes[name] - besides), template);
      variants[name] = () => planned(file);
    }
    onStep("the artifacts are written");
    const figures = await interleave(rounds, variants);
    return findingsOf(names, figures, rounds);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/**
 * Runs the use case that reconcile calls, on a file instead of an object. Each range is one GetObject on AWS.
 */
async function planned(file: string): Promise<Read> {
  const { deps } = fakeAnchor();
  const handle = await open(file);
  const seen = { ranges: 0, bytes: 0 };
  try {
    const { size } = await stat(file);
    const artifact = { bucket: "b", key: formatKey(line), versionId: "v", size, etag: "e", lastModified: "" };
    const artifacts = { reader: () => ({ size, read: counting(handle, seen) }) };
    const begun = performance.now();
    const answer = await dispatch(
      { artifacts, registry: deps.registry, cache: deps.cache },
      { estate: fakeEstate, line, artifact, hasPipeline: false },
    );
    const ms = performance.now() - begun;
    if (!answer.ok) throw answer.error;
    return { ...seen, ms };
  } finally {
    await handle.close();
  }
}

const counting =
  (handle: FileHandle, seen: { ranges: number; bytes: number }) =>
  async (start: number, end: number): Promise<Uint8Array> => {
    const bytes = Buffer.alloc(Math.max(0, end - start));
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
    seen.ranges += 1;
    seen.bytes += bytesRead;
    return bytes.subarray(0, bytesRead);
  };

function findingsOf(
  names: readonly Size[],
  figures: Readonly<Record<Size, readonly Read[]>>,
  rounds: number,
): Findings {
  const most = (name: Size, of: "ranges" | "bytes"): number =>
    Math.max(...figures[name].map((read) => read[of]));
  const times = names.map(
    (name): Spread =>
      spreadOf(
        figures[name].map(({ ms }) => ms),
        "ms",
      ),
  );
  const bytes = names.map((name) => most(name, "bytes"));
  const [least, greatest] = [
    Math.max(...times.map(({ min }) => min)),
    Math.min(...times.map(({ max }) => max)),
  ];
  return {
    tables: [
      {
        title: `Dispatch of one artifact, without the network, ${rounds} each, interleaved; the large ones are sparse files`,
        rows: names.map((name, index) => ({
          artifact: name,
          "ranges read": most(name, "ranges"),
          "bytes read": bytes[index] ?? 0,
          time: times[index] ?? "",
        })),
      },
    ],
    claims: [
      {
        claim: "At most three ranges are read of an artifact of any size",
        seen: String(Math.max(...names.map((name) => most(name, "ranges")))),
        holds: names.every((name) => most(name, "ranges") <= 3),
      },
      {
        claim: "Less than 1 MB is read of 5 GB, and no more than of 1 MB but for a tenth",
        seen: `${bytes.at(-1)} and ${bytes[1]} bytes`,
        holds: (bytes.at(-1) ?? 0) < 2 ** 20 && (bytes.at(-1) ?? 0) <= (bytes[1] ?? 0) * 1.1,
      },
      {
        claim: "The times of all are equal within noise: their ranges have a time in common",
        seen: times.map(({ median }) => `${median.toFixed(1)} ms`).join(", "),
        holds: least <= greatest,
      },
    ],
  };
}
