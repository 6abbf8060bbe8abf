/** Many uploads on many lines at once: every line has to end on its last version, none lost, none started twice. */
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { readResult } from "#bin/commands/read-result.ts";
import { asRole } from "#bin/estate/as-role.ts";
import { type BootedEstate, bootEstate } from "#bin/estate/boot.ts";
import { formatKey, type Line } from "#release/key.ts";
import { finalStatuses, type Result } from "#release/result.ts";
import { smallArtifact } from "./artifact.ts";
import { root } from "./lambda-bundles.ts";
import { deadLetters, type LineEnd, lineEnd } from "./line-end.ts";
import type { Findings, Measurement, MeasurementOptions } from "./measurement.ts";
import { memoryNow, watchMemory } from "./memory.ts";

const lines = 100;
const uploadsOfEach = 2;
const account = "111111111111";
const patienceMs = 15 * 60_000;

export const burst: Measurement = {
  name: "burst",
  about: `${lines * uploadsOfEach} uploads on ${lines} lines at once: every line ends on its last version`,
  run,
};

type Upload = { readonly line: Line; readonly version: string };

async function run({ onStep }: MeasurementOptions): Promise<Findings> {
  await using estate = await bootEstate({ port: 0, estateFile: join(root, "examples", "estate.yml") });
  onStep("the estate is up");
  const before = memoryNow();
  const peak = watchMemory();
  const begun = performance.now();
  const uploads = await uploadAll(estate);
  const uploaded = seconds(begun);
  onStep(`${uploads.length} uploads after ${uploaded.toFixed(1)} s`);
  const results = await resultsOf(estate, uploads, onStep);
  const ended = seconds(begun);
  const ends = await Promise.all(
    [...Map.groupBy(uploads, ({ line }) => line)].map(([line, ofLine]) =>
      lineEnd(
        estate,
        line,
        ofLine.map(({ version }) => version),
      ),
    ),
  );
  const having = (status: Result["status"]) => results.filter((result) => result?.status === status).length;
  return {
    tables: [
      {
        title: `${uploads.length} uploads on ${lines} lines at once, branches that reach dev only; one run`,
        rows: [
          { what: "all uploaded after", figure: `${uploaded.toFixed(1)} s` },
          { what: "every upload answered after", figure: `${ended.toFixed(1)} s` },
          { what: "throughput", figure: `${((uploads.length / ended) * 60).toFixed(0)} uploads a minute` },
          { what: "uploads released", figure: having("released") },
          { what: "uploads superseded by the line's later one", figure: having("superseded") },
          { what: "executions of all pipelines", figure: sum(ends.map(({ executions }) => executions)) },
          { what: "memory before, with sandboxes", figure: `${Math.round(before)} MiB` },
          { what: "peak memory, with sandboxes", figure: `${Math.round(peak())} MiB` },
        ],
      },
    ],
    claims: claimsOf(results, ends, await deadLetters(estate, account)),
  };
}

function claimsOf(results: readonly (Result | undefined)[], ends: readonly LineEnd[], dead: number) {
  const answered = results.filter((result) => result !== undefined && isFinal(result)).length;
  const right = ends.filter(({ onLast }) => onLast).length;
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
    { claim: "No message ends as a dead letter", seen: `${dead} did`, holds: dead === 0 },
  ];
}

/** As the CIs of all lines do it, side by side. */
async function uploadAll(estate: BootedEstate): Promise<readonly Upload[]> {
  const s3 = new S3Client(await asRole(estate, account, "kedge-ci"));
  const all = Array.from({ length: lines }, (_, index): Line => {
    return { account, app: "bench", branch: `feature/${index + 1}` };
  });
  const artifacts = await Promise.all(
    Array.from({ length: uploadsOfEach }, (_, index) => smallArtifact(`build ${index + 1}`)),
  );
  return Promise.all(
    artifacts.flatMap((Body) =>
      all.map(async (line) => {
        const order = new PutObjectCommand({ Bucket: estate.bucket, Key: formatKey(line), Body });
        return { line, version: (await s3.send(order)).VersionId ?? "" };
      }),
    ),
  );
}

/** Each upload's final result; undefined when there is none in time. */
async function resultsOf(
  estate: BootedEstate,
  uploads: readonly Upload[],
  onStep: (step: string) => void,
): Promise<readonly (Result | undefined)[]> {
  const s3 = estate.clients(S3Client, account);
  const found = new Map<Upload, Result>();
  let told = 0;
  for (const deadline = Date.now() + patienceMs; Date.now() < deadline; await wait(1000)) {
    for (const upload of uploads.filter((each) => !found.has(each))) {
      const result = await readResult(s3, estate.bucket, upload.line, upload.version);
      if (result !== undefined && isFinal(result)) found.set(upload, result);
    }
    if (found.size >= told + uploads.length / 10) {
      told = found.size;
      onStep(`${told} of ${uploads.length} answered`);
    }
    if (found.size === uploads.length) break;
  }
  return uploads.map((upload) => found.get(upload));
}

const isFinal = ({ status }: Result): boolean => finalStatuses.includes(status);
const seconds = (since: number): number => (performance.now() - since) / 1000;
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
