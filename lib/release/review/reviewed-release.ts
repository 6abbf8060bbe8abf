/** An earlier version that reached an environment, as a review shows it. */
import { object, optional, type Shape, text } from "#release/document/shape.ts";
import type { PersonRef } from "#release/people/person.ts";
import { personRefShape } from "#release/people/upload-record.ts";

export type ReviewedRelease = {
  readonly version: string;
  /** ISO 8601. */
  readonly at: string;
  readonly by?: PersonRef;
  readonly commit?: string;
};

export const reviewedReleaseShape: Shape<ReviewedRelease> = object({
  version: text(),
  at: text(),
  by: optional(personRefShape),
  commit: optional(text()),
});

/** The number of earlier releases that a review shows. */
export const shownReleases = 5;

/** Adds a release to the list, the newest first. A repeated release counts once. */
export const withRelease = (
  releases: readonly ReviewedRelease[],
  release: ReviewedRelease,
): readonly ReviewedRelease[] =>
  [release, ...releases.filter(({ version }) => version !== release.version)].slice(0, shownReleases);
