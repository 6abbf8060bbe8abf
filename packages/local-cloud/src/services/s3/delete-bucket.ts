/** DeleteBucket: only when nothing is left in it, versions and delete markers included. */
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { abortUpload } from "./abort-multipart-upload.ts";
import { findBucket, onBucket } from "./find-bucket.ts";
import { type S3Operation, worldOf } from "./state.ts";

export const deleteBucket: S3Operation<"DeleteBucket"> = {
  access: onBucket("DeleteBucket"),
  run: async (input, call) => {
    const bucket = findBucket(input, call);
    const world = worldOf(call);
    if (world.objects(bucket).keys().length > 0) {
      const versioned = bucket.versioning !== undefined;
      throw new AwsError(
        "BucketNotEmpty",
        `The bucket you tried to delete is not empty${versioned ? ". You must delete all versions in the bucket." : ""}`,
        409,
        { BucketName: bucket.name },
      );
    }
    world.buckets.delete(bucket.name);
    for (const upload of [...world.uploads.values()])
      if (upload.bucketId === bucket.id) await abortUpload(upload, call);
    return {};
  },
};
