/**
 * Copies the templates of product versions to the service's own bucket. Launch roles read the bucket with the
 * tag `servicecatalog:provisioning` (Service Catalog admin guide, "launch constraints").
 */
import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { isAwsError } from "#cloud/kernel/aws-error.ts";
import { accountRoot } from "#cloud/kernel/principal.ts";
import { s3Location } from "#cloud/wire/s3-location.ts";
import { type CatalogCall, invalid } from "./catalog.ts";
import { serviceAccount } from "./state.ts";

/** Reads the template at `url` as the caller, copies it, and returns the URL of the copy. */
export async function keepTemplate(call: CatalogCall, url: string): Promise<string> {
  const location = s3Location(url);
  if (location === undefined) throw invalid(`Invalid templateUrl. ${url} is not an S3 URL.`);
  const { Body } = await call.cloud
    .invoke<{ Body: Readable | Uint8Array }>({
      service: "s3",
      operation: "GetObject",
      input: { Bucket: location.bucket, Key: location.key, VersionId: location.versionId },
      principal: call.principal,
      region: call.region,
    })
    .catch((error: unknown) => {
      if (isAwsError(error))
        throw invalid(`Invalid templateUrl. Cannot access S3 file in ${location.bucket}: ${error.message}`);
      throw error;
    });
  const bytes = Body instanceof Uint8Array ? Buffer.from(Body) : await buffer(Body);
  await validate(call, bytes.toString("utf8"));
  return storeTemplate(call, bytes);
}

async function validate(call: CatalogCall, text: string): Promise<void> {
  try {
    await call.cloud.invoke({
      service: "cloudformation",
      operation: "GetTemplateSummary",
      input: { TemplateBody: text },
      principal: accountRoot(serviceAccount),
      region: call.region,
    });
  } catch (error) {
    // The limit for inline templates does not apply, because CloudFormation reads a product's template from
    // S3.
    if (isAwsError(error, "ValidationError") && !/length less than or equal to 51200/.test(error.message))
      throw invalid(`Invalid template: ${error.message}`);
    if (!isAwsError(error)) throw error;
  }
}

async function storeTemplate(call: CatalogCall, bytes: Buffer): Promise<string> {
  const Bucket = `sc-${serviceAccount}-${call.region}`;
  const as = { principal: accountRoot(serviceAccount), region: call.region };
  const Key = `templates/${createHash("sha256").update(bytes).digest("hex")}.template`;
  const put = () =>
    call.cloud.invoke({
      service: "s3",
      operation: "PutObject",
      input: { Bucket, Key, Body: bytes, Tagging: "servicecatalog:provisioning=true" },
      ...as,
    });
  try {
    await put();
  } catch (error) {
    if (!isAwsError(error, "NoSuchBucket")) throw error;
    await createBucket(call, Bucket, as);
    await put();
  }
  return `https://${Bucket}.s3.${call.region}.amazonaws.com/${Key}`;
}

async function createBucket(
  call: CatalogCall,
  Bucket: string,
  as: { readonly principal: ReturnType<typeof accountRoot>; readonly region: string },
): Promise<void> {
  await call.cloud
    .invoke({ service: "s3", operation: "CreateBucket", input: { Bucket }, ...as })
    .catch((error: unknown) => {
      if (!isAwsError(error, "BucketAlreadyOwnedByYou")) throw error;
    });
  await call.cloud.invoke({ service: "s3", operation: "DeletePublicAccessBlock", input: { Bucket }, ...as });
  const Policy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: "*",
        Action: ["s3:GetObject", "s3:GetObjectTagging"],
        Resource: `arn:aws:s3:::${Bucket}/*`,
        Condition: { StringEquals: { "s3:ExistingObjectTag/servicecatalog:provisioning": "true" } },
      },
    ],
  });
  await call.cloud.invoke({ service: "s3", operation: "PutBucketPolicy", input: { Bucket, Policy }, ...as });
}
