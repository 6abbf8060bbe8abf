/**
 * The shape of the result object. Clients parse results with it, and `docs/schema/result.schema.json` is
 * generated from it.
 */

import { describeProblems, valueTree } from "#release/document/node-tree.ts";
import {
  described,
  flag,
  integer,
  listOf,
  object,
  oneOf,
  optional,
  readShape,
  type Shape,
  text,
} from "#release/document/shape.ts";
import { codes, ReleaseError } from "#release/errors/errors.ts";
import { originShape, person } from "#release/people/origin.ts";
import { lineShape, templateRefShape } from "#release/plan/release-document.ts";
import type { Reason, Result } from "./result.ts";

const time = described("ISO 8601, UTC.", text("a time", /^\d{4}-\d\d-\d\dT/));
const status = oneOf(
  "rejected",
  "waiting",
  "releasing",
  "waiting-for-approval",
  "released",
  "failed",
  "superseded",
  "torn-down",
);
const actionStatuses = ["InProgress", "Abandoned", "Succeeded", "Failed"] as const;

const reasonCode = oneOf(
  "WaitingForSlot",
  "WaitingForQuota",
  "PipelineCreating",
  "PipelineUpdating",
  "PipelineReplacing",
  "WaitingForRunningRelease",
  "Starting",
  "Deploying",
  "WaitingForApproval",
  "Released",
  "Superseded",
  "TearingDown",
  "TornDown",
  "Expired",
  ...(Object.keys(codes) as (keyof typeof codes)[]),
) satisfies Shape<Reason["code"]>;

const stage = object({
  name: text(),
  status: oneOf(...actionStatuses, "Pending", "NotRun"),
  startedAt: optional(time),
  endedAt: optional(time),
  overridden: optional(
    described("True when a principal overrode a condition of the stage, such as its window.", flag()),
  ),
  actions: listOf(
    object({
      name: text(),
      status: oneOf(...actionStatuses),
      startedAt: optional(time),
      endedAt: optional(time),
      message: optional(text()),
      url: optional(text()),
    }),
  ),
});

const decision = object({
  stage: text(),
  decision: oneOf("Approved", "Rejected"),
  by: described("The approver, as CodePipeline recorded it.", person),
  words: optional(text()),
  clearance: optional(described("The digest of the clearance that the decision names.", text())),
  at: time,
});

export const resultShape: Shape<Result> = object({
  schema: oneOf(1),
  key: described("The uploaded object's key.", text()),
  line: optional(described("Missing when the key names no line.", lineShape)),
  version: described("The uploaded object's version id.", text()),
  status: described("Each status except waiting, releasing and waiting-for-approval is final.", status),
  reason: object({
    code: reasonCode,
    sentence: text(),
    remedy: optional(described("The action that fixes the problem.", text())),
  }),
  waiting: optional(
    object({
      position: described(
        "The position in the queue, counted from 1, at the last observation.",
        integer(1, 1_000_000),
      ),
      for: described(
        "The missing resource: a slot of the anchor, a slot of the team, or a pipeline.",
        oneOf("slot", "team", "pipelines"),
      ),
    }),
  ),
  expiresAt: optional(
    described("The time at which Kedge tears the line down, unless a new upload arrives before.", time),
  ),
  template: optional(templateRefShape),
  pipeline: optional(object({ name: text(), account: text(), region: text(), consoleUrl: text() })),
  execution: optional(described("The pipeline execution that releases this version.", text())),
  stages: listOf(stage),
  upload: optional(described("The origin of the version.", originShape)),
  decisions: optional(described("The answers to approvals, in order of time.", listOf(decision))),
  updatedAt: time,
});

export const formatResult = (result: Result): string => `${JSON.stringify(result, null, 2)}\n`;

/** Throws `ReleaseDocumentMalformed` for anything but a whole result of this version. */
export function parseResult(json: string): Result {
  const read = readShape(resultShape, valueTree(parse(json)));
  if ("value" in read) return read.value;
  throw new ReleaseError(
    "ReleaseDocumentMalformed",
    `The result is incomplete: ${describeProblems(read.problems)}`,
  );
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new ReleaseError("ReleaseDocumentMalformed", "The result is not JSON.", error);
  }
}
