/** The messages on the queue of lines: which line to look at, and why. Decides what is a well-formed one. */

import type { LineMessage } from "#ports/line-queue.ts";
import { valueTree } from "#release/document/node-tree.ts";
import { object, oneOf, optional, readShape, type Shape, text } from "#release/document/shape.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import type { BranchClass } from "#release/estate/branch-class.ts";
import type { Cause } from "#release/line/observation.ts";
import type { Line } from "#release/names/key.ts";
import { lineName } from "#release/names/names.ts";
import { lineShape } from "#release/plan/release-document.ts";

/** `line` when the sender knows it, else its name, which the anchor's cache can tell the line of. */
export type ReconcileRequest = {
  readonly cause: Cause;
  readonly line?: Line;
  readonly lineName?: string;
  readonly versionId?: string;
  readonly executionId?: string;
  /** What messages told that are answered by the same look; see `together`. */
  readonly also?: readonly Reported[];
  /** The ARN of the queue it came by; set by whoever received it. */
  readonly queue?: string;
  /** It was handed out before, so a look for it may have ended halfway; set by whoever received it. */
  readonly again?: boolean;
};

/** What one of the messages of a look told. */
type Reported = Pick<ReconcileRequest, "cause" | "versionId" | "executionId">;

const shape: Shape<ReconcileRequest> = object({
  cause: oneOf("upload", "pipeline", "stack", "sweep", "operator", "turn"),
  line: optional(lineShape),
  lineName: optional(text()),
  versionId: optional(text()),
  executionId: optional(text()),
});

/** In order of what a look does more for one cause than for another. */
const causes: readonly Cause[] = ["sweep", "operator", "upload", "turn", "pipeline", "stack"];

/** Messages about one line, answered by one look: it sees the newest state anyway. */
export function readLineMessages(bodies: readonly string[]): ReconcileRequest {
  const [first, ...others] = bodies.map(readLineMessage);
  if (first === undefined) throw new TypeError("There are no messages to read.");
  return together([first, ...others]);
}

/** The line's name in a message; undefined in what nobody of ours has sent. */
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

/** Whether all that is asked, for the first time, is to take the turn the line waits for. */
export const isAdmission = ({ cause, also = [], again = false }: ReconcileRequest): boolean =>
  !again && [cause, ...also.map((each) => each.cause)].every((each) => each === "turn");

export const reported = ({ cause, versionId, executionId }: ReconcileRequest): Reported => ({
  cause,
  ...(versionId !== undefined && { versionId }),
  ...(executionId !== undefined && { executionId }),
});

export const nameIn = (request: ReconcileRequest): string =>
  request.line === undefined ? (request.lineName ?? "") : lineName(request.line);

/** `event` identifies what happened: the same event puts a line on the queue once. */
export const lineMessage = (request: ReconcileRequest, of: BranchClass, event: string): LineMessage => ({
  class: of,
  group: nameIn(request),
  deduplication: event,
  body: JSON.stringify(request),
});

/** Throws `ReleaseDocumentMalformed` for what nobody of ours has sent. */
export function readLineMessage(body: string): ReconcileRequest {
  const read = readShape(shape, valueTree(parse(body)));
  if ("value" in read && nameIn(read.value) !== "") return read.value;
  throw new ReleaseError("ReleaseDocumentMalformed", "A message on the queue of lines names no line.");
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new ReleaseError("ReleaseDocumentMalformed", "A message on the queue of lines is no JSON.", error);
  }
}
