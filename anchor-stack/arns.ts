/** ARNs of the anchor's own account, and grants that more than one of its roles needs. */
import { Aws } from "aws-cdk-lib/core";
import { bucketArn } from "#constructs/bucket.ts";
import { allow, type Grant } from "#constructs/statements.ts";
import { folders, pipelinePrefix } from "#release/names/deployed-names.ts";
import type { Cache } from "./cache.ts";

export const here = (service: string, resource: string): string =>
  `arn:aws:${service}:${Aws.REGION}:${Aws.ACCOUNT_ID}:${resource}`;
/** For what caps, and never for what allows. */
export const inAnyRegion = (service: string, resource: string): string =>
  `arn:aws:${service}:*:${Aws.ACCOUNT_ID}:${resource}`;
export const ownRole = (name: string): string => `arn:aws:iam::${Aws.ACCOUNT_ID}:role/${name}`;

export const pipelines = here("codepipeline", `${pipelinePrefix}*`);
const pipelineStacks = here("cloudformation", `stack/${pipelinePrefix}*/*`);
const everyLine = "Lines come and go; all of their resources share the prefix kedge-line-.";

export const onPipelines = (...actions: readonly string[]): Grant =>
  allow(
    actions.map((action) => `codepipeline:${action}`),
    [pipelines],
    { because: everyLine },
  );

export const onPipelineStacks = (...actions: readonly string[]): Grant =>
  allow(
    actions.map((action) => `cloudformation:${action}`),
    [pipelineStacks],
    { because: everyLine },
  );

/** The Lambda's answer to a job of CodePipeline; these actions know no resources. */
export const answerJobs = allow(
  ["codepipeline:PutJobSuccessResult", "codepipeline:PutJobFailureResult"],
  ["*"],
  { because: "Jobs have no ARN: IAM offers no resource for these two actions." },
);

export const decrypt = (cache: Cache): Grant => allow(["kms:Decrypt"], [cache.keyArn]);
export const encryptAndDecrypt = (cache: Cache): Grant =>
  allow(["kms:Decrypt", "kms:GenerateDataKey"], [cache.keyArn]);

export const assumeDeployRoles = (deployRoles: readonly string[]): Grant =>
  allow(["sts:AssumeRole"], deployRoles);

/** This account's uploads in the central bucket, by version. */
export const readUploads = (artifactBucket: string, ...actions: readonly string[]): Grant =>
  allow(
    ["s3:GetObjectVersion", ...actions.map((action) => `s3:${action}`)],
    [`${bucketArn(artifactBucket)}/${Aws.ACCOUNT_ID}/*`],
    { because: "The account's own prefix: its applications and branches are made by uploading." },
  );

/** Without the right to list, S3 answers 403 where an object does not exist. */
export const listUploads = (artifactBucket: string): Grant =>
  listBelow(artifactBucket, `${Aws.ACCOUNT_ID}/*`);
export const listUploadsAndResults = (artifactBucket: string): Grant =>
  listBelow(artifactBucket, `${Aws.ACCOUNT_ID}/*`, `${folders.results}${Aws.ACCOUNT_ID}/*`);

const listBelow = (artifactBucket: string, ...prefixes: readonly string[]): Grant =>
  allow(["s3:ListBucket"], [bucketArn(artifactBucket)], { when: { StringLike: { "s3:prefix": prefixes } } });

export const readRegistry = (registryBucket: string, ...wanted: readonly string[]): Grant =>
  allow(
    ["s3:GetObject"],
    wanted.map((folder) => `${bucketArn(registryBucket)}/${folder}*`),
    { because: "Published estate and release templates; their keys carry versions and digests." },
  );

export const inCache = (cache: Cache, actions: readonly string[], prefix: string, because: string): Grant =>
  allow(
    actions.map((action) => `s3:${action}`),
    [`${cache.arn}/${prefix}*`],
    { because },
  );

/**
 * Of the whole bucket, which is the anchor's own: whether a missing object is answered 404 where the right to list
 * depends on a prefix is not documented, and a part that is not there yet is asked for all the time.
 */
export const listCache = (cache: Cache): Grant => allow(["s3:ListBucket"], [cache.arn]);
/** For whoever removes objects version by version. */
export const listCacheVersions = (cache: Cache): Grant => allow(["s3:ListBucketVersions"], [cache.arn]);
