/** The origin of a version: its uploader, and the claims of its CI. It has ids of people, because records stay. */
import { described, object, optional, type Shape, text } from "#release/document/shape.ts";
import type { PersonRef } from "./person.ts";
import { personRefShape } from "./upload-record.ts";

export type Origin = {
  /** The uploader as S3 recorded it. Absent: unknown. */
  readonly by?: PersonRef;
  /** The time of the upload in S3's notification, ISO 8601. */
  readonly at?: string;
  /** The CI claims these in the object's metadata. */
  readonly commit?: string;
  readonly author?: PersonRef;
  readonly run?: string;
};

export const person = described(
  "A person by id. The names are in other objects, so that a person can be erased.",
  personRefShape,
);

export const originShape: Shape<Origin> = object({
  by: optional(
    described(
      "The uploader that S3 recorded. It is absent when no notification of S3 names the uploader.",
      person,
    ),
  ),
  at: optional(described("ISO 8601, UTC.", text("a time", /^\d{4}-\d\d-\d\dT/))),
  commit: optional(described("The commit, as the CI claims it.", text())),
  author: optional(described("The author of the commit, as the CI claims it.", person)),
  run: optional(described("The run of the CI, as the CI claims it.", text())),
});
