/** Parses `x-amz-copy-source`, finds the source object, and builds the access request to read it. */
import type { AccessRequest } from "#cloud/kernel/access.ts";
import { checkCopySource } from "./conditions.ts";
import { openEncryption } from "./encryption.ts";
import { invalidArgument } from "./errors.ts";
import { type Found, findVersion, type ObjectName, readAccess } from "./find-version.ts";
import type { S3Call } from "./state.ts";

type CopyInput = {
  readonly CopySource?: string | undefined;
  readonly CopySourceIfMatch?: string | undefined;
  readonly CopySourceIfNoneMatch?: string | undefined;
  readonly CopySourceIfModifiedSince?: Date | undefined;
  readonly CopySourceIfUnmodifiedSince?: Date | undefined;
  readonly ExpectedSourceBucketOwner?: string | undefined;
};

export function readCopySource(input: CopyInput): ObjectName {
  const [, path = "", versionId] = /^(.*?)(?:\?versionId=([^&]*))?$/s.exec(input.CopySource ?? "") ?? [];
  const decoded = decode(path).replace(/^\//, "");
  const slash = decoded.indexOf("/");
  if (slash < 1 || slash === decoded.length - 1)
    throw invalidArgument("Invalid copy source object key", "x-amz-copy-source", input.CopySource);
  return {
    Bucket: decoded.slice(0, slash),
    Key: decoded.slice(slash + 1),
    VersionId: versionId === undefined ? undefined : decode(versionId),
    ExpectedBucketOwner: input.ExpectedSourceBucketOwner,
  };
}

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalidArgument("Invalid copy source encoding.", "x-amz-copy-source", text);
  }
};

export const copySourceAccess = (input: CopyInput, call: S3Call): readonly AccessRequest[] =>
  readAccess("GetObject", readCopySource(input), call);

/** Finds the source, checks the conditions on it, and decrypts its data key as the caller. */
export async function openCopySource(input: CopyInput, call: S3Call): Promise<Found> {
  const found = findVersion(readCopySource(input), call);
  checkCopySource(
    {
      IfMatch: input.CopySourceIfMatch,
      IfNoneMatch: input.CopySourceIfNoneMatch,
      IfModifiedSince: input.CopySourceIfModifiedSince,
      IfUnmodifiedSince: input.CopySourceIfUnmodifiedSince,
    },
    found.version,
    found.content.etag,
  );
  await openEncryption(found.content.encryption, found.bucket, call);
  return found;
}
