/** Artifacts as they stream by: digests, checksums, and the refusal of entries that are not what they say. */
import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scanArtifact } from "#release/zip/entry-scan.ts";
import { unpackEntry } from "#release/zip/entry-unpack.ts";
import { defaultLimits } from "#release/zip/limits.ts";
import { packDigests } from "#release/zip/pack-digest.ts";
import { bytesReader } from "#release/zip/range-reader.ts";
import { readZipDirectory } from "#release/zip/zip-directory.ts";
import { entryContent, entryRange, type ZipEntry } from "#release/zip/zip-entry.ts";
import { layOut, segmentsOf } from "#release/zip/zip-repack.ts";
import { codeOf } from "#test/release/samples.ts";
import { zipOf } from "#test/support/artifact.ts";
import { joined } from "#test/support/fakes/storage.ts";

const sha256 = (bytes: Uint8Array | string) => createHash("sha256").update(bytes).digest("hex");
const entriesOf = async (zip: Uint8Array) =>
  (await readZipDirectory(bytesReader(zip), defaultLimits)).entries;

function* inChunks(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const files = {
  "a.txt": "alpha",
  "folder/b.txt": "beta".repeat(5000),
  empty: "",
  "z.bin": Buffer.alloc(70_000, 7),
};

describe("a scan", () => {
  it.each([1, 7, 1000, 1_000_000])("gives the same result in chunks of %i bytes", async (size) => {
    const zip = await zipOf(files);
    const scan = await scanArtifact(inChunks(zip, size), await entriesOf(zip));
    expect(scan.sha256).toBe(sha256(zip));
    expect(scan.bytes).toBe(zip.length);
    for (const [name, content] of Object.entries(files)) {
      expect(scan.entries.get(name)?.sha256, name).toBe(sha256(content));
    }
  });

  it("finds the offset of data, so that an entry can be read by range alone", async () => {
    const zip = await zipOf(files);
    const entries = await entriesOf(zip);
    const scan = await scanArtifact([zip], entries);
    for (const entry of entries) {
      const { dataStart = 0 } = scan.entries.get(entry.name) ?? {};
      const data = zip.subarray(dataStart, dataStart + entry.compressedSize);
      const content = await joined(unpackEntry(entry, chunked(data)));
      expect(sha256(content)).toBe(sha256(files[entry.name as keyof typeof files]));
    }
  });

  it.each([
    ["a wrong checksum", { crc32: 1 }, "ZipChecksum"],
    ["a larger content than declared", { size: 10 }, "ZipBomb"],
    ["a smaller content than declared", { size: 90_000 }, "ZipMalformed"],
    ["another entry where it should be", { offset: 0 }, "ZipMalformed"],
  ] as const)("rejects %s", async (_, lie, code) => {
    const zip = await zipOf(files);
    const entries = (await entriesOf(zip)).filter(({ name }) => name === "z.bin");
    const lying = entries.map((entry): ZipEntry => ({ ...entry, ...lie }));
    expect(await codeOf(() => scanArtifact([zip], lying))).toBe(code);
  });

  it("rejects a damaged deflate stream and an artifact that ends too early", async () => {
    const zip = Buffer.from(await zipOf(files));
    const entries = (await entriesOf(zip)).filter(({ name }) => name === "folder/b.txt");
    const start = zip.indexOf("folder/b.txt") + "folder/b.txt".length;
    const damaged = Buffer.from(zip);
    damaged.fill(0xff, start, start + 10);
    expect(await codeOf(() => scanArtifact([damaged], entries))).toBe("ZipMalformed");
    expect(await codeOf(() => scanArtifact([zip.subarray(0, start + 5)], entries))).toBe("ZipTruncated");
  });
});

describe("a repacked zip", () => {
  const repacked = async (zip: Uint8Array, chosen: readonly ZipEntry[]): Promise<Uint8Array> => {
    const layout = layOut(chosen.map((entry) => ({ entry, name: `new/${entry.name}` })));
    const digests = packDigests(new Map([["new", layout]]));
    const scan = await scanArtifact(inChunks(zip, 37), chosen, digests.onData);
    const segments = segmentsOf(layout, ({ name }) => scan.entries.get(name)?.dataStart ?? 0);
    const bytes = Buffer.concat(
      segments.map((segment) =>
        segment.type === "bytes" ? segment.bytes : zip.subarray(segment.start, segment.end),
      ),
    );
    expect(bytes.length).toBe(layout.size);
    expect(digests.end().get("new")?.sha256).toBe(sha256(bytes));
    return bytes;
  };

  it("holds the same contents under the new names, and its digest is known from the scan", async () => {
    const content = fc.uint8Array({ maxLength: 300 });
    const name = fc.stringMatching(/^[a-zäß☃ 0-9]{1,10}$/);
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(name, content, { minKeys: 1 }),
        fc.boolean(),
        async (given, compress) => {
          const zip = await zipOf(given, { compress });
          const out = await repacked(zip, await entriesOf(zip));
          for (const entry of await entriesOf(out)) {
            const { start, end } = entryRange(entry);
            const original = given[entry.name.slice("new/".length)];
            expect(Buffer.from(entryContent(entry, out.subarray(start, end)))).toEqual(
              Buffer.from(original ?? []),
            );
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it("keeps executable bits, and drops the time and the tool of the packing", async () => {
    const early = await zipOf({ run: "1" }, { mode: 0o100700, mtime: new Date("2020-01-01") });
    const late = await zipOf({ run: "1" }, { mode: 0o100755, mtime: new Date("2026-01-01") });
    const [a, b] = await Promise.all([early, late].map(async (zip) => repacked(zip, await entriesOf(zip))));
    expect(a).toEqual(b);
    expect((await entriesOf(a ?? early)).map(({ executable }) => executable)).toEqual([true]);
  });
});

async function* chunked(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield* inChunks(bytes, 1000);
}
