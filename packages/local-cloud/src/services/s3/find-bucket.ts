/** The bucket a call names, if there is one the caller means; and what a call must be allowed there. */
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

/** For the operations that answer from any region where a bucket is. */
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

export const otherRegion = (bucket: Bucket): AwsError =>
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

/** `s3:Action` on the bucket itself. */
export const bucketAccess = (
  bucket: Bucket,
  action: string,
  call: S3Call,
  context: Context = {},
): AccessRequest => access(bucket, action, bucketArn(bucket.name), call, context);

/** `s3:Action` on an object of the bucket. */
export const objectAccess = (
  bucket: Bucket,
  key: string,
  action: string,
  call: S3Call,
  context: Context = {},
): AccessRequest => access(bucket, action, objectArn(bucket.name, key), call, context);

/** The plain case: one action on the bucket that the input names. */
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

/** RestrictPublicBuckets: a public policy speaks only to the owner's account and to AWS services. */
function effectivePolicy(bucket: Bucket, { principal }: S3Call): string | undefined {
  const { policy, publicAccess } = bucket;
  if (policy === undefined || !publicAccess?.RestrictPublicBuckets) return policy;
  const trusted =
    principal.kind === "service" || ("account" in principal && principal.account === bucket.account);
  return trusted || !isPublicPolicy(policy) ? policy : undefined;
}
