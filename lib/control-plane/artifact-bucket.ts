/**
 * Creates the central bucket: artifacts below the prefix of their account, and below prefixes of their own the
 * results, the reviews, the records of uploads and the names of people. Its policy is the contract with every
 * anchor: the anchor's CI uploads, its reconcile and package Lambdas read, and no account reads another account's
 * objects.
 */
import type { CfnBucket } from "aws-cdk-lib/aws-s3";
import { CfnDeletionPolicy, Validations } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { bucket, bucketArn, oldVersions } from "#constructs/bucket.ts";
import { roleInTheirAccount, type Statement } from "#constructs/statements.ts";
import {
  accessLogBucket,
  artifactBucket,
  folders,
  registryBucket,
  roles,
} from "#release/names/deployed-names.ts";
import { ofUploads, retention } from "./artifact-retention.ts";
import type { ControlPlaneEstate } from "./properties.ts";

/**
 * S3 replaces the variable with the caller's account, so one statement serves every anchor, each below its
 * own prefix.
 */
const ownPrefix = "${aws:PrincipalAccount}/";
const results = `${folders.results}${ownPrefix}*`;
const reviews = `${folders.reviews}${ownPrefix}*`;
const people = `${folders.people}${ownPrefix}*`;

export function accessLogs(scope: Construct, estate: ControlPlaneEstate): CfnBucket {
  const name = accessLogBucket(estate.central, estate.region);
  const made = bucket(scope, "AccessLogs", {
    name,
    encryption: { sseAlgorithm: "AES256" },
    lifecycle: [oldVersions(30), { id: "a-year", status: "Enabled", expirationInDays: 365 }],
    statements: [
      {
        Sid: "S3WritesItsLogs",
        Effect: "Allow",
        Principal: { Service: "logging.s3.amazonaws.com" },
        Action: ["s3:PutObject"],
        Resource: [`${bucketArn(name)}/*`],
        Condition: {
          StringEquals: { "aws:SourceAccount": estate.central },
          ArnEquals: {
            "aws:SourceArn": [artifactBucket, registryBucket].map((of) =>
              bucketArn(of(estate.central, estate.region)),
            ),
          },
        },
      },
    ],
  });
  Validations.of(made).acknowledge({
    id: "AwsSolutions-S1",
    reason: "This is the bucket the access logs of the others are written to.",
  });
  return keep(made);
}

export function artifacts(
  scope: Construct,
  estate: ControlPlaneEstate,
  { logs, intakeArn }: { readonly logs: CfnBucket; readonly intakeArn: string },
): CfnBucket {
  const name = artifactBucket(estate.central, estate.region);
  return keep(
    bucket(scope, "Artifacts", {
      name,
      // SSE-S3, so that an uploader in another account needs no key.
      encryption: { sseAlgorithm: "AES256" },
      lifecycle: retention(estate.retention),
      statements: statements(
        bucketArn(name),
        estate.anchors.map(({ account }) => account),
      ),
      more: {
        notificationConfiguration: {
          queueConfigurations: ofUploads.map((prefix) => ({
            event: "s3:ObjectCreated:*",
            queue: intakeArn,
            filter: { s3Key: { rules: [{ name: "prefix", value: prefix }] } },
          })),
        },
        loggingConfiguration: { destinationBucketName: logs.ref, logFilePrefix: "artifacts/" },
      },
    }),
  );
}

/**
 * The account's own policies decide which of its principals may upload, as for every shared bucket;
 * `kedge-ci` is the role that Kedge brings. The prefix limits all of them to their account.
 */
const wholeAccount = "whole account";

const condition = (conditions: NonNullable<Statement["Condition"]>): Pick<Statement, "Condition"> =>
  Object.keys(conditions).length === 0 ? {} : { Condition: conditions };

/**
 * Each statement lists the accounts of all anchors, and S3 takes 20 KB of policy. So one statement may allow more
 * than a role needs. Across accounts the policy of the role has to allow a call, too. The id of an
 * account means the same as the ARN of its root (IAM User Guide, "AWS JSON policy elements: Principal") and is shorter.
 */
function statements(arn: string, anchors: readonly string[]): readonly Statement[] {
  const permit = (
    sid: string,
    names: readonly string[] | typeof wholeAccount,
    actions: readonly string[],
    below: readonly string[],
    prefixes?: readonly string[],
  ): Statement => ({
    Sid: sid,
    Effect: "Allow",
    Principal: { AWS: anchors },
    Action: actions.map((action) => `s3:${action}`),
    Resource: prefixes ? [arn] : below.map((prefix) => `${arn}/${prefix}`),
    ...condition({
      ...(names !== wholeAccount && { ArnEquals: { "aws:PrincipalArn": names.map(roleInTheirAccount) } }),
      ...(prefixes && { StringLike: { "s3:prefix": prefixes } }),
    }),
  });
  const {
    reconcile,
    observe,
    package: packages,
    prepare,
    execute,
    smoke,
    sweep,
    site,
    operator,
    approver,
  } = roles;
  return [
    {
      Sid: "VersionsStay",
      Effect: "Deny",
      Principal: { AWS: "*" },
      Action: ["s3:DeleteObjectVersion"],
      Resource: [`${arn}/*`],
    },
    ...(anchors.length === 0
      ? []
      : [
          permit(
            "CiUploads",
            wholeAccount,
            ["PutObject", "AbortMultipartUpload", "ListMultipartUploadParts"],
            [`${ownPrefix}*`],
          ),
          permit("AccountReads", wholeAccount, ["GetObject"], [`${folders.cli}*`, results, reviews]),
          permit("RecordsAreWritten", [reconcile], ["PutObject"], [results, people]),
          permit("ReviewsAreWritten", [prepare], ["PutObject"], [reviews]),
          // The policy of each role allows a part of these reads: approvers read names, for example.
          permit(
            "RecordsAreRead",
            [reconcile, execute, approver, operator],
            ["GetObject"],
            [`${folders.uploads}${ownPrefix}*`, people],
          ),
          permit(
            "ArtifactsAreRead",
            [reconcile, packages, smoke, site],
            ["GetObject", "GetObjectVersion"],
            [`${ownPrefix}*`],
          ),
          permit("HistoryIsRead", [operator], ["GetObjectVersion"], [results]),
          permit("CiListsResults", wholeAccount, ["ListBucket"], [], [results]),
          // DeleteObject without a version id leaves the old versions, and no role may delete versions.
          permit("ResultsAreSweptAway", [sweep], ["DeleteObject"], [results]),
          permit(
            "AnchorLists",
            [reconcile, observe, sweep, operator, execute],
            ["ListBucket", "ListBucketVersions"],
            [],
            [`${ownPrefix}*`, results, `${folders.uploads}${ownPrefix}*`, people],
          ),
        ]),
  ];
}

/** Keeps the bucket when the stack is deleted, because uploads must outlive it. */
export function keep(made: CfnBucket): CfnBucket {
  made.cfnOptions.deletionPolicy = CfnDeletionPolicy.RETAIN;
  made.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
  return made;
}
