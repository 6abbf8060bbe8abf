/**
 * DeleteBucket removes a bucket without objects, versions and delete markers. Its unfinished uploads are
 * aborted.
 */
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { abortUpload } from "./abort-multipart-upload.ts";
import { findBucket, onBucket } from "./find-bucket.ts";
import { globalStateOf, type S3Operation } from "./state.ts";

export const deleteBucket: S3Operation<"DeleteBucket"> = {
  access: onBucket("DeleteBucket"),
  run: async (input, call) => {
    const bucket = findBucket(input, call);
    const globalState = globalStateOf(call);
    if (globalState.objects(bucket).keys().length > 0) {
      const versioned = bucket.versioning !== undefined;
      throw new AwsError(
        "BucketNotEmpty",
        `The bucket you tried to delete is not empty${versioned ? ". You must delete all versions in the bucket." : ""}`,
        409,
        { BucketName: bucket.name },
      );
    }
    globalState.buckets.delete(bucket.name);
    for (const upload of [...globalState.uploads.values()])
      if (upload.bucketId === bucket.id) await abortUpload(upload, call);
    return {};
  },
};
