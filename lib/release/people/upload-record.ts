/**
 * The uploader of one version, as S3's notification names it. `kedge-route` writes the record once, before it wakes
 * the line. A version without a record has an unknown uploader.
 */
import { valueTree } from "#release/document/node-tree.ts";
import { object, oneOf, optional, readShape, type Shape, text } from "#release/document/shape.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import { folders } from "#release/names/deployed-names.ts";
import { resultKeys } from "#release/names/key.ts";
import type { PersonRef } from "./person.ts";

export type UploadRecord = {
  readonly schema: 1;
  readonly by: PersonRef;
  /** The time of the upload in S3's notification, ISO 8601. */
  readonly at: string;
};

export const personRefShape: Shape<PersonRef> = object({
  id: text("the id of a person", /^p-[0-9a-f]{24}$/),
  kind: oneOf("session", "user", "account", "service", "author"),
  role: optional(text()),
});

const shape: Shape<UploadRecord> = object({ schema: oneOf(1), by: personRefShape, at: text() });

/** The key mirrors that of the version's result. */
export const uploadRecordKey = (key: string, versionId: string): string =>
  `${folders.uploads}${resultKeys(key, versionId).version.slice(folders.results.length)}`;

export const formatUploadRecord = (record: UploadRecord): string => `${JSON.stringify(record, null, 2)}\n`;

/** Throws `ReleaseDocumentMalformed`. A record that cannot be read must not pass for an unknown uploader. */
export function parseUploadRecord(json: string): UploadRecord {
  const read = readShape(shape, valueTree(JSON.parse(json)));
  if ("value" in read) return read.value;
  throw new ReleaseError("ReleaseDocumentMalformed", "The record of an upload names no uploader.");
}
