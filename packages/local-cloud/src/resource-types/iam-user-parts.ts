/** AWS::IAM::UserPolicy and AWS::IAM::AccessKey: an inline policy and a key of a user. */
import type { JsonObject } from "#cloud/cloudformation/json.ts";
import { policyText } from "./policy-text.ts";
import type { ResourceContext, ResourceType } from "./resource-type.ts";

const putPolicy = async (properties: JsonObject, context: ResourceContext): Promise<void> => {
  await context.call("iam", "PutUserPolicy", {
    UserName: properties["UserName"],
    PolicyName: properties["PolicyName"],
    PolicyDocument: policyText(properties["PolicyDocument"]),
  });
};

export const iamUserPolicy: ResourceType = {
  type: "AWS::IAM::UserPolicy",
  create: async (properties, context) => {
    await putPolicy(properties, context);
    return {
      physicalId: `${String(properties["PolicyName"])}|${String(properties["UserName"])}`,
      attributes: {},
    };
  },
  update: async (physicalId, properties, _previous, context) => {
    await putPolicy(properties, context);
    return { physicalId, attributes: {} };
  },
  delete: async (_id, { UserName, PolicyName }, context) => {
    await context.call("iam", "DeleteUserPolicy", { UserName, PolicyName });
  },
  permissions: ["iam:PutUserPolicy", "iam:DeleteUserPolicy"],
};

/** A new key is active. */
async function setStatus(
  AccessKeyId: string,
  properties: JsonObject,
  context: ResourceContext,
): Promise<void> {
  const { UserName, Status = "Active" } = properties;
  await context.call("iam", "UpdateAccessKey", { UserName, AccessKeyId, Status });
}

export const iamAccessKey: ResourceType = {
  type: "AWS::IAM::AccessKey",
  create: async (properties, context) => {
    const { AccessKey } = await context.call<{ AccessKey: { AccessKeyId: string; SecretAccessKey: string } }>(
      "iam",
      "CreateAccessKey",
      { UserName: properties["UserName"] },
    );
    const { AccessKeyId: id, SecretAccessKey } = AccessKey;
    if (properties["Status"] === "Inactive") await setStatus(id, properties, context);
    return { physicalId: id, attributes: { Id: id, SecretAccessKey } };
  },
  update: async (id, properties, _previous, context) => {
    await setStatus(id, properties, context);
    return { physicalId: id, attributes: {} };
  },
  delete: async (AccessKeyId, { UserName }, context) => {
    await context.call("iam", "DeleteAccessKey", { UserName, AccessKeyId });
  },
  permissions: ["iam:CreateAccessKey", "iam:UpdateAccessKey", "iam:DeleteAccessKey"],
};
