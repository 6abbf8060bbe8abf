/**
 * Creates a bucket like all buckets of Kedge: versioned, private, with objects of the bucket owner, and
 * without expiry unless it is given.
 */
import { CfnBucket, CfnBucketPolicy, type CfnBucketProps } from "aws-cdk-lib/aws-s3";
import { Fn } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { denyInsecureTransport, policyDocument, type Statement } from "./statements.ts";

type BucketProps = {
  readonly name: string;
  readonly encryption: { readonly sseAlgorithm: "AES256" | "aws:kms"; readonly kmsMasterKeyId?: string };
  readonly lifecycle: readonly CfnBucket.RuleProperty[];
  readonly statements: readonly Statement[];
  readonly more?: Pick<CfnBucketProps, "notificationConfiguration" | "loggingConfiguration">;
};

export function bucket(scope: Construct, id: string, props: BucketProps): CfnBucket {
  const made = new CfnBucket(scope, id, {
    bucketName: props.name,
    versioningConfiguration: { status: "Enabled" },
    bucketEncryption: {
      serverSideEncryptionConfiguration: [
        {
          serverSideEncryptionByDefault: props.encryption,
          ...(props.encryption.sseAlgorithm === "aws:kms" && { bucketKeyEnabled: true }),
        },
      ],
    },
    publicAccessBlockConfiguration: {
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    ownershipControls: { rules: [{ objectOwnership: "BucketOwnerEnforced" }] },
    lifecycleConfiguration: { rules: [...props.lifecycle] },
    ...props.more,
  });
  new CfnBucketPolicy(scope, `${id}Policy`, {
    bucket: Fn.ref(made.logicalId),
    policyDocument: policyDocument([denyInsecureTransport(made.attrArn), ...props.statements]),
  });
  return made;
}

export const bucketArn = (name: string): string => `arn:aws:s3:::${name}`;

/** Noncurrent versions and parts of incomplete uploads cost money until a lifecycle rule removes them. */
export const oldVersions = (noncurrentDays: number): CfnBucket.RuleProperty => ({
  id: "old-versions",
  status: "Enabled",
  noncurrentVersionExpiration: { noncurrentDays },
  abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
});
