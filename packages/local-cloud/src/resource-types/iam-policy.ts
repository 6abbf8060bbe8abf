/**
 * AWS::IAM::Policy and AWS::IAM::RolePolicy: inline policies as resources separate from their roles, users
 * and groups.
 */
import { isList, type JsonObject } from "#cloud/cloudformation/json.ts";
import { isAwsError } from "#cloud/kernel/aws-error.ts";
import { policyText } from "./policy-text.ts";
import type { ResourceContext, ResourceType } from "./resource-type.ts";

const holders = [
  { property: "Roles", put: "PutRolePolicy", remove: "DeleteRolePolicy", name: "RoleName" },
  { property: "Users", put: "PutUserPolicy", remove: "DeleteUserPolicy", name: "UserName" },
  { property: "Groups", put: "PutGroupPolicy", remove: "DeleteGroupPolicy", name: "GroupName" },
] as const;

const listed = (properties: JsonObject, name: string): readonly string[] => {
  const value = properties[name];
  return isList(value) ? value.map(String) : [];
};

async function put(properties: JsonObject, context: ResourceContext): Promise<void> {
  for (const holder of holders) {
    for (const one of listed(properties, holder.property)) {
      await context.call("iam", holder.put, {
        [holder.name]: one,
        PolicyName: properties["PolicyName"],
        PolicyDocument: policyText(properties["PolicyDocument"]),
      });
    }
  }
}

/** Removes the policies of `properties` that `kept` no longer has. */
async function withdraw(properties: JsonObject, kept: JsonObject, context: ResourceContext): Promise<void> {
  const sameName = properties["PolicyName"] === kept["PolicyName"];
  for (const holder of holders) {
    for (const one of listed(properties, holder.property)) {
      if (sameName && listed(kept, holder.property).includes(one)) continue;
      await context
        .call("iam", holder.remove, { [holder.name]: one, PolicyName: properties["PolicyName"] })
        .catch((error: unknown) => {
          if (!isAwsError(error, "NoSuchEntity", "NoSuchEntityException")) throw error;
        });
    }
  }
}

export const iamPolicy: ResourceType = {
  type: "AWS::IAM::Policy",
  create: async (properties, context) => {
    await put(properties, context);
    const id = context.name({ max: 128 }).replace(/^(.{1,12}).*?-(.{1,16}).*-([^-]+)$/, "$1-$2-$3");
    return { physicalId: id, attributes: { Id: id } };
  },
  update: async (physicalId, properties, previous, context) => {
    await put(properties, context);
    await withdraw(previous, properties, context);
    return { physicalId, attributes: { Id: physicalId } };
  },
  delete: (_id, properties, context) => withdraw(properties, {}, context),
  permissions: [
    "iam:PutRolePolicy",
    "iam:DeleteRolePolicy",
    "iam:PutUserPolicy",
    "iam:DeleteUserPolicy",
    "iam:PutGroupPolicy",
    "iam:DeleteGroupPolicy",
  ],
};

const asPolicy = (properties: JsonObject): JsonObject => ({
  ...properties,
  Roles: [String(properties["RoleName"])],
});

export const iamRolePolicy: ResourceType = {
  type: "AWS::IAM::RolePolicy",
  create: async (properties, context) => {
    await put(asPolicy(properties), context);
    return {
      physicalId: `${String(properties["PolicyName"])}|${String(properties["RoleName"])}`,
      attributes: {},
    };
  },
  update: async (physicalId, properties, _previous, context) => {
    await put(asPolicy(properties), context);
    return { physicalId, attributes: {} };
  },
  delete: (_id, properties, context) => withdraw(asPolicy(properties), {}, context),
  permissions: ["iam:PutRolePolicy", "iam:DeleteRolePolicy"],
};
