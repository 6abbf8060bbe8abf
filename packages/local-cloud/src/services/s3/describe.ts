/** Reads an object's metadata from the input of an upload, and returns it in the output of reads. */
import { StorageClass } from "@aws-sdk/client-s3";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { aclsNotSupported } from "./errors.ts";
import type { Bucket, Content, Description } from "./state.ts";
import { readTagging } from "./tags.ts";

export type DescriptionInput = {
  readonly Metadata?: Record<string, string> | undefined;
  readonly ContentType?: string | undefined;
  readonly CacheControl?: string | undefined;
  readonly ContentDisposition?: string | undefined;
  readonly ContentEncoding?: string | undefined;
  readonly ContentLanguage?: string | undefined;
  readonly Expires?: Date | string | undefined;
  readonly WebsiteRedirectLocation?: string | undefined;
  readonly StorageClass?: StorageClass | undefined;
  readonly Tagging?: string | undefined;
};

/** User-defined metadata has at most 2 KB (S3 User Guide, "Working with object metadata"). */
const MAX_METADATA = 2048;
/** A key has at most 1,024 bytes of UTF-8 (S3 User Guide, "Naming Amazon S3 objects"). */
const MAX_KEY = 1024;

export function describe(input: DescriptionInput): Description {
  const metadata = input.Metadata ?? {};
  const size = Object.entries(metadata).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value),
    0,
  );
  if (size > MAX_METADATA)
    throw new AwsError(
      "MetadataTooLarge",
      "Your metadata headers exceed the maximum allowed metadata size",
      400,
      {
        Size: size,
        MaxSizeAllowed: MAX_METADATA,
      },
    );
  const storageClass = input.StorageClass ?? "STANDARD";
  if (!(Object.values(StorageClass) as string[]).includes(storageClass))
    throw new AwsError("InvalidStorageClass", "The storage class you specified is not valid", 400, {
      StorageClassRequested: storageClass,
    });
  // `aws-chunked` describes the transfer of the body, not the object, so it is not stored.
  const encoding = input.ContentEncoding?.split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "" && part !== "aws-chunked")
    .join(",");
  return {
    metadata,
    contentType: input.ContentType ?? "binary/octet-stream",
    storageClass,
    tags: readTagging(input.Tagging),
    ...(input.CacheControl !== undefined && { cacheControl: input.CacheControl }),
    ...(input.ContentDisposition !== undefined && { contentDisposition: input.ContentDisposition }),
    ...(encoding && { contentEncoding: encoding }),
    ...(input.ContentLanguage !== undefined && { contentLanguage: input.ContentLanguage }),
    ...(input.Expires !== undefined && {
      expires: input.Expires instanceof Date ? input.Expires.toUTCString() : input.Expires,
    }),
    ...(input.WebsiteRedirectLocation !== undefined && { redirect: input.WebsiteRedirectLocation }),
  };
}

/** Returns the metadata in `content`. */
export const descriptionOf = (content: Description): Description => {
  const { metadata, contentType, cacheControl, contentDisposition, contentEncoding } = content;
  const { contentLanguage, expires, redirect, storageClass, tags } = content;
  return {
    metadata,
    contentType,
    storageClass,
    tags,
    ...(cacheControl !== undefined && { cacheControl }),
    ...(contentDisposition !== undefined && { contentDisposition }),
    ...(contentEncoding !== undefined && { contentEncoding }),
    ...(contentLanguage !== undefined && { contentLanguage }),
    ...(expires !== undefined && { expires }),
    ...(redirect !== undefined && { redirect }),
  };
};

export const descriptionOutput = (content: Content) => ({
  ContentType: content.contentType,
  Metadata: { ...content.metadata },
  ...(content.cacheControl !== undefined && { CacheControl: content.cacheControl }),
  ...(content.contentDisposition !== undefined && { ContentDisposition: content.contentDisposition }),
  ...(content.contentEncoding !== undefined && { ContentEncoding: content.contentEncoding }),
  ...(content.contentLanguage !== undefined && { ContentLanguage: content.contentLanguage }),
  ...(content.expires !== undefined && {
    ExpiresString: content.expires,
    Expires: new Date(content.expires),
  }),
  ...(content.redirect !== undefined && { WebsiteRedirectLocation: content.redirect }),
  ...(content.storageClass !== "STANDARD" && { StorageClass: content.storageClass }),
  ...(content.tags.length > 0 && { TagCount: content.tags.length }),
});

export function checkKey(key: string): void {
  const size = Buffer.byteLength(key);
  if (size > MAX_KEY)
    throw new AwsError("KeyTooLongError", "Your key is too long", 400, {
      Size: size,
      MaxSizeAllowed: MAX_KEY,
    });
}

/**
 * With ObjectOwnership BucketOwnerEnforced a request may only send the ACL bucket-owner-full-control (S3 User
 * Guide, "Controlling ownership of objects and disabling ACLs for your bucket").
 */
export function checkAcl(
  input: {
    readonly ACL?: string | undefined;
    readonly GrantFullControl?: string | undefined;
    readonly GrantRead?: string | undefined;
  },
  bucket: Bucket,
): void {
  if (bucket.ownership?.Rules?.[0]?.ObjectOwnership !== "BucketOwnerEnforced") return;
  if (input.GrantRead !== undefined || input.GrantFullControl !== undefined) throw aclsNotSupported();
  if (input.ACL !== undefined && input.ACL !== "bucket-owner-full-control") throw aclsNotSupported();
}
