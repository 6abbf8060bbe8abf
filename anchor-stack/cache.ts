/**
 * Defines the anchor's cache: one bucket with one KMS key. It holds the lines' release bundles, the assets of
 * artifacts by digest, and CodePipeline's artifacts. Target accounts read the cache and no other resource of
 * the anchor. Every further region of the environments has a cache like this, with a replica of the key.
 */
import { CfnAlias, CfnKey, CfnReplicaKey } from "aws-cdk-lib/aws-kms";
import { Aws, CfnDeletionPolicy, type IResolvable, Validations } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { bucket, bucketArn, oldVersions } from "#constructs/bucket.ts";
import { around } from "#constructs/lists.ts";
import {
  type Condition,
  policyDocument,
  roleInTheirAccount,
  rootOf,
  type Statement,
} from "#constructs/statements.ts";
import {
  applicationPrefix,
  cacheBucket,
  cacheKeyAlias,
  folders,
  handlerPrefix,
  pipelinePrefix,
  roles,
} from "#release/names/deployed-names.ts";
import { handedToBuilds, madeByBuilds, writtenByLambdas } from "./build-artifacts.ts";

export type Cache = { readonly name: string; readonly arn: string; readonly keyArn: string };

/** A retry or a rollback needs the bundle of its old execution. */
const noncurrentDays = 90;
/** CodePipeline writes new artifacts in each execution; an approval may wait sixty days at most. */
const pipelineArtifactDays = 180;
/**
 * S3 and CodePipeline use the key with the roles' rights. CodePipeline's guide asks for these five actions.
 */
export const keyUse = [
  "kms:Decrypt",
  "kms:Encrypt",
  "kms:ReEncryptFrom",
  "kms:ReEncryptTo",
  "kms:GenerateDataKey",
  "kms:DescribeKey",
] as const;

/**
 * `multiRegion`: environments are in other regions too. A KMS key cannot become multi-Region later (KMS
 * Developer Guide, "Multi-Region keys").
 */
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

/** The cache of another region. The replica of the key has the same key id, so one ARN gives the other. */
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
  // The cache can be filled again, so it is deleted with its stack. The operator removes the bucket's policy and
  // empties the bucket first, and no leftover blocks a new anchor.
  made.cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;
  made.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
  Validations.of(made).acknowledge({
    id: "AwsSolutions-S1",
    reason:
      "Holds copies addressed by digest, made from uploads whose access is logged in the central account; a log bucket in each anchor would outlive it.",
  });
  return { name, arn, keyArn: key.attrArn };
}

/**
 * Assets are written once. A delete marker counts as an absent object for a conditional write (S3 User Guide,
 * "Conditional writes"), so no principal deletes one either. Lifecycle rules are not subject to the policy.
 */
const assetsStay = (arn: string): readonly Statement[] => [
  {
    Sid: "PartsAreWrittenOnce",
    Effect: "Deny",
    Principal: "*",
    Action: ["s3:PutObject"],
    Resource: [`${arn}/${folders.assets}*`],
    Condition: {
      Null: { "s3:if-none-match": "true" },
      // Requests for parts of a multipart upload carry no condition; only its completion makes an object.
      Bool: { "s3:ObjectCreationOperation": "true" },
    },
  },
  {
    Sid: "PartsStay",
    Effect: "Deny",
    Principal: "*",
    Action: ["s3:DeleteObject", "s3:DeleteObjectVersion"],
    Resource: [`${arn}/${folders.assets}*`],
  },
];

/**
 * The outputs of our Lambda actions are written once, so each action reads the documents that Execute compared.
 * Reconcile and the sweep delete them version by version with their line.
 */
