/** Creates the registry bucket: estate, release templates and Lambda code, which the anchors read. */
import type { CfnBucket } from "aws-cdk-lib/aws-s3";
import type { Construct } from "constructs";
import { bucket, bucketArn, oldVersions } from "#constructs/bucket.ts";
import { roleInTheirAccount, rootOf } from "#constructs/statements.ts";
import { folders, registryBucket, roles } from "#release/names/deployed-names.ts";
import { keep } from "./artifact-bucket.ts";
import type { ControlPlaneEstate } from "./properties.ts";

const readers = [
  roles.reconcile,
  roles.observe,
  roles.package,
  roles.prepare,
  roles.smoke,
  roles.site,
  roles.sweep,
];

export function registry(scope: Construct, estate: ControlPlaneEstate, logs: CfnBucket): CfnBucket {
  const name = registryBucket(estate.central, estate.region);
  const arn = bucketArn(name);
  const anchors = estate.anchors.map(({ account }) => rootOf(account));
  return keep(
    bucket(scope, "Registry", {
      name,
      encryption: { sseAlgorithm: "AES256" },
      lifecycle: [oldVersions(365)],
      more: { loggingConfiguration: { destinationBucketName: logs.ref, logFilePrefix: "registry/" } },
      statements:
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
            ],
    }),
  );
}
