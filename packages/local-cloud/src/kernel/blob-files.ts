/**
 * Stores bytes in files of a directory. In a scratch directory small blobs stay in memory. In a data
 * directory every blob is a file, which gets its name when it is complete, so that a killed process leaves
 * no half blob. Ranges of zeros take no space.
 */
import { randomUUID } from "node:crypto";
import { createReadStream, mkdirSync, readdirSync, rmSync } from "node:fs";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { Blobs } from "./blobs.ts";
import { isBlobName } from "./data-directory.ts";

/** The size up to which a blob of a scratch directory stays in memory. */
const SMALL = 256 * 1024;
const ZEROS = Buffer.alloc(64 * 1024);
const PART = ".part";

/** `scratch`: the blobs end with the process. `data`: the next start finds them again. */
export type BlobDirectory = { readonly scratch: string } | { readonly data: string };

export function createBlobs(where: BlobDirectory): Blobs {
  const directory = "data" in where ? where.data : where.scratch;
  const inMemory = "scratch" in where ? SMALL : 0;
  const small = new Map<string, Buffer>();
  mkdirSync(directory, { recursive: true });
  for (const name of readdirSync(directory)) {
    if (name.endsWith(PART) && isBlobName(name)) rmSync(join(directory, name), { force: true });
  }
  const pathOf = (id: string): string => join(directory, id);

  return {
    write: async (body, observe) => {
      const id = randomUUID();
      const source = body instanceof Uint8Array ? [body] : (body as AsyncIterable<Uint8Array>);
      const chunks = watched(source, observe)[Symbol.asyncIterator]();
      const held: Uint8Array[] = [];
      let size = 0;
      while (size <= inMemory) {
        const { value, done } = await chunks.next();
        if (done && inMemory > 0) {
          small.set(id, Buffer.concat(held));
          return { id, size };
        }
        if (done) break;
        held.push(value);
        size += value.length;
      }
      return { id, size: await writeBlob(pathOf(id), joined(held, chunks)) };
    },
    read: (blob, start = 0, end = blob.size) => {
      if (end <= start) return Readable.from([]);
      const bytes = small.get(blob.id);
      if (bytes !== undefined) return Readable.from([bytes.subarray(start, end)]);
      // An open file outlives its deletion, and so does a download that has started.
      return createReadStream(pathOf(blob.id), { start, end: end - 1, highWaterMark: 256 * 1024 });
    },
    bytes: async (blob, start = 0, end = blob.size) => {
      const bytes = small.get(blob.id);
      if (bytes !== undefined) return bytes.subarray(start, end);
      const file = await open(pathOf(blob.id));
      try {
        const into = Buffer.alloc(Math.max(Math.min(end, blob.size) - start, 0));
        await file.read(into, 0, into.length, start);
        return into;
      } finally {
        await file.close();
      }
    },
    delete: async (id) => {
      if (!small.delete(id)) await rm(pathOf(id), { force: true });
    },
  };
}

/** Writes a file, which gets its name when it is complete. Returns its size. */
async function writeBlob(path: string, chunks: AsyncIterable<Uint8Array>): Promise<number> {
  const part = path + PART;
  const file = await open(part, "wx");
  try {
    let size = 0;
    for await (const chunk of chunks) {
      if (!isZero(chunk)) await writeAll(file, chunk, size);
      size += chunk.length;
    }
    await file.truncate(size);
    await file.close();
    await rename(part, path);
    return size;
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(part, { force: true });
    throw error;
  }
}

async function* watched(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  observe: ((chunk: Uint8Array) => void) | undefined,
): AsyncGenerator<Uint8Array, undefined> {
  for await (const chunk of source) {
    observe?.(chunk);
    yield chunk;
  }
}

async function* joined(
  held: readonly Uint8Array[],
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield* held;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

async function writeAll(file: FileHandle, chunk: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < chunk.length; ) {
    done += (await file.write(chunk, done, chunk.length - done, at + done)).bytesWritten;
  }
}

function isZero(chunk: Uint8Array): boolean {
  for (let at = 0; at < chunk.length; at += ZEROS.length) {
    const part = chunk.subarray(at, at + ZEROS.length);
    if (ZEROS.compare(part, 0, part.length, 0, part.length) !== 0) return false;
  }
  return true;
}
