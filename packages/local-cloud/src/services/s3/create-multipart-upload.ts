/** CreateMultipartUpload stores the properties of the future object before its parts are uploaded. */
import { randomBytes } from "node:crypto";
import { DEFAULT_ALGORITHM, knownAlgorithm } from "./checksums.ts";
import { wholeSeconds } from "./commit.ts";
import { checkAcl, checkKey, describe } from "./describe.ts";
import { encryptionContext, encryptionOutput, newEncryption } from "./encryption.ts";
import { invalidRequest } from "./errors.ts";
import { conditionalContext, findBucket, objectAccess } from "./find-bucket.ts";
import { requesterOf } from "./owner.ts";
import { type ChecksumAlgorithm, globalStateOf, type S3Operation } from "./state.ts";
import { readTagging, requestTagContext } from "./tags.ts";

export const createMultipartUpload: S3Operation<"CreateMultipartUpload"> = {
  access: (input, call) => {
    const bucket = findBucket(input, call);
    const tags = readTagging(input.Tagging);
    const context = {
      ...encryptionContext(input),
      ...requestTagContext(tags),
      "s3:x-amz-acl": input.ACL,
      "s3:x-amz-storage-class": input.StorageClass,
      ...conditionalContext(false),
    };
    return ["PutObject", ...(tags.length > 0 ? ["PutObjectTagging"] : [])].map((action) =>
      objectAccess(bucket, input.Key ?? "", action, call, context),
    );
  },
  run: async (input, call) => {
    const bucket = findBucket(input, call);
    const key = input.Key ?? "";
    checkKey(key);
    checkAcl(input, bucket);
    const description = describe(input);
    const algorithm =
      input.ChecksumAlgorithm === undefined ? DEFAULT_ALGORITHM : knownAlgorithm(input.ChecksumAlgorithm);
    const type = checksumType(algorithm, input.ChecksumType);
    const encryption = await newEncryption(input, bucket, key, call);
    const id = randomBytes(96).toString("base64").replaceAll("+", ".").replaceAll("/", "_");
    globalStateOf(call).uploads.set(id, {
      ...description,
      id,
      bucketId: findBucket(input, call).id,
      key,
      initiatedAt: wholeSeconds(call.clock.now()),
      initiator: requesterOf(call.principal),
      encryption,
      checksumAlgorithm: algorithm,
      checksumType: type,
      checksumAsked: input.ChecksumAlgorithm !== undefined,
    });
    return {
      Bucket: bucket.name,
      Key: key,
      UploadId: id,
      ...encryptionOutput(encryption),
      ...(input.ChecksumAlgorithm !== undefined && {
        ChecksumAlgorithm: input.ChecksumAlgorithm,
        ChecksumType: type,
      }),
    };
  },
};

/**
 * Only CRCs can be joined to a checksum of the full object, and CRC64NVME has no other type. (S3 User Guide,
 * "Checking object integrity")
 */
function checksumType(algorithm: ChecksumAlgorithm, asked: string | undefined): "COMPOSITE" | "FULL_OBJECT" {
  const wholeOnly = algorithm === "CRC64NVME";
  const type = asked ?? (wholeOnly ? "FULL_OBJECT" : "COMPOSITE");
  const fits = type === "COMPOSITE" ? !wholeOnly : type === "FULL_OBJECT" && algorithm.startsWith("CRC");
  if (!fits)
    throw invalidRequest(
      `The ${type} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
    );
  return type as "COMPOSITE" | "FULL_OBJECT";
}
