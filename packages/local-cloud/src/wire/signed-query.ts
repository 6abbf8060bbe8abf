/** Reads the `x-amz-*` parameters of a signed URL as headers, because a client that signs a URL moves them there. */
import type { WireRequest } from "./wire.ts";

/** The parameters of the signature itself (S3 API Reference, "Authenticating Requests: Using Query Parameters"). */
const OF_SIGNATURE = /^x-amz-(algorithm|credential|date|expires|signedheaders|signature|security-token)$/;

/**
 * Parameters that begin with `x-amz-` count as headers when the signature is in the query. An SDK moves metadata, tags
 * and the checksum of a presigned PutObject into the URL (`moveHeadersToQuery` of the SDK for JavaScript).
 */
export function withSignedQuery(request: WireRequest): WireRequest {
  const { query, headers } = request;
  const signed = query.has("X-Amz-Signature") || (query.has("Signature") && query.has("AWSAccessKeyId"));
  if (!signed) return request;
  const moved = [...query].flatMap(([name, value]): readonly (readonly [string, string])[] => {
    const header = name.toLowerCase();
    return header.startsWith("x-amz-") && !OF_SIGNATURE.test(header) ? [[header, value]] : [];
  });
  return moved.length === 0 ? request : { ...request, headers: { ...Object.fromEntries(moved), ...headers } };
}
