/** Reads and writes the messages on the line queues. A message names the line to reconcile and the cause. */

import type { LineMessage } from "#ports/line-queue.ts";
import { valueTree } from "#release/document/node-tree.ts";
import { object, oneOf, optional, readShape, type Shape, text } from "#release/document/shape.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import type { BranchClass } from "#release/estate/branch-class.ts";
import type { Cause } from "#release/line/observation.ts";
import type { Line } from "#release/names/key.ts";
import { lineName } from "#release/names/names.ts";
import { lineShape } from "#release/plan/release-document.ts";

/**
 * The request has `line` when the sender knows the line, else its name; the anchor's cache maps the name to
 * the line.
 */
export type ReconcileRequest = {
  readonly cause: Cause;
  readonly line?: Line;
  readonly lineName?: string;
  readonly versionId?: string;
  readonly executionId?: string;
  /** The content of further messages that the same run answers; see `together`. */
  readonly also?: readonly Reported[];
  /** The ARN of the queue that delivered the message; the receiver sets it. */
  readonly queue?: string;
  /**
   * The queue delivered the message before, so an earlier run may have crashed halfway; the receiver sets it.
   */
  readonly again?: boolean;
};

/** The content of one message. */
type Reported = Pick<ReconcileRequest, "cause" | "versionId" | "executionId">;

const shape: Shape<ReconcileRequest> = object({
  cause: oneOf("upload", "pipeline", "stack", "sweep", "operator", "turn"),
  line: optional(lineShape),
  lineName: optional(text()),
  versionId: optional(text()),
  executionId: optional(text()),
});

/** The causes, in order of the work that reconcile does for them; the first one wins. */
const causes: readonly Cause[] = ["sweep", "operator", "upload", "turn", "pipeline", "stack"];

/** Combines messages about one line into one request, because one run sees the newest state anyway. */
export function readLineMessages(bodies: readonly string[]): ReconcileRequest {
  const [first, ...others] = bodies.map(readLineMessage);
  if (first === undefined) throw new TypeError("There are no messages to read.");
  return together([first, ...others]);
}

/** The line's name in a message; undefined for a malformed message. */
export function nameInBody(body: string): string | undefined {
  try {
    return nameIn(readLineMessage(body));
  } catch {
    return undefined;
  }
}

function together(requests: readonly [ReconcileRequest, ...ReconcileRequest[]]): ReconcileRequest {
  const [first, ...others] = requests;
  if (others.length === 0) return first;
  const cause = causes.find((each) => requests.some((request) => request.cause === each)) ?? first.cause;
  const { line, lineName: name } = requests.find((request) => request.line !== undefined) ?? first;
  return {
    ...reported(first),
    cause,
    ...(line !== undefined && { line }),
    ...(name !== undefined && { lineName: name }),
    also: others.map(reported),
  };
}

/** True when every message is the first delivery of an admission for a waiting line. */
export const isAdmission = ({ cause, also = [], again = false }: ReconcileRequest): boolean =>
  !again && [cause, ...also.map((each) => each.cause)].every((each) => each === "turn");

export const reported = ({ cause, versionId, executionId }: ReconcileRequest): Reported => ({
  cause,
  ...(versionId !== undefined && { versionId }),
  ...(executionId !== undefined && { executionId }),
});

export const nameIn = (request: ReconcileRequest): string =>
  request.line === undefined ? (request.lineName ?? "") : lineName(request.line);

/**
 * `event` is the id of the event: the line gets one message per event, because SQS drops messages with the
 * same id for five minutes (SQS Developer Guide, "Using the message deduplication ID").
 */
export const lineMessage = (request: ReconcileRequest, of: BranchClass, event: string): LineMessage => ({
  class: of,
  group: nameIn(request),
  deduplication: event,
  body: JSON.stringify(request),
});

/** Throws `ReleaseDocumentMalformed` for a body that is not a message about a line. */
export function readLineMessage(body: string): ReconcileRequest {
  const read = readShape(shape, valueTree(parse(body)));
  if ("value" in read && nameIn(read.value) !== "") return read.value;
  throw new ReleaseError("ReleaseDocumentMalformed", "A message on the queue of lines names no line.");
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new ReleaseError("ReleaseDocumentMalformed", "A message on the queue of lines is not JSON.", error);
  }
}
