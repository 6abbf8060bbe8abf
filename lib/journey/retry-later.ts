/**
 * Handles messages whose reconcile run failed: the queue delivers them again after a growing pause. At the
 * last delivery the uploader's result gets the error, and the line's slot is released.
 */

import type { LineRetry } from "#ports/line-queue.ts";
import type { Estate } from "#release/estate/estate.ts";
import type { Line } from "#release/names/key.ts";
import { releaseSlot } from "./govern.ts";
import { lineOf } from "./line-of.ts";
import { nameInBody, type ReconcileRequest, readLineMessages } from "./message.ts";
import type { ReconcileDeps } from "./reconcile.ts";
import { deadLetterError, rejectUpload } from "./reject-upload.ts";

/**
 * The number of deliveries before SQS moves a message to the dead-letter queue (`maxReceiveCount`), as in the
 * anchor stack.
 */
export const receives = 10;

type FailedRequest = {
  /** The queue's ARN. */
  readonly queue: string;
  readonly receipts: readonly string[];
  readonly bodies: readonly string[];
  /** The number of deliveries so far. */
  readonly count: number;
  readonly id: string;
};

export async function retryLater(
  deps: ReconcileDeps & { readonly retry: LineRetry },
  { queue, receipts, bodies, count, id }: FailedRequest,
  error: unknown,
): Promise<void> {
  const readable = bodies.every((body) => nameInBody(body) !== undefined);
  // A malformed message stays malformed: without a pause it reaches the dead-letter queue soon and delays no
  // message behind it.
  await deps.retry.later(queue, receipts, readable ? pauseSeconds(count) : 0);
  if (count < receives || !readable) return;
  const request = readLineMessages(bodies);
  const line = request.line ?? (await lineOf(deps, request.lineName ?? ""));
  if (line !== undefined) await reportDeadLetter(deps, line, request, id, error);
}

/** The result is written first, because releasing the slot may fail too. */
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

/** Most failures are throttles, which end. Ten deliveries take about twenty minutes. */
const pauseSeconds = (count: number): number => Math.min(5 * 2 ** (count - 1), 300);
