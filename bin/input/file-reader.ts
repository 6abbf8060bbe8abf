/** Reads ranges of a file, so that an artifact on disk is inspected like an artifact in S3. */
import { open } from "node:fs/promises";
import type { RangeReader } from "#release/zip/range-reader.ts";

export async function fileReader(path: string): Promise<AsyncDisposable & { readonly reader: RangeReader }> {
  const file = await open(path);
  const { size } = await file.stat();
  return {
    reader: {
      size,
      read: async (start, end) => {
        const bytes = Buffer.alloc(Math.max(end - start, 0));
        const { bytesRead } = await file.read(bytes, 0, bytes.length, start);
        return bytes.subarray(0, bytesRead);
      },
    },
    [Symbol.asyncDispose]: async () => file.close(),
  };
}
