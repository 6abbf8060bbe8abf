/** Checks the caller's permissions on the KMS key of an encrypted queue when it sends or receives. */
import { AwsError, isAwsError } from "#cloud/kernel/aws-error.ts";
import type { Call } from "#cloud/kernel/service.ts";
import type { Queue, SqsState } from "./state.ts";

/** Sending needs `kms:GenerateDataKey`; receiving needs `kms:Decrypt`. */
export async function useKey(queue: Queue, purpose: "send" | "receive", call: Call<SqsState>): Promise<void> {
  const keyId = queue.attributes["KmsMasterKeyId"];
  if (keyId === undefined || keyId === "alias/aws/sqs") return;
  const context = { "aws:sqs:arn": queue.arn };
  const kms = <Result>(operation: string, input: unknown, principal = call.principal): Promise<Result> =>
    call.cloud.invoke<Result>({
      service: "kms",
      operation,
      input,
      principal,
      account: queue.account,
      region: call.region,
    });
  try {
    const { CiphertextBlob } = await kms<{ CiphertextBlob: Uint8Array }>(
      "GenerateDataKey",
      { KeyId: keyId, KeySpec: "AES_256", EncryptionContext: context },
      purpose === "send"
        ? call.principal
        : { kind: "account", account: queue.account, arn: `arn:aws:iam::${queue.account}:root` },
    );
    if (purpose === "receive") await kms("Decrypt", { CiphertextBlob, EncryptionContext: context });
  } catch (error) {
    throw asQueueError(error);
  }
}

function asQueueError(error: unknown): unknown {
  if (!isAwsError(error)) return error;
  const code = {
    AccessDeniedException: "KmsAccessDenied",
    NotFoundException: "KmsNotFound",
    DisabledException: "KmsDisabled",
    KMSInvalidStateException: "KmsInvalidState",
    InvalidKeyUsageException: "KmsInvalidKeyUsage",
  }[error.code];
  return code === undefined ? error : new AwsError(code, error.message);
}
