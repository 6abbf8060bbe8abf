/**
 * Creates the role that publishes release templates and rolls them out. It writes the registry's index and settings, and
 * signs modules, which `kedge-publish` publishes.
 */
import type { Construct } from "constructs";
import { bucketArn } from "#constructs/bucket.ts";
import { allow, role, rootOf } from "#constructs/statements.ts";
import {
  artifactBucket,
  folders,
  functions,
  queues,
  registryBucket,
  roles,
} from "#release/names/deployed-names.ts";
import { registryKeys } from "#release/names/registry-keys.ts";
import { ofUploads } from "./artifact-retention.ts";
import type { ControlPlaneEstate } from "./properties.ts";

export function publisherRole(scope: Construct, { central, region }: ControlPlaneEstate): void {
  const registry = bucketArn(registryBucket(central, region));
  const artifacts = bucketArn(artifactBucket(central, region));
  role(scope, "TemplatePublisher", {
    name: roles.templatePublisher,
    description:
      "Template publishers assume this role to publish release templates, to see their impact and to roll them out",
    trust: [{ Effect: "Allow", Principal: { AWS: rootOf(central) }, Action: ["sts:AssumeRole"] }],
    grants: [
      allow(["s3:GetObject"], [`${registry}/${folders.templates}*`], {
        because: "Release templates of each name and version. The key of a module is the module's SHA-256.",
      }),
      allow(["s3:PutObject"], [`${registry}/${folders.templates}*.json`], {
        because: "The index, and the settings of each name and version.",
      }),
      allow(["s3:PutObject"], [`${registry}/${registryKeys.allModuleProposals}*/principal/\${aws:userid}`], {
        because: "Modules of each name and version. The last part of the key is the id of the caller.",
      }),
      allow(["lambda:InvokeFunction"], [`arn:aws:lambda:${region}:${central}:function:${functions.publish}`]),
      allow(["s3:GetObject"], [`${registry}/${folders.estate}*`], {
        because: "The folder of the published estate file.",
      }),
      // Without s3:ListBucket, S3 answers 403 for a missing object (S3 API Reference, GetObject).
      allow(["s3:ListBucket"], [registry, artifacts]),
      allow(
        ["s3:GetObject", "s3:GetObjectVersion"],
        [...ofUploads, folders.results].map((prefix) => `${artifacts}/${prefix}*`),
        { because: "The impact of a version depends on every line's artifact and results." },
      ),
      allow(["sqs:SendMessage", "sqs:GetQueueUrl"], [`arn:aws:sqs:${region}:${central}:${queues.intake}`]),
    ],
  });
}
