/**
 * Treats objects as lists of blob segments: cuts them, reads them in order, and digests them without copying
 * bytes.
 */
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import type { Blobs } from "#cloud/kernel/blobs.ts";
import { createDigest } from "./checksums.ts";
import { type ChecksumAlgorithm, globalStateOf, type S3Call, type Segment } from "./state.ts";

export const sizeOf = (segments: readonly Segment[]): number =>
  segments.reduce((sum, { start, end }) => sum + end - start, 0);

/** Returns the bytes from `from` to `to`, without `to`. */
export function cut(segments: readonly Segment[], from: number, to: number): readonly Segment[] {
  const found: Segment[] = [];
  let at = 0;
  for (const { blob, start, end } of segments) {
    const first = Math.max(from - at, 0);
    const last = Math.min(to - at, end - start);
    if (first < last) found.push({ blob, start: start + first, end: start + last });
    at += end - start;
  }
  return found;
}

async function* chunksOf(segments: readonly Segment[], blobs: Blobs): AsyncGenerator<Buffer> {
  for (const { blob, start, end } of segments) yield* blobs.read(blob, start, end);
}

/** Returns a stream of the bytes. It holds them until it is closed, even if the object is deleted. */
export function streamOf(segments: readonly Segment[], call: S3Call): Readable {
  const { blobs: references } = globalStateOf(call);
  references.hold(segments);
  const stream = Readable.from(chunksOf(segments, call.cloud.blobs), { objectMode: false });
  stream.once("close", () =>
    call.cloud.spawn("s3: release read bytes", () => references.release(segments, call.cloud.blobs)),
  );
  return stream;
}

/** Computes the MD5 (hex) and the checksum (base64) of bytes that did not arrive as one body. */
export async function digestSegments(
  segments: readonly Segment[],
  algorithm: ChecksumAlgorithm,
  blobs: Blobs,
): Promise<{ readonly md5: string; readonly checksum: string }> {
  const md5 = createHash("md5");
  const digest = createDigest(algorithm);
  for await (const chunk of chunksOf(segments, blobs)) {
    md5.update(chunk);
    digest.update(chunk);
  }
  return { md5: md5.digest("hex"), checksum: digest.digest().toString("base64") };
}
