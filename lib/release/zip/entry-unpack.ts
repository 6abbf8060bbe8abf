/** An entry's content as a stream, from its data in the artifact; for entries that were scanned before. */
import { createInflateRaw } from "node:zlib"; // a pure function of its input, hence allowed in the core
import type { ZipEntry } from "./zip-entry.ts";

/** `data` is exactly the entry's data, compressed as it is. */
export function unpackEntry(entry: ZipEntry, data: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  return entry.method === "store" ? data : inflated(data);
}

async function* inflated(data: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const inflate = createInflateRaw();
  const fed = feed(inflate, data).catch((error: unknown) => {
    inflate.destroy(error as Error);
  });
  for await (const chunk of inflate) yield chunk as Uint8Array;
  await fed;
}

async function feed(
  inflate: ReturnType<typeof createInflateRaw>,
  data: AsyncIterable<Uint8Array>,
): Promise<void> {
  for await (const chunk of data) {
    if (inflate.destroyed) return;
    // The callback comes when the chunk is taken in, or when the stream was destroyed.
    await new Promise<void>((resolve) => inflate.write(chunk, () => resolve()));
  }
  inflate.end();
}
