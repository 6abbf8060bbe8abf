/** HeadBucket checks that a bucket exists. GetBucketLocation returns its region. */
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { bucketAccess, bucketAnywhere, bucketArn } from "./find-bucket.ts";
import type { S3Operation } from "./state.ts";

export const headBucket: S3Operation<"HeadBucket"> = {
  access: (input, call) => bucketAccess(bucketAnywhere(input, call), "ListBucket", call),
  run: (input, call) => {
    const bucket = bucketAnywhere(input, call);
    if (bucket.region !== call.region)
      throw new AwsError("MovedPermanently", "Moved Permanently", 301, {
        headers: { "x-amz-bucket-region": bucket.region },
      });
    return { BucketArn: bucketArn(bucket.name), BucketRegion: bucket.region, AccessPointAlias: false };
  },
};

export const getBucketLocation: S3Operation<"GetBucketLocation"> = {
  access: (input, call) => bucketAccess(bucketAnywhere(input, call), "GetBucketLocation", call),
  run: (input, call) => {
    const { region } = bucketAnywhere(input, call);
    // us-east-1 has an empty location (S3 API Reference, GetBucketLocation). The SDK's type has a fixed list
    // of regions.
    return region === "us-east-1" ? {} : { LocationConstraint: region as "eu-west-1" };
  },
};
