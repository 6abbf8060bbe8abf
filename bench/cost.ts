/**
 * Measures the cost of a thousand releases: calls in the embedded cloud times unit prices. It compares them
 * with a pipeline that is regenerated for each release.
 */
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { CodePipelineClient, ListActionExecutionsCommand } from "@aws-sdk/client-codepipeline";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { CallRecord } from "@kedge/local-cloud/kernel/cloud-type";
import { resultsS3 } from "#aws/results-s3.ts";
import { asRole } from "#local-estate/as-role.ts";
import { type BootedEstate, bootEstate } from "#local-estate/boot.ts";
import { followRelease } from "#operate/follow-release.ts";
import { formatKey } from "#release/names/key.ts";
import { pipelineName } from "#release/names/names.ts";
import { smallArtifact } from "./artifact.ts";
import { crowdLine } from "./crowd.ts";
import { root } from "./lambda-bundles.ts";
import type { Findings, Measurement, MeasurementOptions, Table } from "./measurement.ts";
import { type Piece, pieceOf, prices } from "./prices.ts";

const line = crowdLine("bench", "feature/cost");
const thousand = 1000;
const quietMs = 4000;
/**
 * The minutes to start a build, install the packages for synthesis, synthesize, and wait for the update. They
 * are assumed, not measured.
 */
const buildMinutes = 3;

export const cost: Measurement = {
  name: "cost",
  about:
    "calls and dollars per 1,000 releases of an unchanged plan, next to a pipeline regenerated in CodeBuild each time",
  run,
};

type Tally = Map<Piece, number>;

async function run({ rounds = 10, onStep }: MeasurementOptions): Promise<Findings> {
  await using estate = await bootEstate({ port: 0, estateFile: join(root, "examples", "estate.yml") });
  onStep("the estate is up");
  await release(estate, "first");
  await wait(quietMs);
  onStep("the line has its pipeline");
  const tally: Tally = new Map();
  const byOperation = new Map<string, number>();
  const stop = estate.running.cloud().onCall((call) => count(call, tally, byOperation));
  const executions: string[] = [];
  for (let index = 1; index <= rounds; index += 1) executions.push(await release(estate, `build ${index}`));
  await wait(quietMs); // waits for the last events
  stop();
  onStep(`${rounds} releases`);
  add(tally, "CodePipeline V2 action minutes", await actionMinutes(estate, executions));
  // S3 sends an event of each upload to EventBridge. The CI's PutObject counts, its reads of results do not.
  add(tally, "EventBridge events, S3's and cross-account", rounds);
  add(tally, "S3 PUT, LIST", rounds);
  const perThousand = new Map(
    [...tally].map(([piece, seen]) => [piece, (seen / rounds) * thousand] as const),
  );
  const own = dollarsOf(perThousand);
  const built = own + buildMinutes * thousand * prices["CodeBuild minutes, general1.small"];
  return {
    tables: [
      {
        title: `Per 1,000 releases to one environment: calls counted over ${rounds} releases, third-party copies of AWS's prices`,
        rows: [...perThousand]
          .toSorted(([a, x], [b, y]) => y * prices[b] - x * prices[a])
          .map(([piece, amount]) => ({
            piece,
            amount: shown(amount),
            dollars: dollars(amount * prices[piece]),
          })),
      },
      {
        title: "Next to a pipeline regenerated for each change",
        rows: [
          { way: "Kedge: no build, no update of an unchanged pipeline", "dollars per 1,000": dollars(own) },
          {
            way: `the same pipeline, synthesized and updated in CodeBuild first (${buildMinutes} minutes, assumed)`,
            "dollars per 1,000": dollars(built),
          },
        ],
      },
      operations(byOperation, rounds),
    ],
    claims: [
      {
        claim: "Deciding and starting costs less than a tenth of what the pipeline's action minutes cost",
        seen: `${dollars(own - minutesOf(perThousand))} and ${dollars(minutesOf(perThousand))}`,
        holds: own - minutesOf(perThousand) < minutesOf(perThousand) / 10,
      },
      {
        claim: "A release costs less than one with a build before it",
        seen: `${dollars(own)} and ${dollars(built)}`,
        holds: own < built,
      },
    ],
  };
}

