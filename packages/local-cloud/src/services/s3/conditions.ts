/** Conditional requests: what reads, writes and copies demand of the object as it is. */
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { noSuchKey, preconditionFailed } from "./errors.ts";
import type { ObjectIndex } from "./state.ts";
import type { Version } from "./state.ts";

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

/** Throws 304 or 412; as RFC 9110 has it, an ETag outweighs a date. */
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

/** A copy's conditions on its source answer 412 throughout. */
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

/** `late`: the bytes have arrived; an object that vanished meanwhile is a conflict, not an absence. */
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
