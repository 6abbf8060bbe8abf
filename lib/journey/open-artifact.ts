/** Opens an artifact for reading: its directory, and its entries by name. */

import type { Artifacts } from "#ports/artifacts.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import type { ArtifactRef } from "#release/plan/release.ts";
import type { Limits } from "#release/zip/limits.ts";
import { readZipDirectory } from "#release/zip/zip-directory.ts";
import { entryContent, entryRange, type ZipEntry } from "#release/zip/zip-entry.ts";

export type OpenArtifact = {
  readonly ref: ArtifactRef;
  /** The files; folders appear only in their names. */
  readonly files: readonly ZipEntry[];
  readonly file: (path: string) => ZipEntry | undefined;
  /**
   * Reads a document. Throws `ReferenceMissing` for a missing file and `TemplateTooLarge` for a file above 1
   * MiB.
   */
  readonly text: (path: string, askedBy: string) => Promise<string>;
};

const largestDocument = 1024 * 1024;

export async function openArtifact(
  artifacts: Pick<Artifacts, "reader">,
  ref: ArtifactRef,
  limits: Limits,
): Promise<OpenArtifact> {
  const reader = artifacts.reader(ref);
  const { entries } = await readZipDirectory(reader, limits);
  const files = entries.filter(({ folder }) => !folder);
  const byName = new Map(files.map((entry) => [entry.name, entry]));
  return {
    ref,
    files,
    file: (path) => byName.get(path),
    text: async (path, askedBy) => {
      const entry = byName.get(path);
      if (entry === undefined) {
        const seen = `${askedBy} is ${JSON.stringify(path)}, which is not a file of the artifact.`;
        throw new ReleaseError("ReferenceMissing", seen);
      }
      if (entry.size > largestDocument) {
        const seen = `${path} has ${entry.size} bytes; ${largestDocument} are allowed.`;
        throw new ReleaseError("TemplateTooLarge", seen);
      }
      const { start, end } = entryRange(entry);
      return new TextDecoder().decode(entryContent(entry, await reader.read(start, end)));
    },
  };
}
