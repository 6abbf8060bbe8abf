/** The messages on the queue of lines: which line to look at, and why. Decides what is a well-formed one. */
import { ReleaseError } from "#release/errors.ts";
import type { Line } from "#release/key.ts";
import { lineName } from "#release/names.ts";
import { valueTree } from "#release/node-tree.ts";
import type { Cause } from "#release/observation.ts";
import { lineShape } from "#release/release-document.ts";
import { object, oneOf, optional, readShape, type Shape, text } from "#release/shape.ts";
import type { LineMessage } from "./ports.ts";

/** `line` when the sender knows it, else its name, which the anchor's cache can tell the line of. */
export type LookAt = {
  readonly cause: Cause;
  readonly line?: Line;
  readonly lineName?: string;
  readonly versionId?: string;
  readonly executionId?: string;
};

const shape: Shape<LookAt> = object({
  cause: oneOf("upload", "pipeline", "stack", "sweep", "operator"),
  line: optional(lineShape),
  lineName: optional(text()),
  versionId: optional(text()),
  executionId: optional(text()),
});

export const nameIn = (lookAt: LookAt): string =>
  lookAt.line === undefined ? (lookAt.lineName ?? "") : lineName(lookAt.line);

/** `event` identifies what happened: the same event puts a line on the queue once. */
export const lineMessage = (lookAt: LookAt, event: string): LineMessage => ({
  group: nameIn(lookAt),
  deduplication: event,
  body: JSON.stringify(lookAt),
});

/** Throws `ReleaseDocumentMalformed` for what nobody of ours has sent. */
export function readLineMessage(body: string): LookAt {
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
