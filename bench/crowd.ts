/** Uploads on many lines at once and collects the results, for the measurements of bursts. */
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { resultsS3 } from "#aws/results-s3.ts";
import { asRole } from "#local-estate/as-role.ts";
import { type BootedEstate, bootEstate } from "#local-estate/boot.ts";
import { readResult } from "#operate/read-result.ts";
import { isFinal, type Result } from "#release/line/result.ts";
import { formatKey, type Line } from "#release/names/key.ts";
import { smallArtifact } from "./artifact.ts";
import { root } from "./lambda-bundles.ts";
import { deadLetters, type LineEnd, lineEnd } from "./line-end.ts";
import type { Claim } from "./measurement.ts";
import { memoryNow, watchMemory } from "./memory.ts";

const account = "111111111111";
const patienceMs = 40 * 60_000;
const pollMs = 2000;

type CrowdUpload = { readonly line: Line; readonly version: string; readonly at: number };

export type Crowd = {
  readonly uploads: readonly CrowdUpload[];
  /** The result of each upload, in their order. Undefined when there was none in time. */
  readonly results: readonly (Result | undefined)[];
  readonly ends: readonly (LineEnd & { readonly line: Line; readonly lastUpload: number })[];
  readonly uploadedSeconds: number;
  readonly endedSeconds: number;
  readonly dead: number;
  readonly memory: { readonly before: number; readonly peak: number };
};

export const crowdLine = (app: string, branch: string): Line => ({ account, app, branch });

/**
 * Boots the estate of the examples, uploads `each` versions on every line, and waits for the end of all
 * lines.
 */
export async function crowd(
  lines: readonly Line[],
  each: number,
  onStep: (step: string) => void,
): Promise<Crowd> {
  await using estate = await bootEstate({ port: 0, estateFile: join(root, "examples", "estate.yml") });
  onStep("the estate is up");
  const before = memoryNow();
  const peak = watchMemory();
  const begun = performance.now();
  const uploads = await uploadAll(estate, lines, each);
  const uploadedSeconds = seconds(begun);
  onStep(`${uploads.length} uploads after ${uploadedSeconds.toFixed(1)} s`);
  await allEnded(estate, lines, onStep);
  const endedSeconds = seconds(begun);
  const s3 = estate.clients(S3Client, account);
  const results: (Result | undefined)[] = [];
  for (const { line, version } of uploads)
    results.push(await readResult(resultsS3(s3, estate.bucket), line, version));
  const ends: Crowd["ends"][number][] = [];
  for (const line of lines) {
    const own = uploads.filter((upload) => upload.line === line);
    const end = await lineEnd(
      estate,
      line,
      own.map(({ version }) => version),
    );
    ends.push({ ...end, line, lastUpload: Math.max(...own.map(({ at }) => at)) });
  }
  return {
    ...{ uploads, results, ends, uploadedSeconds, endedSeconds },
    dead: await deadLetters(estate, account),
    memory: { before, peak: peak() },
  };
}

/**
 * Uploads on all lines at the same time. The uploads of a line follow each other, so that their order is
 * known.
 */
async function uploadAll(
  estate: BootedEstate,
  lines: readonly Line[],
  each: number,
): Promise<readonly CrowdUpload[]> {
  const s3 = new S3Client(await asRole(estate, account, "kedge-ci"));
  const artifacts = await Promise.all(
    Array.from({ length: each }, (_, index) => smallArtifact(`build ${index + 1}`)),
  );
  const uploaded = await Promise.all(
    lines.map(async (line) => {
      const own: CrowdUpload[] = [];
      for (const Body of artifacts) {
        const order = new PutObjectCommand({ Bucket: estate.bucket, Key: formatKey(line), Body });
        const { VersionId = "" } = await s3.send(order);
        own.push({ line, version: VersionId, at: Date.now() });
      }
      return own;
    }),
  );
  return uploaded.flat();
}

/** Waits until each line's newest result is final. The older results are final by then. */
async function allEnded(
  estate: BootedEstate,
  lines: readonly Line[],
  onStep: (step: string) => void,
): Promise<void> {
  const s3 = estate.clients(S3Client, account);
  const open = new Set(lines);
  let reportedOpen = lines.length;
  for (const deadline = Date.now() + patienceMs; Date.now() < deadline && open.size > 0; await wait(pollMs)) {
    for (const line of open) {
      const result = await readResult(resultsS3(s3, estate.bucket), line, "latest");
      if (result !== undefined && isFinal(result)) open.delete(line);
    }
    if (open.size <= reportedOpen - lines.length / 10) {
      reportedOpen = open.size;
      onStep(`${lines.length - open.size} of ${lines.length} lines have ended`);
    }
  }
}

/** The claims that every crowd has to fulfil. */
export function claimsOf({ results, ends, dead }: Crowd): readonly Claim[] {
  const answered = results.filter((result) => result !== undefined && isFinal(result)).length;
  const right = ends.filter(({ onLast }) => onLast).length;
  const ordered = ends.filter(({ inOrder }) => inOrder).length;
  const twice = sum(ends.map(({ startedTwice }) => startedTwice));
  const failed = results.filter((result) => result?.status === "failed" || result?.status === "rejected");
  const [first] = failed;
  return [
    {
      claim: "Every line ends on its last version, in its result, its pipeline and its stack",
      seen: `${right} of ${ends.length}`,
      holds: right === ends.length,
    },
    {
      claim: "No upload is lost: each has a final result",
      seen: `${answered} of ${results.length}`,
      holds: answered === results.length,
    },
    {
      claim: "No upload fails",
      seen: first === undefined ? "none" : `${failed.length}, the first: ${first.reason.sentence}`,
      holds: failed.length === 0,
    },
    { claim: "No version is started twice", seen: `${twice} were`, holds: twice === 0 },
    {
      claim: "No line starts an older version after a newer one",
      seen: `${ordered} of ${ends.length} in order`,
      holds: ordered === ends.length,
    },
    { claim: "No message ends as a dead letter", seen: `${dead} did`, holds: dead === 0 },
  ];
}

const seconds = (since: number): number => (performance.now() - since) / 1000;
export const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
