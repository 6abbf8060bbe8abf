import { Readable } from "node:stream";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AwsChunkedBody } from "#cloud/wire/aws-chunked.ts";

const collect = async (
  pieces: readonly Buffer[],
): Promise<{ bytes: Buffer; trailers: Record<string, string> }> => {
  const body = Readable.from(pieces).pipe(new AwsChunkedBody());
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk as Buffer);
  return { bytes: Buffer.concat(chunks), trailers: body.trailers };
};
const frame = (chunks: readonly Buffer[], trailer: string): Buffer =>
  Buffer.concat([
    ...chunks.flatMap((chunk) => [
      Buffer.from(`${chunk.length.toString(16)};chunk-signature=abc\r\n`),
      chunk,
      Buffer.from("\r\n"),
    ]),
    Buffer.from(`0\r\n${trailer}\r\n`),
  ]);

describe("an aws-chunked body", () => {
  it("gives the bytes and trailers back, however the network cut it", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 5 }),
        fc.array(fc.nat(200), { maxLength: 8 }),
        async (parts, cuts) => {
          const chunks = parts.map((part) => Buffer.from(part));
          const framed = frame(chunks, "x-amz-checksum-crc32:AAAAAA==\r\n");
          const offsets = [...new Set(cuts.map((cut) => cut % framed.length))].sort((a, b) => a - b);
          const pieces = [0, ...offsets]
            .map((from, index) => framed.subarray(from, offsets[index] ?? framed.length))
            .filter((piece) => piece.length > 0);
          const read = await collect(pieces);
          expect(read.bytes).toEqual(Buffer.concat(chunks));
          expect(read.trailers).toEqual({ "x-amz-checksum-crc32": "AAAAAA==" });
        },
      ),
    );
  });

  it("refuses a body that ends in the middle of a chunk", async () => {
    await expect(collect([Buffer.from("a\r\n12345")])).rejects.toMatchObject({ code: "IncompleteBody" });
  });

  it("refuses framing that is no hexadecimal size", async () => {
    await expect(collect([Buffer.from("zz\r\n12345")])).rejects.toMatchObject({ code: "InvalidRequest" });
  });
});
