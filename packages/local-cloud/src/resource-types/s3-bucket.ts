/** AWS::S3::Bucket. */
import { type JsonObject, sameJson } from "#cloud/cloudformation/json.ts";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { accountRoot } from "#cloud/kernel/principal.ts";
import type { Provisioned, ResourceContext, ResourceType } from "./resource-type.ts";
import { textOf } from "./resource-type.ts";
import { bucketSettings } from "./s3-bucket-settings.ts";
import { allTags } from "./tag-lists.ts";

const described = (name: string, region: string): Provisioned => ({
  physicalId: name,
  attributes: {
    Arn: `arn:aws:s3:::${name}`,
    DomainName: `${name}.s3.amazonaws.com`,
    DualStackDomainName: `${name}.s3.dualstack.${region}.amazonaws.com`,
    RegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
    WebsiteURL:
      region === "us-east-1"
        ? `http://${name}.s3-website-us-east-1.amazonaws.com`
        : `http://${name}.s3-website.${region}.amazonaws.com`,
  },
});

async function configure(
  name: string,
  properties: JsonObject,
  previous: JsonObject,
  context: ResourceContext,
): Promise<void> {
  for (const setting of bucketSettings) {
    const value = properties[setting.property];
    if (value !== undefined && !sameJson(value, previous[setting.property])) {
      await context.call("s3", setting.put, { Bucket: name, ...setting.input(value) });
    } else if (value === undefined && previous[setting.property] !== undefined) {
      await context.call("s3", setting.remove.operation, { Bucket: name, ...setting.remove.input });
    }
  }
}

async function tag(name: string, properties: JsonObject, context: ResourceContext): Promise<void> {
  const tags = allTags(properties, context);
  if (tags.length > 0)
    await context.call("s3", "PutBucketTagging", { Bucket: name, Tagging: { TagSet: tags } });
  else await context.call("s3", "DeleteBucketTagging", { Bucket: name });
}

/**
 * In us-east-1 S3 lets an owner create a bucket again; CloudFormation does not (S3 API Reference,
 * CreateBucket).
 */
async function rejectExisting(name: string, context: ResourceContext): Promise<void> {
  const owned = await context.cloud
    .invoke({
      service: "s3",
      operation: "HeadBucket",
      input: { Bucket: name },
      principal: accountRoot(context.account),
      region: context.region,
    })
    .then(() => true)
    .catch(() => false);
  if (owned) throw new AwsError("BucketAlreadyOwnedByYou", `${name} already exists`, 409);
}

export const s3Bucket: ResourceType = {
  type: "AWS::S3::Bucket",
  create: async (properties, context) => {
    const name = textOf(properties, "BucketName") ?? context.name({ max: 63, lowerCase: true });
    if (!context.resumed) await rejectExisting(name, context);
    try {
      await context.call("s3", "CreateBucket", {
        Bucket: name,
        ...(context.region === "us-east-1"
          ? {}
          : { CreateBucketConfiguration: { LocationConstraint: context.region } }),
        ...(properties["ObjectLockEnabled"] === undefined
          ? {}
          : { ObjectLockEnabledForBucket: properties["ObjectLockEnabled"] }),
      });
    } catch (error) {
      if (!(context.resumed && error instanceof AwsError && error.code === "BucketAlreadyOwnedByYou"))
        throw error;
    }
    await configure(name, properties, {}, context);
    if (allTags(properties, context).length > 0) await tag(name, properties, context);
    return described(name, context.region);
  },
  update: async (name, properties, previous, context) => {
    await configure(name, properties, previous, context);
    await tag(name, properties, context);
    return described(name, context.region);
  },
  delete: async (name, _properties, context) => {
    await context.call("s3", "DeleteBucket", { Bucket: name });
  },
  permissions: [
    "s3:CreateBucket",
    "s3:DeleteBucket",
    "s3:PutBucketTagging",
    ...bucketSettings.map((setting) => setting.permission),
  ],
};