/** Releases as the CI does, and returns the id of the execution. */
async function release(estate: BootedEstate, content: string): Promise<string> {
  const s3 = new S3Client(await asRole(estate, line.account, "kedge-ci"));
  const Body = await smallArtifact(content);
  const order = new PutObjectCommand({ Bucket: estate.bucket, Key: formatKey(line), Body });
  const { VersionId: version = "" } = await s3.send(order);
  const followed = { line, version, timeoutSeconds: 300, pollMs: 250 };
  const { execution = "" } = await followRelease(
    { results: resultsS3(s3, estate.bucket), clock: () => new Date().toISOString(), wait: (ms) => wait(ms) },
    followed,
  );
  return execution;
}

/**
 * Counts calls of Kedge's roles and of AWS's services. Calls of administrators and of the CI belong to the
 * measurement.
 */
function count(call: CallRecord, tally: Tally, byOperation: Map<string, number>): void {
  const { principal, service, operation, input } = call;
  if (principal.kind === "role" ? principal.roleName === "kedge-ci" : principal.kind !== "service") return;
  if (service === "logs" && operation === "PutLogEvents") countLogs(input, tally);
  const piece = pieceOf(call);
  if (piece === undefined) return;
  add(tally, piece, 1);
  // A DeleteMessageBatch stands for a ReceiveMessage before it, which is charged as well.
  if (service === "sqs" && operation === "DeleteMessageBatch") add(tally, piece, 1);
  const name = `${service}:${operation}`;
  byOperation.set(name, (byOperation.get(name) ?? 0) + 1);
}

/** Lambda logs the charged milliseconds and the megabytes of memory. */
function countLogs(input: unknown, tally: Tally): void {
  for (const { message = "" } of (input as { logEvents?: readonly { message?: string }[] }).logEvents ?? []) {
    add(tally, "CloudWatch Logs, GB", (message.length + 26) / 1e9);
    const [, ms, megabytes] = /Billed Duration: (\d+) ms\tMemory Size: (\d+) MB/.exec(message) ?? [];
    if (ms === undefined) continue;
    add(tally, "Lambda requests", 1);
    add(tally, "Lambda GB-seconds, arm64", (Number(ms) / 1000) * (Number(megabytes) / 1024));
  }
}

/** CodePipeline charges each action in whole minutes; approvals are free. */
async function actionMinutes(estate: BootedEstate, executions: readonly string[]): Promise<number> {
  const codepipeline = estate.clients(CodePipelineClient, line.account);
  let minutes = 0;
  for (const pipelineExecutionId of executions) {
    const { actionExecutionDetails = [] } = await codepipeline.send(
      new ListActionExecutionsCommand({ pipelineName: pipelineName(line), filter: { pipelineExecutionId } }),
    );
    for (const { input, startTime, lastUpdateTime } of actionExecutionDetails) {
      if (input?.actionTypeId?.category === "Approval") continue;
      const ms = (lastUpdateTime?.getTime() ?? 0) - (startTime?.getTime() ?? 0);
      minutes += Math.max(1, Math.ceil(ms / 60_000));
    }
  }
  return minutes;
}

const add = (tally: Tally, piece: Piece, amount: number): void =>
  void tally.set(piece, (tally.get(piece) ?? 0) + amount);

const dollarsOf = (tally: ReadonlyMap<Piece, number>): number =>
  [...tally].reduce((total, [piece, amount]) => total + amount * prices[piece], 0);

const minutesOf = (tally: ReadonlyMap<Piece, number>): number =>
  (tally.get("CodePipeline V2 action minutes") ?? 0) * prices["CodePipeline V2 action minutes"];

const dollars = (amount: number): string => `$${amount.toFixed(amount < 0.1 ? 4 : 2)}`;
const shown = (amount: number): string => (amount < 1 ? amount.toPrecision(2) : amount.toFixed(0));

const operations = (byOperation: ReadonlyMap<string, number>, rounds: number): Table => ({
  title: "The calls of one release, all roles and services of it together",
  rows: [...byOperation]
    .toSorted(([, a], [, b]) => b - a)
    .map(([call, seen]) => ({ call, "a release": (seen / rounds).toFixed(1) })),
});
