/**
 * Defines the grants for sites in a target account: distributions that CloudFormation creates, and files that
 * the anchor publishes.
 */
import { Aws } from "aws-cdk-lib/core";
import { allow, type Grant } from "#constructs/statements.ts";
import { applicationPrefix } from "#release/names/deployed-names.ts";

const cloudfront = (resource: string): string => `arn:aws:cloudfront::${Aws.ACCOUNT_ID}:${resource}`;
const randomIds = "CloudFront gives its resources random ids.";

/** The grants of the execution role. */
export const makeDistributions: readonly Grant[] = [
  allow(
    [
      "CreateDistribution",
      "GetDistribution",
      "GetDistributionConfig",
      "UpdateDistribution",
      "DeleteDistribution",
      "TagResource",
      "UntagResource",
      "ListTagsForResource",
    ].map((action) => `cloudfront:${action}`),
    [cloudfront("distribution/*")],
    { because: randomIds },
  ),
  allow(
    [
      "CreateOriginAccessControl",
      "GetOriginAccessControl",
      "UpdateOriginAccessControl",
      "DeleteOriginAccessControl",
    ].map((action) => `cloudfront:${action}`),
    [cloudfront("origin-access-control/*")],
    { because: randomIds },
  ),
];

/** The grants of the deploy role. */
export const publishSites: readonly Grant[] = [
  allow(["s3:ListBucket"], [`arn:aws:s3:::${applicationPrefix}*`], {
    because: "CloudFormation names a site's bucket after its stack, with the prefix kedge-app-.",
  }),
  allow(
    ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
    [`arn:aws:s3:::${applicationPrefix}*/*`],
    { because: "CloudFormation names a site's bucket after its stack, with the prefix kedge-app-." },
  ),
  allow(["cloudfront:CreateInvalidation"], [cloudfront("distribution/*")], { because: randomIds }),
];
