/**
 * Forwards a message to the queue of the line's class, when it arrived by another queue because the estate
 * has changed the class. One queue per line keeps its runs in sequence.
 */

import type { LineQueue } from "#ports/line-queue.ts";
import { classOf } from "#release/estate/branch-class.ts";
import type { Estate } from "#release/estate/estate.ts";
import { lineQueues } from "#release/names/deployed-names.ts";
import type { Line } from "#release/names/key.ts";
import { lineMessage, type ReconcileRequest, reported } from "./message.ts";

/** False when the message arrived by the right queue. */
export async function forwardToQueue(
  lines: LineQueue,
  estate: Estate,
  line: Line,
  request: ReconcileRequest,
  id: string,
): Promise<boolean> {
  const { queue, also = [] } = request;
  const of = classOf(estate, line);
  const anchor = estate.anchors.find(({ account }) => account === line.account);
  if (anchor === undefined || queue === undefined || queue.endsWith(`:${lineQueues[of]}`)) return false;
  const messages = [request, ...also].map((each, index) =>
    lineMessage({ ...reported(each), line }, of, `${id}-${index}`),
  );
  await lines.send({ account: anchor.account, region: anchor.region }, messages);
  return true;
}
