/** AWS::IAM::ServiceLinkedRole. */
import { present, type ResourceType } from "./resource-type.ts";

export const iamServiceLinkedRole: ResourceType = {
  type: "AWS::IAM::ServiceLinkedRole",
  create: async ({ AWSServiceName, CustomSuffix, Description }, context) => {
    const { Role } = await context.call<{ Role: { RoleName: string } }>(
      "iam",
      "CreateServiceLinkedRole",
      present({ AWSServiceName, CustomSuffix, Description }),
    );
    return { physicalId: Role.RoleName, attributes: { RoleName: Role.RoleName } };
  },
  update: async (RoleName, { Description = "" }, _previous, context) => {
    await context.call("iam", "UpdateRole", { RoleName, Description });
    return { physicalId: RoleName, attributes: {} };
  },
  delete: async (RoleName, _properties, context) => {
    await context.call("iam", "DeleteServiceLinkedRole", { RoleName });
  },
  permissions: ["iam:CreateServiceLinkedRole", "iam:UpdateRole", "iam:DeleteServiceLinkedRole"],
};