const outputsStay = (arn: string): readonly Statement[] => {
  const outputs = writtenByLambdas.map((name) => `${arn}/${name}`);
  return [
    {
      Sid: "OutputsAreWrittenOnce",
      Effect: "Deny",
      Principal: "*",
      Action: ["s3:PutObject"],
      Resource: outputs,
      Condition: {
        Null: { "s3:if-none-match": "true" },
        Bool: { "s3:ObjectCreationOperation": "true" },
        // CodePipeline copies the inputs of an action to the action's region with the pipeline's role.
        ArnNotEquals: { "aws:PrincipalArn": `arn:aws:iam::${Aws.ACCOUNT_ID}:role/${roles.pipeline}` },
      },
    },
    {
      Sid: "OutputsStay",
      Effect: "Deny",
      Principal: "*",
      Action: ["s3:DeleteObject", "s3:DeleteObjectVersion"],
      Resource: outputs,
      Condition: {
        ArnNotEquals: {
          "aws:PrincipalArn": [roles.reconcile, roles.sweep].map(
            (name) => `arn:aws:iam::${Aws.ACCOUNT_ID}:role/${name}`,
          ),
        },
      },
    },
  ];
};

/** The roles of builds. The planning role's own policy gives it the prepared artifact alone. */
const buildRoles = [`${applicationPrefix}*`, roles.plan].map(roleInTheirAccount);
const handlerRoles = [roleInTheirAccount(`${handlerPrefix}*`)];
const deployRole = [roleInTheirAccount(roles.deploy)];
const executionRole = [roleInTheirAccount(roles.cloudformation)];

const builds = { ArnLike: { "aws:PrincipalArn": buildRoles } };

/** Roles of other accounts than the anchor's, except these. The own policies of the anchor's roles decide for them. */
const otherTargetRolesThan = (...wanted: readonly (readonly string[])[]): Condition => ({
  ...(wanted.length > 0 && { ArnNotLike: { "aws:PrincipalArn": wanted.flat() } }),
  StringNotEquals: { "aws:PrincipalAccount": Aws.ACCOUNT_ID },
});

/**
 * One statement lists the targets, and allows each call that a target makes. The denials leave each role its own calls,
 * and do not grow with the number of targets.
 */
function bucketStatements(arn: string, targetRoots: readonly string[]): readonly Statement[] {
  const assets = `${arn}/${folders.assets}*`;
  const handedOn = handedToBuilds.map((name) => `${arn}/${name}`);
  const plans = `${arn}/${madeByBuilds}`;
  const read = ["s3:GetObject", "s3:GetObjectVersion"];
  // CodePipeline reads the bucket's location with the target's role before it reads an artifact.
  const locate = ["s3:GetBucketLocation", "s3:GetBucketVersioning"];
  return [
    ...assetsStay(arn),
    ...outputsStay(arn),
    {
      Sid: "Targets",
      Effect: "Allow",
      Principal: { AWS: targetRoots },
      Action: [...read, ...locate, "s3:PutObject"],
      Resource: [assets, `${arn}/${pipelinePrefix}*`, arn],
      Condition: {
        ArnLike: { "aws:PrincipalArn": [...executionRole, ...deployRole, ...handlerRoles, ...buildRoles] },
      },
    },
    {
      Sid: "TargetsDeployArtifacts",
      Effect: "Deny",
      Principal: "*",
      Action: [...read, ...locate],
      NotResource: [assets, ...handedOn],
      Condition: otherTargetRolesThan(deployRole),
    },
    {
      Sid: "TargetsBuild",
      Effect: "Deny",
      Principal: "*",
      Action: read,
      Resource: handedOn,
      Condition: otherTargetRolesThan(deployRole, handlerRoles, buildRoles),
    },
    {
      Sid: "TargetsWritePlans",
      Effect: "Deny",
      Principal: "*",
      Action: ["s3:PutObject"],
      NotResource: [plans],
      Condition: otherTargetRolesThan(),
    },
    {
      Sid: "TargetsHandOnPlans",
      Effect: "Deny",
      Principal: "*",
      Action: ["s3:PutObject"],
      Resource: [plans],
      Condition: otherTargetRolesThan(buildRoles),
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
        ArnLike: {
          "aws:PrincipalArn": [...executionRole, ...deployRole, ...handlerRoles],
        },
      },
    },
    {
      Sid: "TargetsBuild",
      Effect: "Allow",
      Principal: { AWS: targetRoots },
      Action: ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"],
      Resource: ["*"],
      Condition: builds,
    },
  ];
}
