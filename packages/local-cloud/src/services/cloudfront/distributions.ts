/**
 * Checks and records distributions. No edge location serves them, so a new distribution is deployed at once.
 */
import type { DistributionConfig } from "@aws-sdk/client-cloudfront";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import {
  type CloudFrontCall,
  checkEtag,
  type DistributionRow,
  distributionArn,
  findDistribution,
  newId,
  type Op,
} from "./state.ts";

const distributionShape = (call: CloudFrontCall, { id, domain, modified, config }: DistributionRow) => ({
  Id: id,
  ARN: distributionArn(call, id),
  Status: "Deployed",
  LastModifiedTime: new Date(modified),
  InProgressInvalidationBatches: 0,
  DomainName: domain,
  DistributionConfig: config,
});

const answer = (call: CloudFrontCall, row: DistributionRow) => ({
  Distribution: distributionShape(call, row),
  ETag: row.etag,
});

function checkConfig(
  config: Partial<DistributionConfig> | undefined,
  call: CloudFrontCall,
): DistributionConfig {
  const invalid = (message: string): AwsError => new AwsError("InvalidArgument", message, 400);
  const origins = config?.Origins?.Items ?? [];
  if (config === undefined || origins.length === 0)
    throw invalid("The parameter Origins is required and must contain at least one item.");
  const target = config.DefaultCacheBehavior?.TargetOriginId;
  if (!origins.some(({ Id }) => Id === target)) {
    throw new AwsError("NoSuchOrigin", "One or more of your origins or origin groups do not exist.", 404);
  }
  for (const { OriginAccessControlId: id } of origins) {
    if (id && call.state.accessControls.get(id) === undefined)
      throw invalid("The parameter Origin OriginAccessControlId does not exist.");
  }
  if (
    config.DefaultCacheBehavior?.CachePolicyId === undefined &&
    config.DefaultCacheBehavior?.ForwardedValues === undefined
  )
    throw invalid("The parameter ForwardedValues is required.");
  const certificate = config.ViewerCertificate;
  if (
    (config.Aliases?.Quantity ?? 0) > 0 &&
    !certificate?.ACMCertificateArn &&
    !certificate?.IAMCertificateId
  ) {
    throw new AwsError(
      "InvalidViewerCertificate",
      "To add an alternate domain name (CNAME) to a CloudFront distribution, you must attach a trusted certificate that validates your authorization to use the domain name.",
      400,
    );
  }
  return config as DistributionConfig;
}

const createdBy = (reference: string | undefined, call: CloudFrontCall): DistributionRow | undefined =>
  [...call.state.distributions.values()].find(({ config }) => config.CallerReference === reference);

function create(given: Partial<DistributionConfig> | undefined, call: CloudFrontCall) {
  const config = checkConfig(given, call);
  const before = createdBy(config.CallerReference, call);
  if (before !== undefined && JSON.stringify(before.config) === JSON.stringify(config))
    return { ...answer(call, before), Location: locationOf(before.id) };
  if (before !== undefined)
    throw new AwsError(
      "DistributionAlreadyExists",
      "The caller reference that you are using to create a distribution is associated with another distribution.",
      409,
    );
  const id = newId();
  const row: DistributionRow = {
    id,
    etag: newId(),
    domain: `d${id.toLowerCase().slice(1)}.cloudfront.net`,
    modified: call.clock.now().toISOString(),
    config,
  };
  call.state.distributions.set(id, row);
  call.cloud.log(`cloudfront: the distribution ${id} is recorded, but no edge location serves it`);
  return { ...answer(call, row), Location: locationOf(id) };
}

const locationOf = (id: string): string => `https://cloudfront.amazonaws.com/2020-05-31/distribution/${id}`;

export const createDistribution: Op<"CreateDistribution"> = {
  access: (_, call) => ({ action: "cloudfront:CreateDistribution", resource: distributionArn(call) }),
  run: ({ DistributionConfig }, call) => create(DistributionConfig, call),
};

export const createDistributionWithTags: Op<"CreateDistributionWithTags"> = {
  access: (_, call) => [
    { action: "cloudfront:CreateDistribution", resource: distributionArn(call) },
    { action: "cloudfront:TagResource", resource: distributionArn(call) },
  ],
  run: ({ DistributionConfigWithTags }, call) => create(DistributionConfigWithTags?.DistributionConfig, call),
};

export const getDistribution: Op<"GetDistribution"> = {
  access: ({ Id }, call) => ({ action: "cloudfront:GetDistribution", resource: distributionArn(call, Id) }),
  run: ({ Id }, call) => answer(call, findDistribution(call, Id)),
};

export const updateDistribution: Op<"UpdateDistribution"> = {
  access: ({ Id }, call) => ({
    action: "cloudfront:UpdateDistribution",
    resource: distributionArn(call, Id),
  }),
  run: ({ Id, IfMatch, DistributionConfig }, call) => {
    const before = findDistribution(call, Id);
    checkEtag(before, IfMatch);
    const config = checkConfig(DistributionConfig, call);
    const row = { ...before, etag: newId(), modified: call.clock.now().toISOString(), config };
    call.state.distributions.set(row.id, row);
    return answer(call, row);
  },
};

export const deleteDistribution: Op<"DeleteDistribution"> = {
  access: ({ Id }, call) => ({
    action: "cloudfront:DeleteDistribution",
    resource: distributionArn(call, Id),
  }),
  run: ({ Id, IfMatch }, call) => {
    const before = findDistribution(call, Id);
    checkEtag(before, IfMatch);
    if (before.config.Enabled)
      throw new AwsError(
        "DistributionNotDisabled",
        "The distribution you are trying to delete has not been disabled.",
        409,
      );
    call.state.distributions.delete(before.id);
    return {};
  },
};
