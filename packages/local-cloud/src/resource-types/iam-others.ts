/** AWS::IAM::OIDCProvider, InstanceProfile and User. */
import { isList, isObject, type JsonObject } from "#cloud/cloudformation/json.ts";
import { policyText } from "./policy-text.ts";
import { present, type ResourceType, textOf } from "./resource-type.ts";
import { allTags } from "./tag-lists.ts";

const listed = (properties: JsonObject, name: string): readonly string[] => {
  const value = properties[name];
  return isList(value) ? value.map(String) : [];
};

export const iamOidcProvider: ResourceType = {
  type: "AWS::IAM::OIDCProvider",
  create: async (properties, context) => {
    const answer = await context.call<{ OpenIDConnectProviderArn: string }>(
      "iam",
      "CreateOpenIDConnectProvider",
      present({
        Url: properties["Url"],
        ClientIDList: properties["ClientIdList"],
        ThumbprintList: properties["ThumbprintList"],
        Tags: allTags(properties, context),
      }),
    );
    return {
      physicalId: answer.OpenIDConnectProviderArn,
      attributes: { Arn: answer.OpenIDConnectProviderArn },
    };
  },
  update: async (arn, properties, previous, context) => {
    const [wanted, before] = [listed(properties, "ClientIdList"), listed(previous, "ClientIdList")];
    for (const ClientID of wanted.filter((one) => !before.includes(one))) {
      await context.call("iam", "AddClientIDToOpenIDConnectProvider", {
        OpenIDConnectProviderArn: arn,
        ClientID,
      });
    }
    for (const ClientID of before.filter((one) => !wanted.includes(one))) {
      await context.call("iam", "RemoveClientIDFromOpenIDConnectProvider", {
        OpenIDConnectProviderArn: arn,
        ClientID,
      });
    }
    return { physicalId: arn, attributes: { Arn: arn } };
  },
  delete: async (arn, _properties, context) => {
    await context.call("iam", "DeleteOpenIDConnectProvider", { OpenIDConnectProviderArn: arn });
  },
  permissions: ["iam:CreateOpenIDConnectProvider", "iam:DeleteOpenIDConnectProvider"],
};

export const iamInstanceProfile: ResourceType = {
  type: "AWS::IAM::InstanceProfile",
  create: async (properties, context) => {
    const name = textOf(properties, "InstanceProfileName") ?? context.name({ max: 128 });
    const answer = await context.call<{ InstanceProfile: { Arn: string } }>(
      "iam",
      "CreateInstanceProfile",
      present({ InstanceProfileName: name, Path: properties["Path"] }),
    );
    for (const RoleName of listed(properties, "Roles"))
      await context.call("iam", "AddRoleToInstanceProfile", { InstanceProfileName: name, RoleName });
    return { physicalId: name, attributes: { Arn: answer.InstanceProfile.Arn } };
  },
  update: async (name, properties, previous, context) => {
    for (const RoleName of listed(previous, "Roles"))
      await context.call("iam", "RemoveRoleFromInstanceProfile", { InstanceProfileName: name, RoleName });
    for (const RoleName of listed(properties, "Roles"))
      await context.call("iam", "AddRoleToInstanceProfile", { InstanceProfileName: name, RoleName });
    return { physicalId: name, attributes: {} };
  },
  delete: async (name, properties, context) => {
    for (const RoleName of listed(properties, "Roles"))
      await context.call("iam", "RemoveRoleFromInstanceProfile", { InstanceProfileName: name, RoleName });
    await context.call("iam", "DeleteInstanceProfile", { InstanceProfileName: name });
  },
  permissions: [
    "iam:CreateInstanceProfile",
    "iam:AddRoleToInstanceProfile",
    "iam:RemoveRoleFromInstanceProfile",
    "iam:DeleteInstanceProfile",
    "iam:PassRole",
  ],
};

const inline = (properties: JsonObject): readonly JsonObject[] => {
  const value = properties["Policies"];
  return isList(value) ? value.filter(isObject) : [];
};

export const iamUser: ResourceType = {
  type: "AWS::IAM::User",
  create: async (properties, context) => {
    const name = textOf(properties, "UserName") ?? context.name({ max: 64 });
    const answer = await context.call<{ User: { Arn: string } }>(
      "iam",
      "CreateUser",
      present({
        UserName: name,
        Path: properties["Path"],
        PermissionsBoundary: properties["PermissionsBoundary"],
        Tags: allTags(properties, context),
      }),
    );
    for (const PolicyArn of listed(properties, "ManagedPolicyArns"))
      await context.call("iam", "AttachUserPolicy", { UserName: name, PolicyArn });
    for (const one of inline(properties)) {
      await context.call("iam", "PutUserPolicy", {
        UserName: name,
        PolicyName: one["PolicyName"],
        PolicyDocument: policyText(one["PolicyDocument"]),
      });
    }
    return { physicalId: name, attributes: { Arn: answer.User.Arn } };
  },
  update: async (name, properties, previous, context) => {
    const [wanted, before] = [listed(properties, "ManagedPolicyArns"), listed(previous, "ManagedPolicyArns")];
    for (const PolicyArn of wanted.filter((arn) => !before.includes(arn)))
      await context.call("iam", "AttachUserPolicy", { UserName: name, PolicyArn });
    for (const PolicyArn of before.filter((arn) => !wanted.includes(arn)))
      await context.call("iam", "DetachUserPolicy", { UserName: name, PolicyArn });
    const kept = inline(properties).map((one) => one["PolicyName"]);
    for (const one of inline(properties)) {
      await context.call("iam", "PutUserPolicy", {
        UserName: name,
        PolicyName: one["PolicyName"],
        PolicyDocument: policyText(one["PolicyDocument"]),
      });
    }
    for (const one of inline(previous)) {
      if (!kept.includes(one["PolicyName"]))
        await context.call("iam", "DeleteUserPolicy", { UserName: name, PolicyName: one["PolicyName"] });
    }
    return { physicalId: name, attributes: {} };
  },
  delete: async (name, properties, context) => {
    for (const PolicyArn of listed(properties, "ManagedPolicyArns"))
      await context.call("iam", "DetachUserPolicy", { UserName: name, PolicyArn });
    for (const one of inline(properties))
      await context.call("iam", "DeleteUserPolicy", { UserName: name, PolicyName: one["PolicyName"] });
    await context.call("iam", "DeleteUser", { UserName: name });
  },
  permissions: [
    "iam:CreateUser",
    "iam:DeleteUser",
    "iam:AttachUserPolicy",
    "iam:DetachUserPolicy",
    "iam:PutUserPolicy",
    "iam:DeleteUserPolicy",
  ],
};
