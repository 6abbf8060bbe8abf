/** Creates the registry bucket: estate, release templates and Lambda code, which the anchors read. */
import type { CfnBucket } from "aws-cdk-lib/aws-s3";
import type { Construct } from "constructs";
import { bucket, bucketArn, oldVersions } from "#constructs/bucket.ts";
import { roleArn, roleInTheirAccount, type Statement } from "#constructs/statements.ts";
import { folders, registryBucket, roles } from "#release/names/deployed-names.ts";
import { keep } from "./artifact-bucket.ts";
import type { ControlPlaneEstate } from "./properties.ts";
import { publicationStatements } from "./publication-statements.ts";

const readers = [
  roles.reconcile,
  roles.observe,
  roles.package,
  roles.prepare,
  roles.smoke,
  roles.site,
  roles.sweep,
];

/** A proposal is needed until its estate is published. A second person has 30 days to confirm it. */
const oldProposals = {
  id: "old-proposals",
  status: "Enabled",
  prefix: folders.proposals,
  expirationInDays: 30,
  noncurrentVersionExpiration: { noncurrentDays: 1 },
};

export function registry(scope: Construct, estate: ControlPlaneEstate, logs: CfnBucket): CfnBucket {
  const name = registryBucket(estate.central, estate.region);
  const arn = bucketArn(name);
  const anchors = estate.anchors.map(({ account }) => account); // the id means the account's root
  return keep(
    bucket(scope, "Registry", {
      name,
      encryption: { sseAlgorithm: "AES256" },
      lifecycle: [oldVersions(365), oldProposals],
      more: { loggingConfiguration: { destinationBucketName: logs.ref, logFilePrefix: "registry/" } },
      statements: [
        ...publicationStatements(arn, roleArn(estate.central, roles.publish)),
        ...reads(arn, anchors),
      ],
    }),
  );
}

const reads = (arn: string, anchors: readonly string[]): readonly Statement[] =>
  anchors.length === 0
    ? []
    : [
        {
          Sid: "AnchorsReadEstateAndTemplates",
          Effect: "Allow",
          Principal: { AWS: anchors },
          Action: ["s3:GetObject"],
          Resource: [`${arn}/${folders.estate}*`, `${arn}/${folders.templates}*`],
          Condition: { ArnEquals: { "aws:PrincipalArn": readers.map(roleInTheirAccount) } },
        },
        {
          // The role that creates an anchor's functions reads their code: kedge-launch, or the role of
          // a stack set.
          Sid: "AnchorsReadLambdaCode",
          Effect: "Allow",
          Principal: { AWS: anchors },
          Action: ["s3:GetObject"],
          Resource: [`${arn}/${folders.lambdas}*`],
        },
      ];
