/**
 * Decides the server-side encryption of objects. The caller needs permission to use the KMS key of the
 * request or of the bucket's default.
 */
import { AwsError, isAwsError } from "#cloud/kernel/aws-error.ts";
import { invalidArgument } from "./errors.ts";
import { bucketArn, objectArn } from "./find-bucket.ts";
import { type Bucket, type Encryption, globalStateOf, type S3Call } from "./state.ts";

type EncryptionInput = {
  readonly ServerSideEncryption?: string | undefined;
  readonly SSEKMSKeyId?: string | undefined;
  readonly SSEKMSEncryptionContext?: string | undefined;
  readonly BucketKeyEnabled?: boolean | undefined;
  readonly SSECustomerAlgorithm?: string | undefined;
};

/** The condition keys of the request's own encryption headers. The bucket's default does not count. */
export const encryptionContext = (input: EncryptionInput): Record<string, string | undefined> => ({
  "s3:x-amz-server-side-encryption": input.ServerSideEncryption,
  "s3:x-amz-server-side-encryption-aws-kms-key-id": input.SSEKMSKeyId,
  "s3:x-amz-server-side-encryption-customer-algorithm": input.SSECustomerAlgorithm,
});

/** Decides the encryption of a new object. With KMS it makes a data key as the caller. */
export async function newEncryption(
  input: EncryptionInput,
  bucket: Bucket,
  key: string,
  call: S3Call,
): Promise<Encryption> {
  if (input.SSECustomerAlgorithm !== undefined)
    throw new AwsError(
      "NotImplemented",
      "Customer-provided keys (SSE-C) are not implemented in the embedded cloud.",
      501,
    );
  const [rule] = bucket.encryption.Rules ?? [];
  const standard = rule?.ApplyServerSideEncryptionByDefault;
  const algorithm = input.ServerSideEncryption ?? standard?.SSEAlgorithm ?? "AES256";
  if (algorithm === "AES256") {
    if (input.SSEKMSKeyId !== undefined)
      throw invalidArgument(
        "Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms",
        "x-amz-server-side-encryption",
        input.ServerSideEncryption,
      );
    return { algorithm };
  }
  if (algorithm !== "aws:kms" && algorithm !== "aws:kms:dsse")
    throw invalidArgument(
      "The encryption method specified is not supported",
      "x-amz-server-side-encryption",
      algorithm,
    );
  const asked = input.ServerSideEncryption !== undefined;
  const keyId =
    input.SSEKMSKeyId ??
    (asked && input.ServerSideEncryption !== standard?.SSEAlgorithm ? undefined : standard?.KMSMasterKeyID);
  const bucketKey = (input.BucketKeyEnabled ?? rule?.BucketKeyEnabled ?? false) && algorithm === "aws:kms";
  const context = {
    ...readContext(input.SSEKMSEncryptionContext),
    "aws:s3:arn": bucketKey ? bucketArn(bucket.name) : objectArn(bucket.name, key),
  };
  const request = { KeyId: keyId ?? "alias/aws/s3", KeySpec: "AES_256", EncryptionContext: context };
  const made = await (bucketKey ? askOnce : kms)<{ KeyId: string; CiphertextBlob: Uint8Array }>(
    call,
    bucket,
    "GenerateDataKey",
    request,
  );
  return { algorithm, keyArn: made.KeyId, bucketKey, dataKey: made.CiphertextBlob, context };
}

/** Decrypts the object's data key as the caller, so a reader needs `kms:Decrypt`. */
export async function openEncryption(encryption: Encryption, bucket: Bucket, call: S3Call): Promise<void> {
  if (encryption.algorithm === "AES256") return;
  await (encryption.bucketKey ? askOnce : kms)(call, bucket, "Decrypt", {
    CiphertextBlob: encryption.dataKey,
    EncryptionContext: encryption.context,
    KeyId: encryption.keyArn,
  });
}

export const encryptionOutput = (encryption: Encryption) =>
  encryption.algorithm === "AES256"
    ? { ServerSideEncryption: encryption.algorithm }
    : {
        ServerSideEncryption: encryption.algorithm,
        SSEKMSKeyId: encryption.keyArn,
        ...(encryption.bucketKey && { BucketKeyEnabled: true }),
      };

/** With a bucket key, KMS answers for many objects. */
const askOnce = <Result>(call: S3Call, bucket: Bucket, operation: string, input: object): Promise<Result> =>
  globalStateOf(call).bucketKeys.once(
    {
      ...{ requester: call.principal, bucketId: bucket.id, now: call.cloud.clock.now() },
      asked: [operation, ...Object.values(input).map(asText)],
    },
    () => kms(call, bucket, operation, input),
  );

const asText = (value: unknown): unknown =>
  value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value;

/** `$via` tells KMS that S3 makes this call for its caller (`kms:ViaService`). A client cannot set it. */
async function kms<Result>(call: S3Call, bucket: Bucket, operation: string, input: object): Promise<Result> {
  const { principal, cloud } = call;
  try {
    return await cloud.invoke<Result>({
      service: "kms",
      operation,
      input: { ...input, $via: `s3.${bucket.region}.amazonaws.com` },
      principal,
      ...(!("account" in principal) && { account: bucket.account }),
      region: bucket.region,
    });
  } catch (error) {
    if (!isAwsError(error)) throw error;
    if (error.code === "AccessDeniedException") throw new AwsError("AccessDenied", error.message, 403);
    if (/^(NotFound|Disabled|KMSInvalidState|InvalidKeyUsage|KeyUnavailable|InvalidArn)/.test(error.code))
      throw new AwsError(`KMS.${error.code}`, error.message);
    throw error;
  }
}

function readContext(header: string | undefined): Record<string, string> {
  if (header === undefined) return {};
  try {
    return JSON.parse(Buffer.from(header, "base64").toString("utf8")) as Record<string, string>;
  } catch {
    throw invalidArgument(
      "The encryption context is not valid base64 of a JSON object.",
      "x-amz-server-side-encryption-context",
    );
  }
}
