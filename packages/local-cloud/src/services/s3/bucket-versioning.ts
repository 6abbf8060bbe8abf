/**
 * These operations read and set the versioning of a bucket. Enabled versioning can be suspended but not
 * removed. (S3 API Reference, PutBucketVersioning)
 */
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { malformedXml } from "./errors.ts";
import { findBucket, onBucket } from "./find-bucket.ts";
import { globalStateOf, type S3Operation } from "./state.ts";

export const getBucketVersioning: S3Operation<"GetBucketVersioning"> = {
  access: onBucket("GetBucketVersioning"),
  run: (input, call) => {
    const { versioning } = findBucket(input, call);
    return versioning === undefined ? {} : { Status: versioning };
  },
};

export const putBucketVersioning: S3Operation<"PutBucketVersioning"> = {
  access: onBucket("PutBucketVersioning"),
  run: (input, call) => {
    const bucket = findBucket(input, call);
    const { Status: status, MFADelete } = input.VersioningConfiguration ?? {};
    if (MFADelete === "Enabled")
      throw new AwsError("NotImplemented", "MFA Delete is not implemented in the embedded cloud.", 501);
    if (status !== "Enabled" && status !== "Suspended") {
      if (status === undefined)
        throw new AwsError(
          "IllegalVersioningConfigurationException",
          "The Versioning element must be specified",
        );
      throw malformedXml();
    }
    globalStateOf(call).buckets.set(bucket.name, { ...bucket, versioning: status });
    return {};
  },
};
