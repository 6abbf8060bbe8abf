/**
 * Finds the bucket of a call, checks its region and expected owner, and builds the access requests for
 * buckets and objects.
 */
import type { AccessRequest, ConditionValue } from "#cloud/kernel/access.ts";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { noSuchBucket } from "./errors.ts";
import { isPublicPolicy } from "./public-policy.ts";
import { type Bucket, globalStateOf, type S3Call } from "./state.ts";

type Named = { readonly Bucket: string | undefined; readonly ExpectedBucketOwner?: string | undefined };
type Context = Readonly<Record<string, ConditionValue | undefined>>;

export function findBucket(input: Named, call: S3Call): Bucket {
  const bucket = bucketAnywhere(input, call);
  if (bucket.region !== call.region) throw otherRegion(bucket);
  return bucket;
}

/** Finds a bucket in any region, for operations that work from all regions. */
export function bucketAnywhere(
  { Bucket: name = "", ExpectedBucketOwner: owner }: Named,
  call: S3Call,
): Bucket {
  const bucket = globalStateOf(call).buckets.get(name);
  if (bucket === undefined) throw noSuchBucket(name);
  if (owner !== undefined && owner !== bucket.account)
    throw new AwsError("AccessDenied", "Access Denied", 403);
  return bucket;
}

const otherRegion = (bucket: Bucket): AwsError =>
  new AwsError(
    "PermanentRedirect",
    "The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.",
    301,
    {
      Endpoint: `${bucket.name}.s3.${bucket.region}.amazonaws.com`,
      Bucket: bucket.name,
      headers: { "x-amz-bucket-region": bucket.region },
    },
  );

export const bucketArn = (bucket: string): string => `arn:aws:s3:::${bucket}`;
export const objectArn = (bucket: string, key: string): string => `arn:aws:s3:::${bucket}/${key}`;

/** Requests `s3:<action>` on the bucket. */
export const bucketAccess = (
  bucket: Bucket,
  action: string,
  call: S3Call,
  context: Context = {},
): AccessRequest => access(bucket, action, bucketArn(bucket.name), call, context);

/** Requests `s3:<action>` on an object of the bucket. */
export const objectAccess = (
  bucket: Bucket,
  key: string,
  action: string,
  call: S3Call,
  context: Context = {},
): AccessRequest => access(bucket, action, objectArn(bucket.name, key), call, context);

/**
 * The keys of a conditional write. `creates`: the request makes an object, as PutObject, CopyObject and
 * CompleteMultipartUpload do. (S3 User Guide, "Enforce conditional writes on Amazon S3 buckets")
 */
export const conditionalContext = (
  creates: boolean,
  {
    IfMatch,
    IfNoneMatch,
  }: { readonly IfMatch?: string | undefined; readonly IfNoneMatch?: string | undefined } = {},
): Context => ({
  "s3:if-match": IfMatch,
  "s3:if-none-match": IfNoneMatch,
  "s3:ObjectCreationOperation": creates,
});

/** Requests one action on the bucket that the input names. */
export const onBucket =
  (action: string) =>
  (input: Named, call: S3Call): AccessRequest =>
    bucketAccess(findBucket(input, call), action, call);

function access(
  bucket: Bucket,
  action: string,
  resource: string,
  call: S3Call,
  context: Context,
): AccessRequest {
  return {
    action: `s3:${action}`,
    resource,
    resourceAccount: bucket.account,
    resourcePolicy: effectivePolicy(bucket, call),
    context: { "s3:ResourceAccount": bucket.account, ...context },
  };
}

/**
 * With RestrictPublicBuckets a public policy only applies to the owner's account and to AWS services. (S3
 * User Guide, "Blocking public access to your Amazon S3 storage")
 */
function effectivePolicy(bucket: Bucket, { principal }: S3Call): string | undefined {
  const { policy, publicAccess } = bucket;
  if (policy === undefined || !publicAccess?.RestrictPublicBuckets) return policy;
  const trusted =
    principal.kind === "service" || ("account" in principal && principal.account === bucket.account);
  return trusted || !isPublicPolicy(policy) ? policy : undefined;
}
