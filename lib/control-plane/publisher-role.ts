/**
 * Creates the role that publishes release templates and rolls them out. It writes the registry's templates
 * and no other objects.
 */
import type { Construct } from "constructs";
import { bucketArn } from "#constructs/bucket.ts";
import { allow, role, rootOf } from "#constructs/statements.ts";
import { artifactBucket, folders, queues, registryBucket, roles } from "#release/names/deployed-names.ts";
import type { ControlPlaneEstate } from "./properties.ts";

export function publisherRole(scope: Construct, { central, region }: ControlPlaneEstate): void {
  const registry = bucketArn(registryBucket(central, region));
  const artifacts = bucketArn(artifactBucket(central, region));
  role(scope, "TemplatePublisher", {
    name: roles.templatePublisher,
    description: "Publishes release templates, sees what they would change, and rolls them out",
    trust: [{ Effect: "Allow", Principal: { AWS: rootOf(central) }, Action: ["sts:AssumeRole"] }],
    grants: [
      allow(["s3:GetObject", "s3:PutObject"], [`${registry}/${folders.templates}*`], {
        because: "Release templates of any name and version; modules are named by their SHA-256.",
      }),
      allow(["s3:GetObject"], [`${registry}/${folders.estate}*`], {
        because: "The estate file, in whichever form it is published.",
      }),
      // Without s3:ListBucket, S3 answers 403 for a missing object (S3 API Reference, GetObject).
      allow(["s3:ListBucket"], [registry, artifacts]),
      allow(["s3:GetObject", "s3:GetObjectVersion"], [`${artifacts}/*`], {
        because: "The impact of a version is planned from every line's artifact, and told from its results.",
      }),
      allow(["sqs:SendMessage", "sqs:GetQueueUrl"], [`arn:aws:sqs:${region}:${central}:${queues.intake}`]),
    ],
  });
}
