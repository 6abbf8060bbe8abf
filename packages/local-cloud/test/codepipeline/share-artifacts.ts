/** Grants another account access to the artifact bucket and to a new key. */
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { PutBucketPolicyCommand, S3Client } from "@aws-sdk/client-s3";
import type { TestCloud } from "#cloud/testing/cloud.ts";

const allow = (Principal: object, Action: unknown, Resource: unknown) => ({
  Effect: "Allow",
  Principal,
  Action,
  Resource,
});
const policy = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
const root = (account: string) => ({ AWS: `arn:aws:iam::${account}:root` });

/** Returns the key's ARN. */
export async function shareArtifacts(cloud: TestCloud, owner: string, guest: string): Promise<string> {
  const { KeyMetadata } = await cloud.client(KMSClient, owner).send(
    new CreateKeyCommand({
      Policy: policy(
        allow(root(owner), "kms:*", "*"),
        allow(root(guest), ["kms:Decrypt", "kms:DescribeKey"], "*"),
      ),
    }),
  );
  await cloud.client(S3Client, owner).send(
    new PutBucketPolicyCommand({
      Bucket: "artifacts",
      Policy: policy(
        allow(
          root(guest),
          ["s3:GetObject", "s3:ListBucket"],
          ["arn:aws:s3:::artifacts", "arn:aws:s3:::artifacts/*"],
        ),
      ),
    }),
  );
  return KeyMetadata?.Arn ?? "";
}
