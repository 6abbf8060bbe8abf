/**
 * The anchor's cache: one bucket under one key. It holds the lines' release bundles, the parts of artifacts by digest,
 * and what CodePipeline hands from action to action; target accounts read it, and read nothing else here. Every other
 * region that environments are in has one like it, under a copy of the same key.
 */
import { CfnAlias, CfnKey, CfnReplicaKey } from "aws-cdk-lib/aws-kms";
import { Aws, CfnDeletionPolicy, type IResolvable, Validations } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { bucket, bucketArn, oldVersions } from "#constructs/bucket.ts";
import { around } from "#constructs/lists.ts";
import { policyDocument, roleInTheirAccount, rootOf, type Statement } from "#constructs/statements.ts";
import {
  applicationPrefix,
  cacheBucket,
  cacheKeyAlias,
  folders,
  pipelinePrefix,
  roles,
} from "#release/names/deployed-names.ts";
import { handedToBuilds, madeByBuilds } from "./build-artifacts.ts";

export type Cache = { readonly name: string; readonly arn: string; readonly keyArn: string };

/** An old bundle is of use as long as its execution can be retried or rolled back to. */
const noncurrentDays = 90;
/** CodePipeline writes its artifacts anew in each execution; an approval may wait sixty days at most. */
const pipelineArtifactDays = 180;
/** S3 and CodePipeline use the key in the name of the roles; the five actions CodePipeline's guide asks for. */
export const keyUse = [
  "kms:Decrypt",
  "kms:Encrypt",
  "kms:ReEncryptFrom",
  "kms:ReEncryptTo",
  "kms:GenerateDataKey",
  "kms:DescribeKey",
] as const;

/** `multiRegion`: the environments are in other regions, too. KMS never changes a key in this. */
export function cache(scope: Construct, targetAccounts: readonly string[], multiRegion: IResolvable): Cache {
  const targetRoots = around("arn:aws:iam::", targetAccounts, ":root");
  const key = new CfnKey(scope, "CacheKey", {
    description: "Kedge: encrypts the cache of this anchor",
    multiRegion,
    enableKeyRotation: true,
    pendingWindowInDays: 30,
    keyPolicy: policyDocument(keyStatements(targetRoots)),
  });
  return cacheUnder(scope, key, targetRoots);
}

/** The cache of another region: the key's copy there has the same id, so whoever knows the one ARN knows the other. */
export function regionalCache(
  scope: Construct,
  primaryKeyArn: string,
  targetAccounts: readonly string[],
): Cache {
  const targetRoots = around("arn:aws:iam::", targetAccounts, ":root");
  const key = new CfnReplicaKey(scope, "CacheKey", {
    description: "Kedge: encrypts the cache of this anchor in this region",
    primaryKeyArn,
    pendingWindowInDays: 30,
    keyPolicy: policyDocument(keyStatements(targetRoots)),
  });
  return cacheUnder(scope, key, targetRoots);
}

function cacheUnder(scope: Construct, key: CfnKey | CfnReplicaKey, targetRoots: readonly string[]): Cache {
  new CfnAlias(scope, "CacheKeyAlias", { aliasName: cacheKeyAlias, targetKeyId: key.attrKeyId });
  const name = cacheBucket(Aws.ACCOUNT_ID, Aws.REGION);
  const arn = bucketArn(name);
  const made = bucket(scope, "Cache", {
    name,
    encryption: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key.attrArn },
    lifecycle: [
      oldVersions(noncurrentDays),
      {
        id: "marks",
        status: "Enabled",
        prefix: folders.governor,
        noncurrentVersionExpiration: { noncurrentDays: 1 },
      },
      {
        id: "pipeline-artifacts",
        status: "Enabled",
        prefix: pipelinePrefix,
        expirationInDays: pipelineArtifactDays,
      },
    ],
    statements: bucketStatements(arn, targetRoots),
  });
  // A cache can be filled again: whoever removes the anchor empties it first, and no leftover blocks a new one.
  made.cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;
  made.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
  Validations.of(made).acknowledge({
    id: "AwsSolutions-S1",
    reason:
      "Holds copies addressed by digest, made from uploads whose access is logged in the central account; a log bucket in each anchor would outlive it.",
  });
  return { name, arn, keyArn: key.attrArn };
}

function bucketStatements(arn: string, targetRoots: readonly string[]): readonly Statement[] {
  return [
    {
      Sid: "TargetsReadParts",
      Effect: "Allow",
      Principal: { AWS: targetRoots },
      Action: ["s3:GetObject"],
      Resource: [`${arn}/${folders.parts}*`],
      Condition: {
        ArnEquals: { "aws:PrincipalArn": [roles.cloudformation, roles.deploy].map(roleInTheirAccount) },
      },
    },
    {
      Sid: "TargetsReadPipelineArtifacts",
      Effect: "Allow",
      Principal: { AWS: targetRoots },
      Action: ["s3:GetObject", "s3:GetObjectVersion"],
      Resource: [`${arn}/${pipelinePrefix}*`],
      Condition: { ArnEquals: { "aws:PrincipalArn": [roleInTheirAccount(roles.deploy)] } },
    },
    {
      Sid: "TargetsBuild",
      Effect: "Allow",
      Principal: { AWS: targetRoots },
      Action: ["s3:GetObject", "s3:GetObjectVersion"],
      Resource: [`${folders.parts}*`, ...handedToBuilds].map((name) => `${arn}/${name}`),
      Condition: { ArnLike: { "aws:PrincipalArn": [roleInTheirAccount(`${applicationPrefix}*`)] } },
    },
    {
      Sid: "TargetsHandOnPlans",
      Effect: "Allow",
      Principal: { AWS: targetRoots },
      Action: ["s3:PutObject"],
      Resource: [`${arn}/${madeByBuilds}`],
      Condition: { ArnLike: { "aws:PrincipalArn": [roleInTheirAccount(`${applicationPrefix}*`)] } },
    },
    {
      // CodePipeline asks where the bucket is before it reads an artifact in the name of the target's role.
      Sid: "TargetsLocateTheBucket",
      Effect: "Allow",
      Principal: { AWS: targetRoots },
      Action: ["s3:GetBucketLocation", "s3:GetBucketVersioning"],
      Resource: [arn],
      Condition: { ArnEquals: { "aws:PrincipalArn": [roleInTheirAccount(roles.deploy)] } },
    },
  ];
}

function keyStatements(targetRoots: readonly string[]): readonly Statement[] {
  return [
    {
      Sid: "AccountDecidesByItsOwnPolicies",
      Effect: "Allow",
      Principal: { AWS: rootOf(Aws.ACCOUNT_ID) },
      Action: ["kms:*"],
      Resource: ["*"],
    },
    {
      Sid: "TargetsDecrypt",
      Effect: "Allow",
      Principal: { AWS: targetRoots },
      Action: ["kms:Decrypt", "kms:DescribeKey"],
      Resource: ["*"],
      Condition: {
        ArnEquals: { "aws:PrincipalArn": [roles.cloudformation, roles.deploy].map(roleInTheirAccount) },
      },
    },
    {
      Sid: "TargetsBuild",
      Effect: "Allow",
      Principal: { AWS: targetRoots },
      Action: ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"],
      Resource: ["*"],
      Condition: { ArnLike: { "aws:PrincipalArn": [roleInTheirAccount(`${applicationPrefix}*`)] } },
    },
  ];
}
