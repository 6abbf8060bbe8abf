/** Reads small zips of documents in memory: the artifacts that actions pass to each other. */
import { ReleaseError } from "#release/errors/errors.ts";
import { defaultLimits } from "#release/zip/limits.ts";
import { bytesReader } from "#release/zip/range-reader.ts";
import { readZipDirectory } from "#release/zip/zip-directory.ts";
import { entryContent, entryRange } from "#release/zip/zip-entry.ts";
import type { ZipContent } from "#release/zip/zip-write.ts";

export type Documents = ReadonlyMap<string, Uint8Array>;

export async function readSmallZip(bytes: Uint8Array): Promise<Documents> {
  const { entries } = await readZipDirectory(bytesReader(bytes), defaultLimits);
  return new Map(
    entries
      .filter(({ folder }) => !folder)
      .map((entry) => {
        const { start, end } = entryRange(entry);
        return [entry.name, entryContent(entry, bytes.subarray(start, end))];
      }),
  );
}

/** Throws `ReleaseDocumentMalformed` when the earlier action did not write the document. */
export function documentIn(documents: Documents, name: string): string {
  const bytes = documents.get(name);
  if (bytes !== undefined) return new TextDecoder().decode(bytes);
  const names = [...documents.keys()].join(", ") || "nothing";
  throw new ReleaseError("ReleaseDocumentMalformed", `The input has no ${name}; it has ${names}.`);
}

/** The documents as a reader of the zip gets them. */
export const documentsOf = (contents: readonly ZipContent[]): Documents =>
  new Map(
    contents.map(({ name, content }) => [
      name,
      typeof content === "string" ? new TextEncoder().encode(content) : content,
    ]),
  );
