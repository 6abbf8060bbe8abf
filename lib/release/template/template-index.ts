/**
 * The registry's table of contents: the release templates there are, the version new lines get, and which lines a
 * rollout has moved. `index-supplement.ts` has the form of the fields that were added after 1.1.0.
 */

import { describeProblems, valueTree } from "#release/document/node-tree.ts";
import {
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
import { ReleaseError } from "#release/errors/errors.ts";
import { type LineSelector, selectorShape } from "#release/estate/line-selector.ts";
import type { Line } from "#release/names/key.ts";
import type { TemplateRef } from "#release/plan/plan.ts";
import { lineShape, templateRefShape } from "#release/plan/release-document.ts";

export type PublishedTemplate = TemplateRef & {
  readonly publishedAt: string;
  readonly changelog: string;
  /** Only lines it is tried on may have it. */
  readonly draft: boolean;
};

export type Wave = { readonly name: string; readonly lines: LineSelector };

/** `halted`: a line failed, and no further wave begins. `taken-back`: its lines go back to the version before. */
type RolloutState = "moving" | "halted" | "done" | "taken-back";

export type Rollout = {
  readonly name: string;
  readonly from: TemplateRef;
  readonly to: TemplateRef;
  readonly waves: readonly Wave[];
  /** So many of the waves have begun. */
  readonly begun: number;
  readonly state: RolloutState;
  /** The reason for the halt. */
  readonly why?: string;
  /** The last result of these lines was a failure or a rejection when the rollout began; they do not halt it. */
  readonly brokenBefore?: readonly Line[];
};

/** No new release takes a withdrawn version. */
export type Withdrawal = Pick<TemplateRef, "name" | "version"> & {
  readonly withdrawnAt: string;
  readonly reason: string;
};

/** The person who published a version, by the digest of the caller's `aws:userid`. */
type Publisher = Pick<TemplateRef, "name" | "version"> & { readonly person: string };

type Trial = { readonly line: Line; readonly template: TemplateRef };

export type TemplateIndex = {
  /** The versions for new lines; one for each name. */
  readonly templates: readonly TemplateRef[];
  readonly versions: readonly PublishedTemplate[];
  /** At most one for each name: the last. */
  readonly rollouts: readonly Rollout[];
  readonly trials: readonly Trial[];
  readonly withdrawn: readonly Withdrawal[];
  /** Absent for versions that were published by an earlier Kedge. */
  readonly publishers?: readonly Publisher[];
};

export const emptyIndex: TemplateIndex = {
  templates: [],
  versions: [],
  rollouts: [],
  trials: [],
  withdrawn: [],
};

/** Readers of 1.1.0 reject an index with an unknown field, so this object gets no further field. */
const shape: Shape<Omit<TemplateIndex, "withdrawn" | "publishers">> = object({
  templates: listOf(templateRefShape),
  versions: listOf(
    object({
      name: text(),
      version: text(),
      sha256: text(),
      publishedAt: text(),
      changelog: text(),
      draft: flag(),
    }),
  ),
  rollouts: listOf(
    object({
      name: text(),
      from: templateRefShape,
      to: templateRefShape,
      waves: listOf(object({ name: text(), lines: selectorShape })),
      begun: integer(0, 1000),
      state: oneOf("moving", "halted", "done", "taken-back"),
      why: optional(text()),
    }),
  ),
  trials: listOf(object({ line: lineShape, template: templateRefShape })),
});

/** Throws `TemplateUnavailable` for a text that is no index. */
export function parseIndex(json: string): TemplateIndex {
  const read = readShape(shape, valueTree(parsed(json)));
  if ("value" in read) return { ...read.value, withdrawn: [] };
  throw new ReleaseError(
    "TemplateUnavailable",
    `The registry's index is malformed: ${describeProblems(read.problems)}`,
  );
}

/** Without the fields of the supplement. */
export const formatIndex = ({ withdrawn: _, publishers: __, rollouts, ...index }: TemplateIndex): string => {
  const known = rollouts.map(({ brokenBefore: ___, ...rollout }) => rollout);
  return `${JSON.stringify({ ...index, rollouts: known }, null, 2)}\n`;
};

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new ReleaseError("TemplateUnavailable", "The registry's index is not JSON.", error);
  }
}

export const sameTemplate = (a: TemplateRef, b: TemplateRef): boolean =>
  a.name === b.name && a.version === b.version && a.sha256 === b.sha256;

/** The form for people; an execution records its template in the same form. */
export const templateLabel = ({ name, version }: Pick<TemplateRef, "name" | "version">): string =>
  `${name}@${version}`;
