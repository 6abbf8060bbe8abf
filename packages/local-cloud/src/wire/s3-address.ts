/** Finds the bucket and the key that an S3 request names. The path is never normalized, because keys may hold `..` and `//`. */
import { decodeLabel } from "./http-binding.ts";
import type { WireRequest } from "./wire.ts";

/** The service when both are empty, a bucket when the key is, or an object. */
export type S3Address = { readonly bucket: string; readonly key: string };

/** Path style, or `bucket.s3.…`/`bucket.localhost` in the Host header. */
export function s3Address(request: Pick<WireRequest, "path" | "headers">): S3Address {
  const host = (request.headers["host"] ?? "").replace(/:\d+$/, "");
  const virtual = /^(.+?)\.(?:s3[.-].*|s3|localhost)$/.exec(host);
  const path = request.path.slice(1);
  if (virtual?.[1] !== undefined) return { bucket: virtual[1], key: decodeLabel(path) };
  const slash = path.indexOf("/");
  return slash < 0
    ? { bucket: decodeLabel(path), key: "" }
    : { bucket: decodeLabel(path.slice(0, slash)), key: decodeLabel(path.slice(slash + 1)) };
}
