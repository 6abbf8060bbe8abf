/** An artifact that a command gets as a folder or zip, opened for reading. */
import type { RangeReader } from "#release/zip/range-reader.ts";
import { fileReader } from "./file-reader.ts";
import { packArtifact } from "./pack.ts";

/** A folder is packed into a temporary file, which the disposal removes. */
export async function openArtifact(
  source: string,
): Promise<AsyncDisposable & { readonly reader: RangeReader }> {
  const packed = await packArtifact(source);
  const file = await fileReader(packed.path);
  return {
    reader: file.reader,
    [Symbol.asyncDispose]: async () => {
      await file[Symbol.asyncDispose]();
      await packed[Symbol.asyncDispose]();
    },
  };
}
