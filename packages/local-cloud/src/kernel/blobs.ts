/**
 * Defines the store for bytes of objects: small ones in memory (or in the data directory), large ones in
 * files, never in a table.
 */
import type { Readable } from "node:stream";

/**
 * A range of stored bytes. An object is a list of blobs, so that copies and multipart completions move no
 * bytes.
 */
export type Blob = { readonly id: string; readonly size: number };

export type Blobs = {
  /**
   * Stores a stream to its end. `observe` gets each chunk, for digests. An error of the stream is thrown,
   * and no blob remains.
   */
  readonly write: (body: Readable | Uint8Array, observe?: (chunk: Uint8Array) => void) => Promise<Blob>;
  /** `end` is exclusive. */
  readonly read: (blob: Blob, start?: number, end?: number) => Readable;
  /** Returns all bytes at once, for bodies that are known to be small. */
  readonly bytes: (blob: Blob, start?: number, end?: number) => Promise<Buffer>;
  readonly delete: (id: string) => Promise<void>;
};
