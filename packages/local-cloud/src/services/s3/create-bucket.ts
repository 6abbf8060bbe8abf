/**
 * CreateBucket makes a bucket. Its name must be unused in all accounts (S3 User Guide, "General purpose
 * bucket naming rules").
 */
import { randomUUID } from "node:crypto";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { checkBucketName } from "./bucket-name.ts";
import { aclsNotSupported, invalidRequest } from "./errors.ts";
import { bucketArn } from "./find-bucket.ts";
import { globalStateOf, type S3Operation } from "./state.ts";

export const createBucket: S3Operation<"CreateBucket"> = {
  access: ({ Bucket: name = "", CreateBucketConfiguration: config, ACL }) => ({
    action: "s3:CreateBucket",
    resource: bucketArn(name),
    context: { "s3:locationconstraint": config?.LocationConstraint, "s3:x-amz-acl": ACL },
  }),
  run: (input, call) => {
    const name = checkBucketName(input.Bucket ?? "");
    const { principal, account, region } = call;
    if (principal.kind === "anonymous" || account === "")
      throw new AwsError("AccessDenied", "Access Denied", 403);
    const location = locationOf(input.CreateBucketConfiguration?.LocationConstraint, region);
    const ownership = input.ObjectOwnership ?? "BucketOwnerEnforced";
    if (input.ACL !== undefined && input.ACL !== "private" && ownership === "BucketOwnerEnforced")
      throw aclsNotSupported();
    if (input.ObjectLockEnabledForBucket)
      throw new AwsError("NotImplemented", "Object Lock is not implemented in the embedded cloud.", 501);
    const { buckets } = globalStateOf(call);
    const owner = buckets.get(name)?.account;
    if (owner !== undefined && owner !== account)
      throw new AwsError(
        "BucketAlreadyExists",
        "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.",
        409,
        { BucketName: name },
      );
    // In us-east-1 a second CreateBucket of the owner succeeds, for old clients. (S3 API Reference,
    // CreateBucket)
    if (owner !== undefined && region !== "us-east-1")
      throw new AwsError(
        "BucketAlreadyOwnedByYou",
        "Your previous request to create the named bucket succeeded and you already own it.",
        409,
        { BucketName: name },
      );
    if (owner === undefined) {
      buckets.set(name, {
        name,
        id: randomUUID(),
        account,
        region: location,
        createdAt: call.clock.now(),
        tags: input.CreateBucketConfiguration?.Tags ?? [],
        encryption: {
          Rules: [
            { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" }, BucketKeyEnabled: false },
          ],
        },
        ownership: { Rules: [{ ObjectOwnership: ownership }] },
        publicAccess: {
          BlockPublicAcls: true,
          IgnorePublicAcls: true,
          BlockPublicPolicy: true,
          RestrictPublicBuckets: true,
        },
        notifications: {},
      });
    }
    return {
      Location: region === "us-east-1" ? `/${name}` : `http://${name}.s3.amazonaws.com/`,
      BucketArn: bucketArn(name),
    };
  },
};

/** The endpoint of us-east-1 makes buckets in each region (S3 User Guide, "Creating a general purpose bucket"). */
function locationOf(location: string | undefined, region: string): string {
  const asked = location === "EU" ? "eu-west-1" : location;
  if (asked === region && region !== "us-east-1") return asked;
  if (asked === undefined && region === "us-east-1") return region;
  if (asked === "us-east-1" || asked === "")
    throw new AwsError("InvalidLocationConstraint", "The specified location-constraint is not valid", 400, {
      LocationConstraint: asked,
    });
  if (region === "us-east-1" && asked !== undefined) {
    if (/^[a-z]{2}(-[a-z]+)+-\d$/.test(asked)) return asked;
    throw invalidRequest(`The specified location-constraint ${asked} is not valid`);
  }
  throw new AwsError(
    "IllegalLocationConstraintException",
    `The ${asked ?? "unspecified"} location constraint is incompatible for the region specific endpoint this request was sent to.`,
  );
}
