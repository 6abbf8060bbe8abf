/** These operations edit the Block Public Access settings and the ObjectOwnership of a bucket. */
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { malformedXml } from "./errors.ts";
import { findBucket, onBucket } from "./find-bucket.ts";
import { globalStateOf, type S3Operation } from "./state.ts";

export const getPublicAccessBlock: S3Operation<"GetPublicAccessBlock"> = {
  access: onBucket("GetBucketPublicAccessBlock"),
  run: (input, call) => {
    const { publicAccess, name } = findBucket(input, call);
    if (publicAccess === undefined)
      throw new AwsError(
        "NoSuchPublicAccessBlockConfiguration",
        "The public access block configuration was not found",
        404,
        { BucketName: name },
      );
    return { PublicAccessBlockConfiguration: publicAccess };
  },
};

export const putPublicAccessBlock: S3Operation<"PutPublicAccessBlock"> = {
  access: onBucket("PutBucketPublicAccessBlock"),
  run: (input, call) => {
    const bucket = findBucket(input, call);
    const asked = input.PublicAccessBlockConfiguration ?? {};
    globalStateOf(call).buckets.set(bucket.name, {
      ...bucket,
      publicAccess: {
        BlockPublicAcls: asked.BlockPublicAcls ?? false,
        IgnorePublicAcls: asked.IgnorePublicAcls ?? false,
        BlockPublicPolicy: asked.BlockPublicPolicy ?? false,
        RestrictPublicBuckets: asked.RestrictPublicBuckets ?? false,
      },
    });
    return {};
  },
};

export const deletePublicAccessBlock: S3Operation<"DeletePublicAccessBlock"> = {
  access: onBucket("PutBucketPublicAccessBlock"),
  run: (input, call) => {
    const { publicAccess: _publicAccess, ...bucket } = findBucket(input, call);
    globalStateOf(call).buckets.set(bucket.name, bucket);
    return {};
  },
};

export const getBucketOwnershipControls: S3Operation<"GetBucketOwnershipControls"> = {
  access: onBucket("GetBucketOwnershipControls"),
  run: (input, call) => {
    const { ownership, name } = findBucket(input, call);
    if (ownership === undefined)
      throw new AwsError(
        "OwnershipControlsNotFoundError",
        "The bucket ownership controls were not found",
        404,
        {
          BucketName: name,
        },
      );
    return { OwnershipControls: ownership };
  },
};

export const putBucketOwnershipControls: S3Operation<"PutBucketOwnershipControls"> = {
  access: onBucket("PutBucketOwnershipControls"),
  run: (input, call) => {
    const bucket = findBucket(input, call);
    const rules = input.OwnershipControls?.Rules ?? [];
    const known = ["BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"];
    if (rules.length !== 1 || !known.includes(rules[0]?.ObjectOwnership ?? "")) throw malformedXml();
    globalStateOf(call).buckets.set(bucket.name, { ...bucket, ownership: { Rules: rules } });
    return {};
  },
};

export const deleteBucketOwnershipControls: S3Operation<"DeleteBucketOwnershipControls"> = {
  access: onBucket("PutBucketOwnershipControls"),
  run: (input, call) => {
    const { ownership: _ownership, ...bucket } = findBucket(input, call);
    globalStateOf(call).buckets.set(bucket.name, bucket);
    return {};
  },
};
