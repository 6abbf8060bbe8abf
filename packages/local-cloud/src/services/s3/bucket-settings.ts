/**
 * These operations store and return bucket settings that have no effect here: tags, CORS, logging, website,
 * request payment, acceleration.
 */
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { malformedXml } from "./errors.ts";
import { findBucket, onBucket } from "./find-bucket.ts";
import { type Bucket, globalStateOf, type S3Call, type S3Operation } from "./state.ts";
import { checkTags } from "./tags.ts";

/** Stores the bucket with one changed property; `undefined` removes the property. */
function change<Member extends keyof Bucket>(
  input: { readonly Bucket: string | undefined; readonly ExpectedBucketOwner?: string | undefined },
  call: S3Call,
  member: Member,
  value: Bucket[Member] | undefined,
): Record<string, never> {
  const { [member]: _before, ...rest } = findBucket(input, call);
  const bucket = { ...rest, ...(value !== undefined && { [member]: value }) } as unknown as Bucket;
  globalStateOf(call).buckets.set(bucket.name, bucket);
  return {};
}

/** S3 validates a document against its schema, enums included. */
function oneOf<Value>(allowed: readonly Value[], value: Value | undefined): Value {
  if (value === undefined || !allowed.includes(value)) throw malformedXml();
  return value;
}

const missing = (code: string, message: string, bucket: Bucket): AwsError =>
  new AwsError(code, message, 404, { BucketName: bucket.name });

export const getBucketTagging: S3Operation<"GetBucketTagging"> = {
  access: onBucket("GetBucketTagging"),
  run: (input, call) => {
    const bucket = findBucket(input, call);
    if (bucket.tags.length === 0) throw missing("NoSuchTagSet", "The TagSet does not exist", bucket);
    return { TagSet: [...bucket.tags] };
  },
};

export const putBucketTagging: S3Operation<"PutBucketTagging"> = {
  access: onBucket("PutBucketTagging"),
  run: (input, call) => change(input, call, "tags", checkTags(input.Tagging?.TagSet ?? [], 50)),
};

export const deleteBucketTagging: S3Operation<"DeleteBucketTagging"> = {
  access: onBucket("PutBucketTagging"),
  run: (input, call) => change(input, call, "tags", []),
};

export const getBucketCors: S3Operation<"GetBucketCors"> = {
  access: onBucket("GetBucketCORS"),
  run: (input, call) => {
    const bucket = findBucket(input, call);
    if (bucket.cors === undefined)
      throw missing("NoSuchCORSConfiguration", "The CORS configuration does not exist", bucket);
    return { CORSRules: [...bucket.cors] };
  },
};

export const putBucketCors: S3Operation<"PutBucketCors"> = {
  access: onBucket("PutBucketCORS"),
  run: (input, call) => {
    const rules = input.CORSConfiguration?.CORSRules ?? [];
    if (rules.length === 0 || rules.length > 100) throw malformedXml();
    for (const method of rules.flatMap((rule) => rule.AllowedMethods ?? []))
      if (!["GET", "PUT", "POST", "DELETE", "HEAD"].includes(method))
        throw new AwsError(
          "InvalidRequest",
          `Found unsupported HTTP method in CORS config. Unsupported method is ${method}`,
        );
    return change(input, call, "cors", rules);
  },
};

export const deleteBucketCors: S3Operation<"DeleteBucketCors"> = {
  access: onBucket("PutBucketCORS"),
  run: (input, call) => change(input, call, "cors", undefined),
};

export const getBucketLogging: S3Operation<"GetBucketLogging"> = {
  access: onBucket("GetBucketLogging"),
  run: (input, call) => {
    const { logging } = findBucket(input, call);
    return logging === undefined ? {} : { LoggingEnabled: logging };
  },
};

export const putBucketLogging: S3Operation<"PutBucketLogging"> = {
  access: onBucket("PutBucketLogging"),
  run: (input, call) => {
    const logging = input.BucketLoggingStatus?.LoggingEnabled;
    const target = logging && globalStateOf(call).buckets.get(logging.TargetBucket ?? "");
    if (logging !== undefined && target === undefined)
      throw new AwsError(
        "InvalidTargetBucketForLogging",
        "The target bucket for logging does not exist",
        400,
        {
          TargetBucket: logging.TargetBucket,
        },
      );
    return change(input, call, "logging", logging);
  },
};

export const getBucketWebsite: S3Operation<"GetBucketWebsite"> = {
  access: onBucket("GetBucketWebsite"),
  run: (input, call) => {
    const bucket = findBucket(input, call);
    if (bucket.website === undefined)
      throw missing(
        "NoSuchWebsiteConfiguration",
        "The specified bucket does not have a website configuration",
        bucket,
      );
    return bucket.website;
  },
};

export const putBucketWebsite: S3Operation<"PutBucketWebsite"> = {
  access: onBucket("PutBucketWebsite"),
  run: (input, call) => change(input, call, "website", input.WebsiteConfiguration),
};

export const deleteBucketWebsite: S3Operation<"DeleteBucketWebsite"> = {
  access: onBucket("DeleteBucketWebsite"),
  run: (input, call) => change(input, call, "website", undefined),
};

export const getBucketRequestPayment: S3Operation<"GetBucketRequestPayment"> = {
  access: onBucket("GetBucketRequestPayment"),
  run: (input, call) => ({ Payer: findBucket(input, call).payer ?? "BucketOwner" }),
};

export const putBucketRequestPayment: S3Operation<"PutBucketRequestPayment"> = {
  access: onBucket("PutBucketRequestPayment"),
  run: (input, call) =>
    change(
      input,
      call,
      "payer",
      oneOf(["BucketOwner", "Requester"], input.RequestPaymentConfiguration?.Payer),
    ),
};

export const getBucketAccelerateConfiguration: S3Operation<"GetBucketAccelerateConfiguration"> = {
  access: onBucket("GetAccelerateConfiguration"),
  run: (input, call) => {
    const { acceleration } = findBucket(input, call);
    return acceleration === undefined ? {} : { Status: acceleration };
  },
};

export const putBucketAccelerateConfiguration: S3Operation<"PutBucketAccelerateConfiguration"> = {
  access: onBucket("PutAccelerateConfiguration"),
  run: (input, call) =>
    change(
      input,
      call,
      "acceleration",
      oneOf(["Enabled", "Suspended"], input.AccelerateConfiguration?.Status),
    ),
};

/**
 * These features are not implemented. CDK and Terraform read them, so the operations return AWS's answer for
 * their absence.
 */
export const getBucketReplication: S3Operation<"GetBucketReplication"> = {
  access: onBucket("GetReplicationConfiguration"),
  run: (input, call) => {
    throw missing(
      "ReplicationConfigurationNotFoundError",
      "The replication configuration was not found",
      findBucket(input, call),
    );
  },
};

export const getObjectLockConfiguration: S3Operation<"GetObjectLockConfiguration"> = {
  access: onBucket("GetBucketObjectLockConfiguration"),
  run: (input, call) => {
    throw missing(
      "ObjectLockConfigurationNotFoundError",
      "Object Lock configuration does not exist for this bucket",
      findBucket(input, call),
    );
  },
};
