/** AWS::CloudFront::OriginAccessControl. */
import type { ResourceType } from "./resource-type.ts";

type Answer = { readonly ETag: string; readonly OriginAccessControl: { readonly Id: string } };

const described = ({ OriginAccessControl: { Id } }: Answer) => ({ physicalId: Id, attributes: { Id } });

export const cloudfrontOriginAccessControl: ResourceType = {
  type: "AWS::CloudFront::OriginAccessControl",
  create: async ({ OriginAccessControlConfig }, context) =>
    described(
      await context.call<Answer>("cloudfront", "CreateOriginAccessControl", { OriginAccessControlConfig }),
    ),
  update: async (Id, { OriginAccessControlConfig }, _, context) => {
    const { ETag } = await context.call<Answer>("cloudfront", "GetOriginAccessControl", { Id });
    return described(
      await context.call<Answer>("cloudfront", "UpdateOriginAccessControl", {
        ...{ Id, IfMatch: ETag },
        OriginAccessControlConfig,
      }),
    );
  },
  delete: async (Id, _, context) => {
    const { ETag } = await context.call<Answer>("cloudfront", "GetOriginAccessControl", { Id });
    await context.call("cloudfront", "DeleteOriginAccessControl", { Id, IfMatch: ETag });
  },
  permissions: ["Create", "Get", "Update", "Delete"].map((verb) => `cloudfront:${verb}OriginAccessControl`),
};
