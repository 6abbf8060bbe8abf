/** `kedge redrive`: shows the messages that were given up and why; with `--go` they are handled once more. */
import { setTimeout as wait } from "node:timers/promises";
import { S3Client } from "@aws-sdk/client-s3";
import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListMessageMoveTasksCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from "@aws-sdk/client-sqs";
import { type Command, Option } from "commander";
import { type BusEvent, type UploadEvent, uploadIn } from "#journey/event.ts";
import { readLineMessages } from "#journey/message.ts";
import { queues } from "#release/names/deployed-names.ts";
import { formatKey, resultKeys } from "#release/names/key.ts";
import { type DeadLetter, deadLetters, type Reader } from "./dead-letters.ts";
import { bucketOf } from "./line-options.ts";
import { CommandError, exitCodes } from "./outcome.ts";
import { readResult, readResultAt } from "./read-result.ts";

type RedriveOptions = {
  readonly queue: "lines" | "intake";
  readonly bucket?: string;
  readonly go?: boolean;
  readonly json?: boolean;
};

const names = { lines: queues.linesDeadLetters, intake: queues.intakeDeadLetters } as const;
const pollMs = 200;

export function registerRedrive(program: Command): void {
  program
    .command("redrive")
    .description("Show the messages that were given up, and why; with --go, have them handled once more.")
    .addOption(
      new Option("--queue <name>", "lines: of an anchor; intake: uploads, in the central account")
        .choices(["lines", "intake"])
        .default("lines"),
    )
    .option("--bucket <name>", "central artifact bucket, to read why (default: $KEDGE_ARTIFACT_BUCKET)")
    .option("--go", "move them back to the queues they came from")
    .option("--json", "print what was found, or moved, as JSON")
    .addHelpText(
      "after",
      "\nRun it as kedge-operator of the anchor. Exit code 0: nothing is left; 1: something is.\nEvents in kedge-observe-dlq need no redrive: the hourly sweep has looked at every line since.\n",
    )
    .action(async (options: RedriveOptions) => {
      const sqs = new SQSClient({ useQueueUrlAsEndpoint: false });
      const { QueueUrl = "" } = await sqs.send(new GetQueueUrlCommand({ QueueName: names[options.queue] }));
      if (options.go) return moveBack(sqs, QueueUrl, options);
      const found = await deadLetters(
        sqs,
        QueueUrl,
        options.queue === "lines" ? ofLines(options) : ofUploads(options),
      );
      process.stdout.write(options.json ? `${JSON.stringify(found, null, 2)}\n` : `${shown(found)}\n`);
      process.exitCode = found.length === 0 ? exitCodes.ok : exitCodes.failed;
    });
}

async function moveBack(sqs: SQSClient, QueueUrl: string, { json }: RedriveOptions): Promise<void> {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }),
  );
  const SourceArn = Attributes?.QueueArn ?? "";
  await sqs.send(new StartMessageMoveTaskCommand({ SourceArn }));
  for (;;) {
    const { Results } = await sqs.send(new ListMessageMoveTasksCommand({ SourceArn, MaxResults: 1 }));
    const task = Results?.[0];
    const moved = task?.ApproximateNumberOfMessagesMoved ?? 0;
    if (task?.Status === "COMPLETED")
      return void process.stdout.write(
        json ? `${JSON.stringify({ moved })}\n` : `${moved} messages were moved back.\n`,
      );
    if (task?.Status !== "RUNNING")
      throw new CommandError(
        `The move is ${task?.Status} after ${moved} messages: ${task?.FailureReason ?? "SQS gave no reason"}.`,
        exitCodes.failed,
      );
    await wait(pollMs);
  }
}

/** The message does not say why; the line's result does, where it was given up as a whole. */
const ofLines =
  (options: RedriveOptions): Reader =>
  async (body) => {
    try {
      const { line, lineName = "", cause } = readLineMessages([body]);
      if (line === undefined) return { about: lineName, why: `a look because of ${cause}` };
      const s3 = new S3Client({});
      const result = await readResult(s3, bucketOf(options, process.env), line, "latest");
      const why =
        result === undefined ? "There is no result." : `${result.reason.code}: ${result.reason.sentence}`;
      return { about: formatKey(line), why };
    } catch (error) {
      if (error instanceof CommandError) throw error;
      return { about: body.slice(0, 200), why: error instanceof Error ? error.message : String(error) };
    }
  };

/** An upload's own result says why, since it was written at the last attempt. */
const ofUploads =
  (options: RedriveOptions): Reader =>
  async (body) => {
    const upload = uploadOf(body);
    if (upload === undefined)
      return { about: body.slice(0, 200), why: "No upload: the message cannot be read." };
    const { version: Key } = resultKeys(upload.key, upload.versionId);
    const result = await readResultAt(new S3Client({}), bucketOf(options, process.env), Key);
    const why =
      result === undefined
        ? "There is no result; the log of kedge-route says why."
        : `${result.reason.code}: ${result.reason.sentence}`;
    return { about: upload.key, why };
  };

function uploadOf(body: string): UploadEvent | undefined {
  try {
    return uploadIn(JSON.parse(body) as BusEvent);
  } catch {
    return undefined;
  }
}

const shown = (found: readonly DeadLetter[]): string =>
  found.length === 0
    ? "Nothing was given up."
    : [
        ...found.map(({ about, sentAt, why }) => `  ${sentAt}  ${about}\n      ${why}`),
        `${found.length} messages were given up. Have them handled once more with: kedge redrive --go`,
      ].join("\n");
