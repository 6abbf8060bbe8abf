/**
 * Signature Version 4: identifies the signer of a request, and verifies the signature with the secret that
 * the cloud issued.
 */

import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { remember } from "#cloud/kernel/remember.ts";
import type { SignedRequest } from "./signed-request.ts";
import { readUrlSignature, signUrl } from "./sigv2.ts";

export type Signature = {
  readonly accessKeyId: string;
  readonly region: string;
  /** The signing name, e.g. `s3`, `events`. */
  readonly service: string;
  readonly sessionToken: string | undefined;
  readonly presigned: boolean;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly date: string;
  readonly scopeDate: string;
  readonly expires: number | undefined;
  /** The client's statement about the body: a SHA-256 in hex, or S3's `UNSIGNED-PAYLOAD` or `STREAMING-…`. */
  readonly payloadHash: string | undefined;
  /** Version 2, which only URLs may carry; `expires` counts from 1970 then. */
  readonly old?: true;
};

const HEADER =
  /^AWS4-HMAC-SHA256\s+Credential=([^,\s]+),?\s*SignedHeaders=([^,\s]+),?\s*Signature=([0-9a-f]+)/;

/** Reads a header or query signature. Returns undefined when the request carries none. */
export function readSignature(request: SignedRequest): Signature | undefined {
  const query = new URLSearchParams(request.rawQuery);
  const header = HEADER.exec(request.headers["authorization"] ?? "");
  const presigned = header === null && query.has("X-Amz-Signature");
  if (header === null && !presigned) return readOld(query);
  const credential = header?.[1] ?? query.get("X-Amz-Credential") ?? "";
  const [accessKeyId = "", scopeDate = "", region = "", service = ""] = credential.split("/");
  const token = presigned ? query.get("X-Amz-Security-Token") : request.headers["x-amz-security-token"];
  return {
    accessKeyId,
    region,
    service,
    scopeDate,
    presigned,
    sessionToken: token ?? undefined,
    signedHeaders: (header?.[2] ?? query.get("X-Amz-SignedHeaders") ?? "").split(";"),
    signature: header?.[3] ?? query.get("X-Amz-Signature") ?? "",
    date: (presigned ? query.get("X-Amz-Date") : request.headers["x-amz-date"]) ?? "",
    expires: presigned ? Number(query.get("X-Amz-Expires") ?? "0") : undefined,
    payloadHash: request.headers["x-amz-content-sha256"] ?? (presigned ? "UNSIGNED-PAYLOAD" : undefined),
  };
}

function readOld(query: URLSearchParams): Signature | undefined {
  const found = readUrlSignature(query);
  if (found === undefined) return undefined;
  const unsaid = { region: "", date: "", scopeDate: "", signedHeaders: [], payloadHash: "UNSIGNED-PAYLOAD" };
  return { ...unsaid, ...found, service: "s3", presigned: true, old: true };
}

/** Throws when a signed URL has expired, for every signer. */
export function checkExpiry(signature: Signature, now: Date): void {
  if (signature.expires === undefined) return;
  if (!signature.old && signature.expires > WEEK)
    throw new AwsError(
      "AuthorizationQueryParametersError",
      "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds",
    );
  const until = signature.expires * 1000 + (signature.old ? 0 : signedAt(signature));
  if (!(now.getTime() <= until))
    throw new AwsError("AccessDenied", "Request has expired", 403, {
      Expires: new Date(Number.isFinite(until) ? until : 0).toISOString(),
      ServerTime: now.toISOString(),
    });
}

const signedAt = ({ date }: Signature): number =>
  Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));

const WEEK = 604_800;
const SKEW_MS = 15 * 60_000;

/**
 * Throws AWS's error when the signature does not match `secret` or is too old. `bodyHash` is called only
 * when the client signed the body and did not send its hash.
 */
export function verifySignature(
  request: SignedRequest,
  signature: Signature,
  secret: string,
  now: Date,
  bodyHash: () => string,
): void {
  checkExpiry(signature, now);
  if (signature.old) {
    compare(signUrl(request, secret), Buffer.from(signature.signature, "base64"));
    return;
  }
  if (signature.expires === undefined && !(Math.abs(now.getTime() - signedAt(signature)) <= SKEW_MS)) {
    throw new AwsError(
      "RequestTimeTooSkewed",
      "The difference between the request time and the current time is too large.",
      403,
    );
  }
  const canonicalPath =
    signature.service === "s3"
      ? request.path
          .split("/")
          .map((part) => encode(decodePart(part)))
          .join("/")
      : request.path.split("/").map(encode).join("/");
  const canonicalQuery = request.rawQuery
    .split("&")
    .filter((part) => part !== "")
    .map((part) => {
      const equals = part.indexOf("=");
      const [key, value] = equals < 0 ? [part, ""] : [part.slice(0, equals), part.slice(equals + 1)];
      return [
        encode(decodePart(key.replaceAll("+", " "))),
        encode(decodePart(value.replaceAll("+", " "))),
      ] as const;
    })
    .filter(([key]) => key !== "X-Amz-Signature")
    .sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0))
    .map(([key, value]) => `${key}=${value}`)
    .join("&");
  const canonicalHeaders = signature.signedHeaders
    .map((name) => `${name}:${(request.headers[name] ?? "").trim().replace(/ +/g, " ")}\n`)
    .join("");
  const payloadHash = signature.payloadHash ?? bodyHash();
  const canonical = [
    request.method,
    canonicalPath,
    canonicalQuery,
    canonicalHeaders,
    signature.signedHeaders.join(";"),
    payloadHash,
  ].join("\n");
  const scope = `${signature.scopeDate}/${signature.region}/${signature.service}/aws4_request`;
  const toSign = ["AWS4-HMAC-SHA256", signature.date, scope, sha256(canonical)].join("\n");
  compare(hmac(signingKey(secret, scope), toSign), Buffer.from(signature.signature, "hex"));
}

/** A session signs hundreds of calls with one key, and the four digests of a key take longer than all other digests of a call. */
const keyOfScope = remember<Buffer>(1000);

const signingKey = (secret: string, scope: string): Buffer =>
  keyOfScope(`${secret}/${scope}`, () => scope.split("/").reduce<Buffer>(hmac, Buffer.from(`AWS4${secret}`)));

function compare(wanted: Buffer, given: Buffer): void {
  if (wanted.length !== given.length || !timingSafeEqual(wanted, given)) {
    throw new AwsError(
      "SignatureDoesNotMatch",
      "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
      403,
    );
  }
}

const hmac = (key: Buffer, data: string): Buffer => createHmac("sha256", key).update(data).digest();
const sha256 = (data: string): string => createHash("sha256").update(data).digest("hex");
const encode = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
const decodePart = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};
