/**
 * What becomes of messages whose look failed: they come again, soon at first and then less often, and when the queue will
 * hand them out no more, the uploader is told and the line's slot is free for others.
 */

import type { LineRetry } from "#ports/line-queue.ts";
import type { Estate } from "#release/estate/estate.ts";
import type { Line } from "#release/names/key.ts";
import { releaseSlot } from "./govern.ts";
import { lineOf } from "./line-of.ts";
import { nameInBody, type ReconcileRequest, readLineMessages } from "./message.ts";
import type { ReconcileDeps } from "./reconcile.ts";
import { deadLetterError, rejectUpload } from "./reject-upload.ts";

/** How often a queue hands out a message before it goes to the dead letters; as in the anchor stack. */
export const receives = 10;

type FailedRequest = {
  /** The queue's ARN. */
  readonly queue: string;
  readonly receipts: readonly string[];
  readonly bodies: readonly string[];
  /** How often the messages were handed out. */
  readonly count: number;
  readonly id: string;
};

export async function retryLater(
  deps: ReconcileDeps & { readonly retry: LineRetry },
  { queue, receipts, bodies, count, id }: FailedRequest,
  error: unknown,
): Promise<void> {
  const readable = bodies.every((body) => nameInBody(body) !== undefined);
  // What cannot be read never will be: it goes to the dead letters at once, and holds up nothing behind it.
  await deps.retry.later(queue, receipts, readable ? pauseSeconds(count) : 0);
  if (count < receives || !readable) return;
  const request = readLineMessages(bodies);
  const line = request.line ?? (await lineOf(deps, request.lineName ?? ""));
  if (line !== undefined) await reportDeadLetter(deps, line, request, id, error);
}

/** The result comes first: a line that cannot be judged may not be able to make room either. */
async function reportDeadLetter(
  deps: ReconcileDeps,
  line: Line,
  request: ReconcileRequest,
  id: string,
  error: unknown,
): Promise<void> {
  await rejectUpload(deps, line, request, deadLetterError(error));
  const estate: Estate = await deps.estate.load();
  await releaseSlot(deps, { estate, line, id, creates: false, since: deps.clock() });
}

/** Most failures are throttles, which pass; ten of them last about twenty minutes. */
const pauseSeconds = (count: number): number => Math.min(5 * 2 ** (count - 1), 300);
