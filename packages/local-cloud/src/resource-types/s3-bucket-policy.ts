/** AWS::S3::BucketPolicy. */

import type { JsonObject } from "#cloud/cloudformation/json.ts";
import { policyText } from "./policy-text.ts";
import type { ResourceContext, ResourceType } from "./resource-type.ts";

const put = async (properties: JsonObject, context: ResourceContext) => {
  const Bucket = String(properties["Bucket"]);
  await context.call("s3", "PutBucketPolicy", {
    Bucket,
    Policy: policyText(properties["PolicyDocument"]),
  });
  return { physicalId: Bucket, attributes: {} };
};

export const s3BucketPolicy: ResourceType = {
  type: "AWS::S3::BucketPolicy",
  create: put,
  update: (_id, properties, _previous, context) => put(properties, context),
  delete: async (_id, properties, context) => {
    await context.call("s3", "DeleteBucketPolicy", { Bucket: String(properties["Bucket"]) });
  },
  permissions: ["s3:PutBucketPolicy", "s3:DeleteBucketPolicy"],
};
