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
import { accessLogBucket, artifactBucket, registryBucket } from "#release/names/deployed-names.ts";
import { anchorStatements } from "./anchor-statements.ts";
import { ofUploads, retention } from "./artifact-retention.ts";
import type { ControlPlaneEstate } from "./properties.ts";

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
      statements: [
        {
          Sid: "VersionsStay",
          Effect: "Deny",
          Principal: { AWS: "*" },
          Action: ["s3:DeleteObjectVersion"],
          Resource: [`${bucketArn(name)}/*`],
        },
        ...anchorStatements(bucketArn(name), estate),
      ],
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

/** Keeps the bucket when the stack is deleted, because uploads must outlive it. */
export function keep(made: CfnBucket): CfnBucket {
  made.cfnOptions.deletionPolicy = CfnDeletionPolicy.RETAIN;
  made.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
  return made;
}
