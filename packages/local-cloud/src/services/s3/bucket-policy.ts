/** These operations read, check, set and delete a bucket policy, and return whether it is public. */
import { parsePolicy, readJson, statementsOf, strings } from "#cloud/iam/policy-document.ts";
import { AwsError, isAwsError } from "#cloud/kernel/aws-error.ts";
import { principalExists } from "#cloud/kernel/principal-exists.ts";
import { bucketArn, findBucket, onBucket } from "./find-bucket.ts";
import { isPublicPolicy } from "./public-policy.ts";
import { type Bucket, globalStateOf, type S3Call, type S3Operation } from "./state.ts";

const MAX_BYTES = 20_480;

export const getBucketPolicy: S3Operation<"GetBucketPolicy"> = {
  access: onBucket("GetBucketPolicy"),
  run: (input, call) => ({ Policy: policyOf(findBucket(input, call)) }),
};

export const getBucketPolicyStatus: S3Operation<"GetBucketPolicyStatus"> = {
  access: onBucket("GetBucketPolicyStatus"),
  run: (input, call) => ({
    PolicyStatus: { IsPublic: isPublicPolicy(policyOf(findBucket(input, call))) },
  }),
};

export const deleteBucketPolicy: S3Operation<"DeleteBucketPolicy"> = {
  access: onBucket("DeleteBucketPolicy"),
  run: (input, call) => {
    const { policy: _policy, ...bucket } = findBucket(input, call);
    globalStateOf(call).buckets.set(bucket.name, bucket);
    return {};
  },
};

export const putBucketPolicy: S3Operation<"PutBucketPolicy"> = {
  access: onBucket("PutBucketPolicy"),
  run: async (input, call) => {
    const policy = input.Policy ?? "";
    checkPolicy(policy, findBucket(input, call));
    await checkPrincipals(policy, call);
    const bucket = findBucket(input, call);
    if (bucket.publicAccess?.BlockPublicPolicy && isPublicPolicy(policy))
      throw new AwsError(
        "AccessDenied",
        `User: ${"arn" in call.principal ? call.principal.arn : "anonymous"} is not authorized to perform: s3:PutBucketPolicy on resource: "${bucketArn(bucket.name)}" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.`,
        403,
      );
    globalStateOf(call).buckets.set(bucket.name, { ...bucket, policy });
    return {};
  },
};

const policyOf = (bucket: Bucket): string => {
  if (bucket.policy !== undefined) return bucket.policy;
  throw new AwsError("NoSuchBucketPolicy", "The bucket policy does not exist", 404, {
    BucketName: bucket.name,
  });
};

const malformed = (message: string): AwsError => new AwsError("MalformedPolicy", message);

function checkPolicy(policy: string, bucket: Bucket): void {
  if (policy.trim() === "") throw malformed("Policies must be valid JSON and the first byte must be '{'");
  if (Buffer.byteLength(policy) > MAX_BYTES) throw new AwsError("PolicyTooLarge", "The policy is too large.");
  try {
    parsePolicy(policy);
  } catch (cause) {
    if (!isAwsError(cause)) throw cause;
    throw malformed(
      /json/i.test(cause.message)
        ? "Policies must be valid JSON and the first byte must be '{'"
        : cause.message,
    );
  }
  const arn = bucketArn(bucket.name);
  for (const statement of statementsOf(readJson(policy))) {
    if (statement["Principal"] === undefined && statement["NotPrincipal"] === undefined)
      throw malformed("Missing required field Principal");
    const resources = statement["Resource"] ?? statement["NotResource"];
    if (resources === undefined) throw malformed("Missing required field Resource");
    for (const resource of strings(resources))
      if (resource !== arn && !resource.startsWith(`${arn}/`) && !coversWithWildcard(resource, arn))
        throw malformed("Policy has invalid resource");
    for (const action of strings(statement["Action"] ?? statement["NotAction"]))
      if (action !== "*" && !/^s3:[\w*?]+$/i.test(action)) throw malformed("Policy has invalid action");
  }
}

/** A resource with wildcards, such as `arn:aws:s3:::bu*` or `*`, is valid if it can match this bucket. */
const coversWithWildcard = (resource: string, arn: string): boolean => {
  const [bucketPart = ""] = resource.replace(/^arn:aws:s3:::/, "").split("/");
  if (!/[*?]/.test(bucketPart)) return false;
  const pattern = bucketPart
    .split(/([*?])/)
    .map((part) => (part === "*" ? ".*" : part === "?" ? "." : part.replace(/[.+^${}()|[\]\\]/g, "\\$&")))
    .join("");
  return new RegExp(`^${pattern}$`).test(arn.replace("arn:aws:s3:::", ""));
};

/** A policy may only name existing roles and users, because S3 stores their ids. */
async function checkPrincipals(policy: string, call: S3Call): Promise<void> {
  for (const statement of statementsOf(readJson(policy))) {
    const principal = (statement["Principal"] ?? statement["NotPrincipal"]) as { readonly AWS?: unknown };
    for (const arn of principal.AWS === undefined ? [] : strings(principal.AWS))
      if (!(await principalExists(arn, call.cloud, call.region)))
        throw malformed("Invalid principal in policy");
  }
}
