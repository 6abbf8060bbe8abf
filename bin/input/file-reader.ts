/** A file as ranges, so that an artifact on disk is looked at as one in S3 is. */
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
