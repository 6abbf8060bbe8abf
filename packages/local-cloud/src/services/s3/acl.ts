/**
 * These operations read and set ACLs. Reads return full control for the owner. Writes fail if the bucket has
 * ObjectOwnership BucketOwnerEnforced.
 */
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { aclsNotSupported } from "./errors.ts";
import { findBucket, onBucket } from "./find-bucket.ts";
import { findVersion, readAccess, versionAccess } from "./find-version.ts";
import { ownerOf } from "./owner.ts";
import type { Bucket, S3Operation } from "./state.ts";

const ownerFullControl = ({ account }: Bucket) => ({
  Owner: ownerOf(account),
  Grants: [
    { Grantee: { ...ownerOf(account), Type: "CanonicalUser" as const }, Permission: "FULL_CONTROL" as const },
  ],
});

export const getBucketAcl: S3Operation<"GetBucketAcl"> = {
  access: onBucket("GetBucketAcl"),
  run: (input, call) => ownerFullControl(findBucket(input, call)),
};

export const getObjectAcl: S3Operation<"GetObjectAcl"> = {
  access: (input, call) => readAccess("GetObjectAcl", input, call),
  run: (input, call) => ownerFullControl(findVersion(input, call).bucket),
};

export const putBucketAcl: S3Operation<"PutBucketAcl"> = {
  access: onBucket("PutBucketAcl"),
  run: (input, call) => write(findBucket(input, call), input.ACL),
};

export const putObjectAcl: S3Operation<"PutObjectAcl"> = {
  access: (input, call) => versionAccess("PutObjectAcl", input, call, { "s3:x-amz-acl": input.ACL }),
  run: (input, call) => write(findVersion(input, call, "PUT").bucket, input.ACL),
};

function write(bucket: Bucket, acl: string | undefined): Record<string, never> {
  if (bucket.ownership?.Rules?.[0]?.ObjectOwnership === "BucketOwnerEnforced") throw aclsNotSupported();
  if (acl === "private" || acl === "bucket-owner-full-control") return {};
  throw new AwsError(
    "NotImplemented",
    `The embedded cloud supports no ACLs; the request has ${acl ?? "grants"}. Use a bucket policy (packages/local-cloud/src/services/s3/acl.ts).`,
    501,
  );
}
