/**
 * AWS::CloudFront::Distribution. The template's lists become the API's counted lists. A deletion disables
 * the distribution first.
 */
import { isList, isObject, type JsonObject } from "#cloud/cloudformation/json.ts";
import type { ResourceContext, ResourceType } from "./resource-type.ts";
import { allTags } from "./tag-lists.ts";

type Answer = {
  readonly ETag: string;
  readonly Distribution: {
    readonly Id: string;
    readonly DomainName: string;
    readonly DistributionConfig: JsonObject;
  };
};

/** Members that are counted lists in the API. */
const counted = ["Aliases", "Origins", "CacheBehaviors", "CustomErrorResponses"];

function configOf(properties: JsonObject, reference: string): JsonObject {
  const given = isObject(properties["DistributionConfig"]) ? properties["DistributionConfig"] : {};
  const members = Object.entries(given).map(([name, value]): [string, unknown] => {
    if (counted.includes(name) && isList(value)) return [name, { Quantity: value.length, Items: value }];
    return name === "ViewerCertificate" && isObject(value) ? [name, certificate(value)] : [name, value];
  });
  return { Comment: "", ...Object.fromEntries(members), CallerReference: reference } as JsonObject;
}

/** Templates write `Acm`, the API `ACM`. */
const certificate = ({ AcmCertificateArn, IamCertificateId, ...rest }: JsonObject): JsonObject => ({
  ...rest,
  ...(AcmCertificateArn !== undefined && { ACMCertificateArn: AcmCertificateArn }),
  ...(IamCertificateId !== undefined && { IAMCertificateId: IamCertificateId }),
});

const described = ({ Distribution: { Id, DomainName } }: Answer) => ({
  physicalId: Id,
  attributes: { Id, DomainName },
});

const read = (Id: string, context: ResourceContext) =>
  context.call<Answer>("cloudfront", "GetDistribution", { Id });

export const cloudfrontDistribution: ResourceType = {
  type: "AWS::CloudFront::Distribution",
  create: async (properties, context) =>
    described(
      await context.call<Answer>("cloudfront", "CreateDistributionWithTags", {
        DistributionConfigWithTags: {
          DistributionConfig: configOf(properties, context.name({ max: 128 })),
          Tags: { Items: allTags(properties, context) },
        },
      }),
    ),
  update: async (Id, properties, _, context) => {
    const { ETag, Distribution } = await read(Id, context);
    const reference = String(Distribution.DistributionConfig["CallerReference"]);
    return described(
      await context.call<Answer>("cloudfront", "UpdateDistribution", {
        ...{ Id, IfMatch: ETag },
        DistributionConfig: configOf(properties, reference),
      }),
    );
  },
  delete: async (Id, _, context) => {
    const { ETag, Distribution } = await read(Id, context);
    const disabled = await context.call<Answer>("cloudfront", "UpdateDistribution", {
      ...{ Id, IfMatch: ETag },
      DistributionConfig: { ...Distribution.DistributionConfig, Enabled: false },
    });
    await context.call("cloudfront", "DeleteDistribution", { Id, IfMatch: disabled.ETag });
  },
  permissions: [
    "cloudfront:CreateDistribution",
    "cloudfront:DeleteDistribution",
    "cloudfront:GetDistribution",
    "cloudfront:TagResource",
    "cloudfront:UpdateDistribution",
  ],
};
