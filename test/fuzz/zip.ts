/**
 * Fuzzes the zip reader: it reads nothing outside the file, no more than its directory needs, and no content
 * beyond the declared size.
 */
import { ReleaseError } from "#release/errors/errors.ts";
import type { RangeReader } from "#release/zip/range-reader.ts";
import { readZipDirectory } from "#release/zip/zip-directory.ts";
import { tailLength } from "#release/zip/zip-end.ts";
import { entryContent, entryRange } from "#release/zip/zip-entry.ts";
import { writeZip } from "#release/zip/zip-write.ts";
import { packed } from "./examples.ts";
import { field } from "./mutate.ts";
import { Broken, type Target } from "./target.ts";

const limits = { entries: 1000, unpackedBytes: 64 * 1024 ** 2 };
const [local, central, end] = ["PK\x03\x04", "PK\x01\x02", "PK\x05\x06"];

export const zip: Target = {
  name: "zip",
  corpus: async () => [
    ...(await packed()),
    writeZip([]),
    writeZip([{ name: "a/b", content: "x".repeat(5000) }]),
  ],
  mutations: [
    ...[6, 8, 26, 28].map((at) => field(local, at, 2)),
    ...[14, 18, 22].map((at) => field(local, at, 4)),
    ...[4, 8, 10, 28, 30, 32, 34, 38].map((at) => field(central, at, 2)),
    ...[16, 20, 24, 42].map((at) => field(central, at, 4)),
    ...[4, 6, 8, 10, 20].map((at) => field(end, at, 2)),
    ...[12, 16].map((at) => field(end, at, 4)),
  ],
  check: async (input) => {
    let read = 0;
    const reader: RangeReader = {
      size: input.length,
      read: async (start, stop) => {
        if (!(start >= 0 && start <= stop && stop <= input.length))
          throw new Broken(`${start} to ${stop} of ${input.length} bytes were read`);
        read += stop - start;
        return input.subarray(start, stop);
      },
    };
    try {
      const { entries } = await readZipDirectory(reader, limits);
      if (read > 2 * input.length + 2 * tailLength)
        throw new Broken(`${read} bytes were read of ${input.length}`);
      const total = entries.reduce((sum, { size }) => sum + size, 0);
      if (entries.length > limits.entries || total > limits.unpackedBytes)
        throw new Broken("a limit was passed");
      if (new Set(entries.map(({ name }) => name)).size < entries.length)
        throw new Broken("a name is there twice");
      for (const entry of entries) {
        const { start, end: stop } = entryRange(entry);
        if (!(start >= 0 && stop <= input.length)) throw new Broken(`${entry.name} lies outside`);
        if (/^\/|(^|\/)\.\.(\/|$)|\\|\0/.test(entry.name)) throw new Broken(`${entry.name} leads out`);
        contentOf(entry, input.subarray(start, stop));
      }
    } catch (error) {
      if (!(error instanceof ReleaseError) || error.move !== "rejected") throw error;
    }
  },
};

function contentOf(entry: Parameters<typeof entryContent>[0], range: Uint8Array): void {
  try {
    const { length } = entryContent(entry, range);
    if (length !== entry.size) throw new Broken(`${entry.name} has ${length} bytes, not ${entry.size}`);
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error;
  }
}
