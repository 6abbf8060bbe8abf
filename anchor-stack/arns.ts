/** Builds ARNs of the anchor's own account, and grants that several of its roles need. */
import { Aws } from "aws-cdk-lib/core";
import { bucketArn } from "#constructs/bucket.ts";
import { allow, type Grant } from "#constructs/statements.ts";
import { folders, metrics, pipelinePrefix, roles } from "#release/names/deployed-names.ts";
import type { Cache } from "./cache.ts";

export const here = (service: string, resource: string): string =>
  `arn:aws:${service}:${Aws.REGION}:${Aws.ACCOUNT_ID}:${resource}`;
/** Only for denials and boundaries, never for grants. */
export const inAnyRegion = (service: string, resource: string): string =>
  `arn:aws:${service}:*:${Aws.ACCOUNT_ID}:${resource}`;
export const ownRole = (name: string): string => `arn:aws:iam::${Aws.ACCOUNT_ID}:role/${name}`;

export const pipelines = here("codepipeline", `${pipelinePrefix}*`);
const pipelineStacks = here("cloudformation", `stack/${pipelinePrefix}*/*`);
const everyLine =
  "Uploads create lines, so their names are not known in advance; their resources share the prefix kedge-line-.";

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

/** Lets a Lambda answer a job of CodePipeline; IAM has no resources for these actions. */
export const answerJobs = allow(
  ["codepipeline:PutJobSuccessResult", "codepipeline:PutJobFailureResult"],
  ["*"],
  { because: "A job has no ARN: IAM offers no resource for these two actions." },
);

export const countMetrics = allow(["cloudwatch:PutMetricData"], ["*"], {
  when: { StringEquals: { "cloudwatch:namespace": metrics.namespace } },
  because: "IAM offers no resource for PutMetricData; the condition names the namespace.",
});

export const decrypt = (cache: Cache): Grant => allow(["kms:Decrypt"], [cache.keyArn]);
export const encryptAndDecrypt = (cache: Cache): Grant =>
  allow(["kms:Decrypt", "kms:GenerateDataKey"], [cache.keyArn]);

/** An ARN for each target would take three times the characters of the accounts' ids. */
export const assumeDeployRoles = (targetAccounts: readonly string[]): Grant =>
  allow(["sts:AssumeRole"], [`arn:aws:iam::*:role/${roles.deploy}`], {
    when: { StringEquals: { "aws:ResourceAccount": targetAccounts } },
    because: "The condition lists the accounts of the targets.",
  });

/** Reads this account's uploads in the central bucket, by version. */
export const readUploads = (artifactBucket: string, ...actions: readonly string[]): Grant =>
  allow(
    ["s3:GetObjectVersion", ...actions.map((action) => `s3:${action}`)],
    [`${bucketArn(artifactBucket)}/${Aws.ACCOUNT_ID}/*`],
    { because: "The account's own prefix: an upload creates its application and its branch." },
  );

/** The reviews of this account's gated environments in the central bucket. */
export const onReviews = (artifactBucket: string, ...actions: readonly string[]): Grant =>
  allow(
    actions.map((action) => `s3:${action}`),
    [`${bucketArn(artifactBucket)}/${folders.reviews}${Aws.ACCOUNT_ID}/*`],
    { because: "The reviews of this account's releases: each execution has its own." },
  );

const onPeople = (artifactBucket: string, actions: readonly string[], names: string): Grant =>
  allow(
    actions.map((action) => `s3:${action}`),
    [`${bucketArn(artifactBucket)}/${folders.people}${Aws.ACCOUNT_ID}/${names}*`],
    { because: "The ids and names of this account's people: a key is an id, or the hash of a name." },
  );

/** Gives an id to a person without one. */
export const recordPeople = (artifactBucket: string): Grant =>
  onPeople(artifactBucket, ["GetObject", "PutObject"], "");
/** Finds the id of a person by the name. */
export const findPeople = (artifactBucket: string): Grant => onPeople(artifactBucket, ["GetObject"], "keys/");
/** Reads a name by its id. */
export const readNames = (artifactBucket: string): Grant => onPeople(artifactBucket, ["GetObject"], "p-");
export const listPeople = (artifactBucket: string): Grant =>
  listBelow(artifactBucket, `${folders.people}${Aws.ACCOUNT_ID}/*`);

export const readResults = (artifactBucket: string): Grant =>
  allow(["s3:GetObject"], [`${bucketArn(artifactBucket)}/${folders.results}${Aws.ACCOUNT_ID}/*`], {
    because: "The results of this account's uploads: each upload has its own object.",
  });
export const listResults = (artifactBucket: string): Grant =>
  listBelow(artifactBucket, `${folders.results}${Aws.ACCOUNT_ID}/*`);

/** Reads the uploader of each version. */
export const readUploaders = (artifactBucket: string): Grant =>
  allow(["s3:GetObject"], [`${bucketArn(artifactBucket)}/${folders.uploads}${Aws.ACCOUNT_ID}/*`], {
    because: "The records of this account's uploads mirror the keys of the uploads.",
  });
export const listUploaders = (artifactBucket: string): Grant =>
  listBelow(artifactBucket, `${folders.uploads}${Aws.ACCOUNT_ID}/*`);

/** Without s3:ListBucket, S3 answers 403 for a missing object (S3 API Reference, GetObject). */
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
    { because: "The published estate and release templates: their keys contain versions and digests." },
  );

export const inCache = (cache: Cache, actions: readonly string[], prefix: string, because: string): Grant =>
  allow(
    actions.map((action) => `s3:${action}`),
    [`${cache.arn}/${prefix}*`],
    { because },
  );

/** The locks of gated environments, below the folders of their lines. */
export const onLocks = (cache: Cache): Grant =>
  allow(["s3:GetObject", "s3:PutObject"], [`${cache.arn}/${folders.lines}*/locks/*`], {
    because: "Each gated environment of a line has a lock, which the first release to it creates.",
  });

/**
 * Lists the whole bucket, which belongs to the anchor: AWS does not document whether a missing object gets a
 * 404 when the right to list depends on a prefix, and Kedge often asks for assets that are not there yet.
 */
export const listCache = (cache: Cache): Grant => allow(["s3:ListBucket"], [cache.arn]);
/** For roles that remove objects version by version. */
export const listCacheVersions = (cache: Cache): Grant => allow(["s3:ListBucketVersions"], [cache.arn]);
