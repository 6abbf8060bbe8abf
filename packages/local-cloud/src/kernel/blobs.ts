/** Bytes of objects: small ones in memory (or in the data directory), large ones in files; never in a table. */
import type { Readable } from "node:stream";

/** A stretch of stored bytes; an object is a list of them, so copies and multipart completions move no bytes. */
export type Blob = { readonly id: string; readonly size: number };

export type Blobs = {
  /** Stores a stream to its end; `observe` sees each chunk, for digests. Throws what the stream throws, leaving nothing. */
  readonly write: (body: Readable | Uint8Array, observe?: (chunk: Uint8Array) => void) => Promise<Blob>;
  /** `end` is exclusive. */
  readonly read: (blob: Blob, start?: number, end?: number) => Readable;
  /** The bytes at once; for bodies known to be small. */
  readonly bytes: (blob: Blob, start?: number, end?: number) => Promise<Buffer>;
  readonly delete: (id: string) => Promise<void>;
};
