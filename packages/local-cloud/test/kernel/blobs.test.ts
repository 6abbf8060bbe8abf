import { randomUUID } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { type BlobDirectory, createBlobs } from "#cloud/kernel/blob-files.ts";

const directory = () => {
  const path = mkdtempSync(join(tmpdir(), "blobs-test-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
};
const kinds: readonly [string, (path: string) => BlobDirectory][] = [
  ["a scratch directory", (path) => ({ scratch: path })],
  ["a data directory", (path) => ({ data: path })],
];
const sample = (size: number): Buffer => Buffer.from(Array.from({ length: size }, (_, at) => at % 251));

describe.each(kinds)("blobs in %s", (_name, at) => {
  it.each([0, 1, 1000, 262_144, 262_145, 700_001])("gives back %i bytes, whole and in part", async (size) => {
    using tempDir = directory();
    const blobs = createBlobs(at(tempDir.path));
    const bytes = sample(size);
    const pieces = Array.from({ length: Math.ceil(size / 65_536) }, (_, index) =>
      bytes.subarray(index * 65_536, (index + 1) * 65_536),
    );
    const seen: Uint8Array[] = [];
    const blob = await blobs.write(Readable.from(pieces), (chunk) => seen.push(chunk));
    expect(blob.size).toBe(size);
    expect(Buffer.concat(seen).equals(bytes)).toBe(true);
    expect((await buffer(blobs.read(blob))).equals(bytes)).toBe(true);
    expect(await buffer(blobs.read(blob, 10, 20))).toEqual(bytes.subarray(10, 20));
    expect((await blobs.bytes(blob)).equals(bytes)).toBe(true);
    expect(await blobs.bytes(blob, 5, 9)).toEqual(bytes.subarray(5, 9));
    const copy = await blobs.write(bytes);
    expect((await blobs.bytes(copy)).equals(bytes)).toBe(true);
    await blobs.delete(blob.id);
    expect((await blobs.bytes(copy)).equals(bytes)).toBe(true);
  });

  it("keeps no bytes of a stream that fails", async () => {
    using tempDir = directory();
    const blobs = createBlobs(at(tempDir.path));
    const failing = Readable.from(
      (async function* () {
        yield sample(400_000);
        throw new RangeError("connection lost");
      })(),
    );
    await expect(blobs.write(failing)).rejects.toThrow("connection lost");
    expect(readdirSync(tempDir.path)).toEqual([]);
  });

  it("takes no space for zeros", async () => {
    using tempDir = directory();
    const blobs = createBlobs(at(tempDir.path));
    const zeros = Buffer.alloc(1 << 20);
    const blob = await blobs.write(
      Readable.from(
        (function* () {
          yield Buffer.from("start");
          for (let count = 0; count < 64; count += 1) yield zeros;
          yield Buffer.from("end");
        })(),
      ),
    );
    expect(blob.size).toBe(64 * 2 ** 20 + 8);
    expect(statSync(join(tempDir.path, blob.id)).blocks * 512).toBeLessThan(1 << 20);
    expect((await blobs.bytes(blob, blob.size - 4)).toString("latin1")).toBe("\0end");
    expect((await blobs.bytes(blob, 0, 6)).toString("latin1")).toBe("start\0");
  });
});

describe("blobs in a data directory", () => {
  it("finds the blobs of the last process, without half-written ones", async () => {
    using tempDir = directory();
    const blob = await createBlobs({ data: tempDir.path }).write(Buffer.from("kept"));
    writeFileSync(join(tempDir.path, `${randomUUID()}.part`), "lost");
    const again = createBlobs({ data: tempDir.path });
    expect((await again.bytes(blob)).toString()).toBe("kept");
    expect(readdirSync(tempDir.path)).toEqual([blob.id]);
  });
});
