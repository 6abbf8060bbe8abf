/**
 * Creates the Lambda that publishes estates and release templates. People invoke it, and only its role writes the
 * published estate and the modules of release templates.
 */
import { Asset } from "aws-cdk-lib/aws-s3-assets";
import type { Construct } from "constructs";
import { bucketArn } from "#constructs/bucket.ts";
import { lambda } from "#constructs/lambda.ts";
import { allow } from "#constructs/statements.ts";
import { folders, functions, registryBucket } from "#release/names/deployed-names.ts";
import { registryKeys } from "#release/names/registry-keys.ts";
import type { ControlPlaneEstate, LambdaBundle } from "./properties.ts";

export function publication(
  scope: Construct,
  { estate, publish }: { readonly estate: ControlPlaneEstate; readonly publish: LambdaBundle },
): void {
  const name = registryBucket(estate.central, estate.region);
  const registry = bucketArn(name);
  const code = new Asset(scope, "PublishCode", { path: publish.zip });
  lambda(scope, "Publish", {
    name: functions.publish,
    description: "Publishes estates and release templates that people have signed",
    code: { s3Bucket: code.s3BucketName, s3Key: code.s3ObjectKey },
    memory: 256,
    timeoutSeconds: 30,
    environment: { CENTRAL_ACCOUNT: estate.central, REGISTRY_BUCKET: name },
    grants: [
      allow(["s3:GetObject", "s3:PutObject"], [`${registry}/${registryKeys.estate}`]),
      allow(["s3:GetObject", "s3:PutObject"], [`${registry}/${folders.templates}*.mjs`], {
        because: "The keys of modules have the names, versions and digests of the release templates.",
      }),
      allow(["s3:GetObject"], [`${registry}/${folders.proposals}*`], {
        because:
          "The keys of proposals have the digests of the estates and modules, and the ids of the people.",
      }),
      // Without s3:ListBucket, S3 answers 403 for a missing object (S3 API Reference, GetObject).
      allow(["s3:ListBucket"], [registry]),
    ],
  });
}
