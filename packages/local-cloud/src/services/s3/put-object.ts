/** PutObject stores a body as the newest version of its key. */
import { randomBytes } from "node:crypto";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { checksumOutput } from "./checksums.ts";
import { commitObject, versionOutput } from "./commit.ts";
import { checkWrite } from "./conditions.ts";
import { checkAcl, checkKey, describe } from "./describe.ts";
import { encryptionContext, encryptionOutput, newEncryption } from "./encryption.ts";
import { conditionalContext, findBucket, objectAccess } from "./find-bucket.ts";
import { receiveBody } from "./receive-body.ts";
import { type Encryption, globalStateOf, type S3Operation } from "./state.ts";
import { readTagging, requestTagContext } from "./tags.ts";

export const putObject: S3Operation<"PutObject"> = {
  access: (input, call) => {
    const bucket = findBucket(input, call);
    const key = input.Key ?? "";
    const tags = readTagging(input.Tagging);
    const context = {
      ...encryptionContext(input),
      ...requestTagContext(tags),
      "s3:x-amz-acl": input.ACL,
      "s3:x-amz-storage-class": input.StorageClass,
      ...conditionalContext(true, input),
    };
    return [
      objectAccess(bucket, key, "PutObject", call, context),
      ...(tags.length > 0 ? [objectAccess(bucket, key, "PutObjectTagging", call, context)] : []),
      ...(input.ACL !== undefined ? [objectAccess(bucket, key, "PutObjectAcl", call, context)] : []),
    ];
  },
  run: async (input, call) => {
    const key = input.Key ?? "";
    const globalState = globalStateOf(call);
    const before = findBucket(input, call);
    checkKey(key);
    checkAcl(input, before);
    if (input.WriteOffsetBytes !== undefined)
      throw new AwsError(
        "NotImplemented",
        "A header you provided implies functionality that is not implemented",
        501,
        {
          Header: "x-amz-write-offset-bytes",
        },
      );
    const description = describe(input);
    checkWrite(input, globalState.objects(before), key, false);
    const encryption = await newEncryption(input, before, key, call);
    const { blob, md5, algorithm, checksum } = await receiveBody(input, call.cloud.blobs);
    const segments = blob.size === 0 ? [] : [{ blob, start: 0, end: blob.size }];
    globalState.blobs.hold(segments);
    try {
      // The checks run again, because the bucket and the object may have changed during the upload.
      const bucket = findBucket(input, call);
      checkWrite(input, globalState.objects(bucket), key, true);
      const etag = etagOf(md5, encryption);
      const summed = { algorithm, value: checksum, type: "FULL_OBJECT" } as const;
      const content = { ...description, size: blob.size, etag, segments, checksum: summed, encryption };
      const version = commitObject(bucket, key, content, "PutObject", call);
      if (blob.size === 0) await call.cloud.blobs.delete(blob.id);
      return {
        ETag: `"${etag}"`,
        ...checksumOutput(summed),
        ChecksumType: summed.type,
        ...encryptionOutput(encryption),
        ...versionOutput(bucket, version),
      };
    } catch (error) {
      await globalState.blobs.release(segments, call.cloud.blobs);
      throw error;
    }
  },
};

/** The ETag is the MD5 only with SSE-S3; with KMS it is random. (S3 API Reference, Object) */
export const etagOf = (md5: string, encryption: Encryption): string =>
  encryption.algorithm === "AES256" ? md5 : randomBytes(16).toString("hex");
