/** Checks the conditional headers of reads, writes and copies against the current object. */
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { noSuchKey, preconditionFailed } from "./errors.ts";
import type { ObjectIndex, Version } from "./state.ts";

export type Conditions = {
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
  readonly IfModifiedSince?: Date | undefined;
  readonly IfUnmodifiedSince?: Date | undefined;
};

const names = (header: string, etag: string): boolean =>
  header
    .split(",")
    .map((item) =>
      item
        .trim()
        .replace(/^W\//, "")
        .replace(/^"(.*)"$/, "$1"),
    )
    .some((item) => item === "*" || item === etag);

/** HTTP dates have whole seconds. */
const seconds = (date: Date): number => Math.floor(date.getTime() / 1000);

/** Throws 304 or 412. An ETag condition takes precedence over a date. (RFC 9110, section 13.2.2) */
export function checkRead(conditions: Conditions, version: Version, etag: string): void {
  const { IfMatch, IfNoneMatch, IfModifiedSince, IfUnmodifiedSince } = conditions;
  if (IfMatch !== undefined) {
    if (!names(IfMatch, etag)) throw preconditionFailed("If-Match");
  } else if (IfUnmodifiedSince !== undefined && seconds(version.lastModified) > seconds(IfUnmodifiedSince)) {
    throw preconditionFailed("If-Unmodified-Since");
  }
  const unchanged =
    IfNoneMatch !== undefined
      ? names(IfNoneMatch, etag)
      : IfModifiedSince !== undefined && seconds(version.lastModified) <= seconds(IfModifiedSince);
  if (unchanged)
    throw new AwsError("NotModified", "Not Modified", 304, {
      headers: { etag: `"${etag}"`, "last-modified": version.lastModified.toUTCString() },
    });
}

/** A failed condition on a copy source always returns 412. */
export function checkCopySource(conditions: Conditions, version: Version, etag: string): void {
  try {
    checkRead(conditions, version, etag);
  } catch (error) {
    if (error instanceof AwsError && error.code === "NotModified")
      throw preconditionFailed(
        conditions.IfNoneMatch !== undefined
          ? "x-amz-copy-source-If-None-Match"
          : "x-amz-copy-source-If-Modified-Since",
      );
    throw error;
  }
}

/**
 * `late`: the body has arrived. An object that was deleted meanwhile is then a conflict (409) and not a
 * missing key (404) (S3 User Guide, "How to prevent object overwrites with conditional writes").
 */
export function checkWrite(
  { IfMatch, IfNoneMatch }: Pick<Conditions, "IfMatch" | "IfNoneMatch">,
  objects: ObjectIndex,
  key: string,
  late: boolean,
): void {
  if (IfMatch === undefined && IfNoneMatch === undefined) return;
  if (IfNoneMatch !== undefined && IfNoneMatch !== "*")
    throw new AwsError(
      "NotImplemented",
      "A header you provided implies functionality that is not implemented",
      501,
      {
        Header: "If-None-Match",
      },
    );
  const etag = objects.newest(key)?.content?.etag;
  if (IfNoneMatch !== undefined && etag !== undefined) throw preconditionFailed("If-None-Match");
  if (IfMatch === undefined) return;
  if (etag === undefined)
    throw late
      ? new AwsError(
          "ConditionalRequestConflict",
          "The conditional request cannot succeed due to a conflicting operation against this resource.",
          409,
          { Condition: "If-Match", Key: key },
        )
      : noSuchKey(key);
  if (!names(IfMatch, etag)) throw preconditionFailed("If-Match");
}
