/** Shows the messages in a dead-letter queue with the reason for each failure, and moves them back. */
import { type UploadEvent, uploadsIn } from "#journey/event.ts";
import { readLineMessages } from "#journey/message.ts";
import type { Wait } from "#ports/clock.ts";
import type { DeadLetters } from "#ports/dead-letters.ts";
import type { Result } from "#release/line/result.ts";
import { counted } from "#release/names/counted.ts";
import { formatKey, resultKeys } from "#release/names/key.ts";
import { OperateError } from "./operate-error.ts";
import { type ResultReader, readResult, readResultAt } from "./read-result.ts";

/** `lines`: the queue of an anchor. `intake`: the queue of uploads, in the central account. */
export type DeadLetterQueue = "lines" | "intake";

export type ExplainedDeadLetter = {
  readonly id: string;
  /** The line's key or the upload's key; the message itself where it cannot be read. */
  readonly about: string;
  /** When it was first sent, ISO 8601. */
  readonly sentAt: string;
  readonly why: string;
};

type ExplainDeps = {
  readonly deadLetters: Pick<DeadLetters, "peek">;
  /** Called only when a message names a result. */
  readonly results: () => ResultReader;
};

export async function explainDeadLetters(
  { deadLetters, results }: ExplainDeps,
  queue: DeadLetterQueue,
): Promise<readonly ExplainedDeadLetter[]> {
  const explain = queue === "lines" ? explainLine : explainUpload;
  return Promise.all(
    (await deadLetters.peek()).map(async ({ id, sentAt, body }) => ({
      id,
      sentAt,
      ...(await explain(results, body)),
    })),
  );
}

type Explained = Pick<ExplainedDeadLetter, "about" | "why">;
type Results = ExplainDeps["results"];

/**
 * The message does not contain the reason. The line's result contains it, when the message failed as a whole.
 */
async function explainLine(results: Results, body: string): Promise<Explained> {
  const message = lineMessageIn(body);
  if ("unreadable" in message) return { about: body.slice(0, 200), why: message.unreadable };
  const { line, lineName = "", cause } = message;
  if (line === undefined) return { about: lineName, why: `a look because of ${cause}` };
  const result = await readResult(results(), line, "latest");
  return { about: formatKey(line), why: reasonIn(result) ?? "There is no result." };
}

/** The upload's own result contains the reason, because it was written at the last attempt. */
async function explainUpload(results: Results, body: string): Promise<Explained> {
  const upload = uploadOf(body);
  if (upload === undefined)
    return { about: body.slice(0, 200), why: "No upload: the message cannot be read." };
  const result = await readResultAt(results(), resultKeys(upload.key, upload.versionId).version);
  const why = reasonIn(result) ?? "There is no result; the log of kedge-route says why.";
  return { about: upload.key, why };
}

const reasonIn = (result: Result | undefined): string | undefined =>
  result && `${result.reason.code}: ${result.reason.sentence}`;

function lineMessageIn(body: string): ReturnType<typeof readLineMessages> | { readonly unreadable: string } {
  try {
    return readLineMessages([body]);
  } catch (error) {
    return { unreadable: error instanceof Error ? error.message : String(error) };
  }
}

function uploadOf(body: string): UploadEvent | undefined {
  try {
    return uploadsIn(JSON.parse(body))[0];
  } catch {
    return undefined;
  }
}

type RedriveDeps = {
  readonly deadLetters: Pick<DeadLetters, "startMove" | "moveState">;
  readonly wait: Wait;
};

/** Moves all messages back to the queues they came from and answers how many there were. Throws `MoveFailed`. */
export async function redrive(
  { deadLetters, wait }: RedriveDeps,
  { pollMs }: { readonly pollMs: number },
): Promise<number> {
  await deadLetters.startMove();
  for (;;) {
    const move = await deadLetters.moveState();
    if (move.state === "completed") return move.moved;
    if (move.state === "ended")
      throw new OperateError(
        "MoveFailed",
        `The move is ${move.status} after ${counted(move.moved, "message")}: ${move.reason ?? "SQS gave no reason"}.`,
      );
    await wait(pollMs);
  }
}
