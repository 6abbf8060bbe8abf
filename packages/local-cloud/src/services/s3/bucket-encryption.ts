/** These operations read, set and delete a bucket's default encryption. */
import type { ServerSideEncryptionConfiguration } from "@aws-sdk/client-s3";
import { invalidArgument, malformedXml } from "./errors.ts";
import { findBucket, onBucket } from "./find-bucket.ts";
import { globalStateOf, type S3Operation } from "./state.ts";

const PLAIN: ServerSideEncryptionConfiguration = {
  Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" }, BucketKeyEnabled: false }],
};

export const getBucketEncryption: S3Operation<"GetBucketEncryption"> = {
  access: onBucket("GetEncryptionConfiguration"),
  run: (input, call) => ({ ServerSideEncryptionConfiguration: findBucket(input, call).encryption }),
};

export const putBucketEncryption: S3Operation<"PutBucketEncryption"> = {
  access: onBucket("PutEncryptionConfiguration"),
  run: (input, call) => {
    const bucket = findBucket(input, call);
    const rules = input.ServerSideEncryptionConfiguration?.Rules ?? [];
    const [rule] = rules;
    if (rule === undefined || rules.length > 1) throw malformedXml();
    const { SSEAlgorithm: algorithm, KMSMasterKeyID: key } = rule.ApplyServerSideEncryptionByDefault ?? {};
    if (algorithm !== "AES256" && algorithm !== "aws:kms" && algorithm !== "aws:kms:dsse")
      throw malformedXml();
    if (algorithm === "AES256" && key !== undefined)
      throw invalidArgument(
        "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse",
      );
    globalStateOf(call).buckets.set(bucket.name, {
      ...bucket,
      encryption: { Rules: [{ ...rule, BucketKeyEnabled: rule.BucketKeyEnabled ?? false }] },
    });
    return {};
  },
};

export const deleteBucketEncryption: S3Operation<"DeleteBucketEncryption"> = {
  access: onBucket("PutEncryptionConfiguration"),
  run: (input, call) => {
    const bucket = findBucket(input, call);
    globalStateOf(call).buckets.set(bucket.name, { ...bucket, encryption: PLAIN });
    return {};
  },
};
