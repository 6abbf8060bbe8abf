/** An embedded cloud with the buckets, key and roles that the adapters' tests need. */
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  CreateBucketCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { AwsError } from "@kedge/local-cloud/kernel/aws-error";
import { type TestCloud, testCloud } from "@kedge/local-cloud/testing/cloud";

export const anchor = "111111111111";
export const region = "us-east-1";

export type AwsCloud = AsyncDisposable & {
  readonly cloud: TestCloud;
  readonly s3: S3Client;
  readonly config: { readonly region: string; readonly endpoint: string };
  readonly bucket: (name: string) => Promise<string>;
  readonly put: (bucket: string, key: string, body: Uint8Array | string) => Promise<string>;
  readonly versions: (bucket: string, prefix: string) => Promise<number>;
  readonly key: () => Promise<string>;
  readonly role: (account: string, name: string, principal: object) => Promise<void>;
  /** Throttles every call of the operation from now on. */
  readonly throttle: (operation: string) => void;
};

const everything = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
};

export async function awsCloud(): Promise<AwsCloud> {
  const cloud = await testCloud({ pace: { poll: 2, resource: 1 } });
  const s3 = cloud.client(S3Client, anchor);
  return {
    cloud,
    s3,
    config: { region, endpoint: cloud.endpoint },
    bucket: async (Bucket) => {
      await s3.send(new CreateBucketCommand({ Bucket }));
      const VersioningConfiguration = { Status: "Enabled" } as const;
      await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
      return Bucket;
    },
    put: async (Bucket, Key, Body) =>
      (await s3.send(new PutObjectCommand({ Bucket, Key, Body }))).VersionId ?? "",
    versions: async (Bucket, Prefix) => {
      const { Versions = [], DeleteMarkers = [] } = await s3.send(
        new ListObjectVersionsCommand({ Bucket, Prefix }),
      );
      return Versions.length + DeleteMarkers.length;
    },
    key: async () => {
      const { KeyMetadata } = await cloud.client(KMSClient, anchor).send(new CreateKeyCommand({}));
      return KeyMetadata?.Arn ?? "";
    },
    role: async (account, RoleName, Principal) => {
      const iam = cloud.client(IAMClient, account);
      const trust = {
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal }],
      };
      await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(trust) }));
      await iam.send(
        new PutRolePolicyCommand({ RoleName, PolicyName: "p", PolicyDocument: JSON.stringify(everything) }),
      );
    },
    throttle: (operation) => {
      const error = new AwsError("ThrottlingException", "Rate exceeded", 400);
      cloud.cloud().faults.add({ operation, when: "before", error });
    },
    [Symbol.asyncDispose]: () => cloud[Symbol.asyncDispose](),
  };
}
