/** Copies files of an artifact unchanged into the input of later actions. */

import type { Artifacts } from "#ports/artifacts.ts";
import { type ErrorCode, ReleaseError } from "#release/errors/errors.ts";
import { entryContent, entryRange, type ZipEntry } from "#release/zip/zip-entry.ts";
import type { ZipContent } from "#release/zip/zip-write.ts";
import type { OpenArtifact } from "./open-artifact.ts";

const mostBytes = 20 * 1024 * 1024;

/** `named` gives each file its name. `rejection.what` begins the error for files of more than 20 MB. */
export async function artifactFiles(
  artifacts: Pick<Artifacts, "reader">,
  artifact: OpenArtifact,
  entries: readonly ZipEntry[],
  named: (path: string) => string,
  rejection: { readonly code: ErrorCode; readonly what: string },
): Promise<readonly ZipContent[]> {
  const bytes = entries.reduce((sum, { size }) => sum + size, 0);
  if (bytes > mostBytes) {
    throw new ReleaseError(
      rejection.code,
      `${rejection.what} have ${bytes} bytes; ${mostBytes} are allowed.`,
    );
  }
  const reader = artifacts.reader(artifact.ref);
  const files: ZipContent[] = [];
  for (const entry of entries) {
    const { start, end } = entryRange(entry);
    const content = entryContent(entry, await reader.read(start, end));
    files.push({ name: named(entry.name), content });
  }
  return files;
}
