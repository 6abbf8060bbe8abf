/** Streams the content of one zip entry. The entry's local header gives the offset of the data. */

import type { Artifacts } from "#ports/artifacts.ts";
import type { ArtifactRef } from "#release/plan/release.ts";
import { unpackEntry } from "#release/zip/entry-unpack.ts";
import { dataOffset, localHeaderLength, type ZipEntry } from "#release/zip/zip-entry.ts";

export async function* entryStream(
  artifacts: Pick<Artifacts, "reader" | "stream">,
  artifact: ArtifactRef,
  entry: ZipEntry,
): AsyncGenerator<Uint8Array> {
  const { offset, rawName, compressedSize } = entry;
  const header = await artifacts.reader(artifact).read(offset, offset + localHeaderLength + rawName.length);
  const start = offset + dataOffset(entry, header);
  yield* unpackEntry(entry, artifacts.stream(artifact, start, start + compressedSize));
}
