/** Removes the framing from a request's body, and compares the hash that the client signed while the body passes. */
import { createHash } from "node:crypto";
import { type Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AwsError } from "./kernel/aws-error.ts";
import { AwsChunkedBody } from "./wire/aws-chunked.ts";
import type { SignedRequest } from "./wire/signed-request.ts";
import type { Signature } from "./wire/sigv4.ts";

export function unframeBody(
  body: Readable,
  headers: SignedRequest["headers"],
  signature: Signature | undefined,
): Readable {
  const hash = signature?.payloadHash ?? headers["x-amz-content-sha256"] ?? "";
  if (hash.startsWith("STREAMING-")) {
    const framed = new AwsChunkedBody();
    pipeline(body, framed).catch((error: unknown) => framed.destroy(error as Error));
    return framed;
  }
  if (!/^[0-9a-f]{64}$/.test(hash)) return body;
  const digest = createHash("sha256");
  const checked = new Transform({
    transform: (chunk, _encoding, done) => {
      digest.update(chunk);
      done(null, chunk);
    },
    flush: (done) =>
      done(
        digest.digest("hex") === hash
          ? null
          : new AwsError(
              "XAmzContentSHA256Mismatch",
              "The provided 'x-amz-content-sha256' header does not match what was computed.",
            ),
      ),
  });
  pipeline(body, checked).catch((error: unknown) => checked.destroy(error as Error));
  return checked;
}
