/**
 * Defines a wire protocol: it finds the operation in a request, reads the input, writes the output, and
 * writes an error.
 */
import { Readable } from "node:stream";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { Service } from "#cloud/kernel/service.ts";
import type { OperationSchema, WireSchema } from "./schema.ts";

export type WireRequest = {
  readonly method: string;
  /** The raw request target before `?`. It is never normalized, because keys may hold `..` and `//`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  /** The body. All protocols but REST with a streaming member read it as bytes. */
  readonly body: Readable;
};

export type WireResponse = {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string | Uint8Array | Readable;
};

type WireCall = { readonly operation: OperationSchema; readonly input: Record<string, unknown> };

/** A service with its schemas. */
export type WiredService = { readonly service: Service; readonly schema: WireSchema };

export type Wire = {
  /** Throws AwsError when the request names no operation or cannot be read. */
  readonly read: (wired: WiredService, request: WireRequest) => Promise<WireCall>;
  readonly write: (wired: WiredService, call: WireCall, output: unknown, requestId: string) => WireResponse;
  readonly fail: (
    wired: WiredService,
    error: AwsError,
    requestId: string,
    request: WireRequest,
  ) => WireResponse;
};

/**
 * The largest body that is read as a whole. Lambda's zip in base64 is the largest that AWS takes (70 MB, Lambda Developer
 * Guide, "Lambda quotas"). Objects of S3 are streams, and have no limit here.
 */
const WHOLE_BODY = 128 * 2 ** 20;

/** Throws `RequestEntityTooLarge` as soon as the body is larger, so no client can fill the memory. */
export async function bytesOf(body: Readable, limit = WHOLE_BODY): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += (chunk as Buffer).length;
    if (size > limit)
      throw new AwsError("RequestEntityTooLarge", `The body is larger than ${limit} bytes.`, 413);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

/** The functions that the SDK's codecs need from their context. */
export const serdeContext = {
  base64Encoder: (bytes: Uint8Array | string) => Buffer.from(bytes as Uint8Array).toString("base64"),
  base64Decoder: (text: string) => Buffer.from(text, "base64"),
  utf8Encoder: (bytes: Uint8Array | string) =>
    typeof bytes === "string" ? bytes : Buffer.from(bytes).toString("utf8"),
  utf8Decoder: (text: string) => Buffer.from(text, "utf8"),
  streamCollector: async (stream: unknown) =>
    stream instanceof Readable ? new Uint8Array(await bytesOf(stream)) : (stream as Uint8Array),
};
