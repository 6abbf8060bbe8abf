/**
 * Signature Version 2 in a URL: S3 in its first regions still accepts it, and `aws s3 presign` still
 * creates it.
 */
import { createHmac } from "node:crypto";
import type { SignedRequest } from "./signed-request.ts";

/** Parameters that address a sub-resource, and so are signed. */
const SIGNED = new Set(
  "acl cors delete lifecycle location logging notification partNumber policy requestPayment restore tagging torrent uploadId uploads versionId versioning versions website response-cache-control response-content-disposition response-content-encoding response-content-language response-content-type response-expires".split(
    " ",
  ),
);

type UrlSignature = {
  readonly accessKeyId: string;
  readonly signature: string;
  /** Seconds since 1970. */
  readonly expires: number;
  readonly sessionToken: string | undefined;
};

export function readUrlSignature(query: URLSearchParams): UrlSignature | undefined {
  const [accessKeyId, signature, expires] = ["AWSAccessKeyId", "Signature", "Expires"].map((name) =>
    query.get(name),
  );
  if (!accessKeyId || !signature || !expires) return undefined;
  return {
    accessKeyId,
    signature,
    expires: Number(expires),
    sessionToken: query.get("x-amz-security-token") ?? undefined,
  };
}

/** Returns the signature of the request with `secret`. */
export function signUrl(request: SignedRequest, secret: string): Buffer {
  const query = new URLSearchParams(request.rawQuery);
  // A client moves the headers it signs into the URL.
  const said = (name: string): string => query.get(name) ?? request.headers[name] ?? "";
  const own = new Map(
    [...Object.entries(request.headers), ...query].filter(([name]) => name.startsWith("x-amz-")),
  );
  const headers = [...own]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]) => `${name}:${value}\n`);
  const signed = [...query]
    .filter(([name]) => SIGNED.has(name))
    .sort(([left], [right]) => (left < right ? -1 : 1));
  const resource = signed.map(([name, value]) => (value === "" ? name : `${name}=${value}`)).join("&");
  const text = [
    request.method,
    said("content-md5"),
    said("content-type"),
    said("Expires"),
    `${headers.join("")}${request.path}${resource === "" ? "" : `?${resource}`}`,
  ].join("\n");
  return createHmac("sha1", secret).update(text).digest();
}
