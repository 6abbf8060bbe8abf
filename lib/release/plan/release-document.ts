/** Writes and reads `release.json`, and packs it as the bundle the pipeline's source reads. */

import { manifestShape } from "#release/artifact/manifest-shape.ts";
import { describeProblems, valueTree } from "#release/document/node-tree.ts";
import {
  digits,
  flag,
  integer,
  listOf,
  mapOf,
  object,
  oneOf,
  optional,
  readShape,
  type Shape,
  text,
} from "#release/document/shape.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import { canonicalJson } from "#release/names/digest.ts";
import { writeZip } from "#release/zip/zip-write.ts";
import type { Release } from "./release.ts";

const releaseFile = "release.json";

const account = digits("an account id of 12 digits", /^\d{12}$/);
export const lineShape = object({ account, app: text(), branch: text() });
export const templateRefShape = object({
  name: text(),
  version: text(),
  sha256: text("64 hex digits", /^[0-9a-f]{64}$/),
});

const releaseShape: Shape<Release> = object({
  schema: oneOf(1),
  line: lineShape,
  artifact: object({
    bucket: text(),
    key: text(),
    versionId: text(),
    size: integer(0, Number.MAX_SAFE_INTEGER),
    etag: text(),
  }),
  template: templateRefShape,
  manifest: manifestShape,
  provided: mapOf(/^/, "a name", mapOf(/^/, "a name", text())),
  targets: listOf(
    object({
      environment: text(),
      stack: optional(text()),
      names: listOf(text()),
      tenant: optional(text()),
      wave: text(),
      account,
      region: text(),
      approval: flag(),
      approvalTimeoutMinutes: integer(5, 86_400),
      protected: flag(),
      separateDuties: optional(oneOf("uploaders", "authors")),
      handlers: optional(object({ projects: listOf(text()), functions: listOf(text()) })),
      existingFunctions: optional(listOf(text())),
      kubernetes: optional(
        object({
          namespaces: mapOf(/^/, "a namespace", listOf(text())),
          admin: listOf(text()),
        }),
      ),
      terraform: optional(
        object({
          images: listOf(text()),
          providers: listOf(text()),
          actions: listOf(text()),
          planBeforeApproval: flag(),
        }),
      ),
    }),
  ),
});

/** Equal releases give equal bytes. */
export const formatRelease = (release: Release): string => canonicalJson(release);

/** Throws `ReleaseDocumentMalformed` for anything but a whole document of this version. */
export function parseRelease(json: string): Release {
  const read = readShape(releaseShape, valueTree(parseJson(json)));
  if ("value" in read) return read.value;
  throw new ReleaseError(
    "ReleaseDocumentMalformed",
    `${releaseFile} is incomplete: ${describeProblems(read.problems)}`,
  );
}

/** The zip the pipeline's source action reads. */
export const releaseBundle = (release: Release): Uint8Array =>
  writeZip([{ name: releaseFile, content: formatRelease(release) }]);

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    const seen = `${releaseFile} is not JSON; it has ${json.length} characters, the last of them ${JSON.stringify(json.slice(-20))}.`;
    throw new ReleaseError("ReleaseDocumentMalformed", seen, error);
  }
}
