/** AWS::IAM::Role. */
import { isList, isObject, type JsonObject, sameJson } from "#cloud/cloudformation/json.ts";
import { isAwsError } from "#cloud/kernel/aws-error.ts";
import { policyText } from "./policy-text.ts";
import {
  type Provisioned,
  present,
  type ResourceContext,
  type ResourceType,
  textOf,
} from "./resource-type.ts";
import { allTags, tagChanges } from "./tag-lists.ts";

const policies = (properties: JsonObject): ReadonlyMap<string, string> => {
  const value = properties["Policies"];
  const entries = isList(value) ? value.filter(isObject) : [];
  return new Map(entries.map((one) => [String(one["PolicyName"]), policyText(one["PolicyDocument"])]));
};

const managed = (properties: JsonObject): readonly string[] => {
  const value = properties["ManagedPolicyArns"];
  return isList(value) ? value.map(String) : [];
};

const described = (role: {
  readonly Arn?: string;
  readonly RoleId?: string;
  readonly RoleName?: string;
}): Provisioned => ({
  physicalId: role.RoleName ?? "",
  attributes: { Arn: role.Arn ?? "", RoleId: role.RoleId ?? "" },
});

async function attach(
  name: string,
  properties: JsonObject,
  previous: JsonObject,
  context: ResourceContext,
): Promise<void> {
  const [wanted, before] = [managed(properties), managed(previous)];
  for (const PolicyArn of wanted.filter((arn) => !before.includes(arn))) {
    await context.call("iam", "AttachRolePolicy", { RoleName: name, PolicyArn });
  }
  for (const PolicyArn of before.filter((arn) => !wanted.includes(arn))) {
    await context.call("iam", "DetachRolePolicy", { RoleName: name, PolicyArn });
  }
  const [inline, old] = [policies(properties), policies(previous)];
  for (const [PolicyName, PolicyDocument] of inline) {
    if (old.get(PolicyName) !== PolicyDocument)
      await context.call("iam", "PutRolePolicy", { RoleName: name, PolicyName, PolicyDocument });
  }
  for (const PolicyName of old.keys()) {
    if (!inline.has(PolicyName))
      await context.call("iam", "DeleteRolePolicy", { RoleName: name, PolicyName });
  }
}

type RoleAnswer = {
  readonly Role: {
    readonly Arn?: string;
    readonly RoleId?: string;
    readonly RoleName?: string;
    readonly Tags?: readonly { Key: string; Value: string }[];
  };
};

async function createRole(
  name: string,
  properties: JsonObject,
  context: ResourceContext,
): Promise<RoleAnswer> {
  try {
    return await context.call<RoleAnswer>(
      "iam",
      "CreateRole",
      present({
        RoleName: name,
        AssumeRolePolicyDocument: policyText(properties["AssumeRolePolicyDocument"]),
        Path: properties["Path"],
        Description: properties["Description"],
        MaxSessionDuration: properties["MaxSessionDuration"],
        PermissionsBoundary: properties["PermissionsBoundary"],
        Tags: allTags(properties, context),
      }),
    );
  } catch (error) {
    if (!(context.resumed && isAwsError(error, "EntityAlreadyExists", "EntityAlreadyExistsException")))
      throw error;
    return await context.call<RoleAnswer>("iam", "GetRole", { RoleName: name });
  }
}

export const iamRole: ResourceType = {
  type: "AWS::IAM::Role",
  create: async (properties, context) => {
    const name = textOf(properties, "RoleName") ?? context.name({ max: 64 });
    const { Role } = await createRole(name, properties, context);
    try {
      await attach(name, properties, {}, context);
    } catch (error) {
      // A creation that fails half-way leaves no role behind, because a rollback would not know of it.
      await remove(name, properties, context).catch(() => undefined);
      throw error;
    }
    return described(Role);
  },
  update: async (name, properties, previous, context) => {
    if (!sameJson(properties["AssumeRolePolicyDocument"], previous["AssumeRolePolicyDocument"])) {
      await context.call("iam", "UpdateAssumeRolePolicy", {
        RoleName: name,
        PolicyDocument: policyText(properties["AssumeRolePolicyDocument"]),
      });
    }
    if (["Description", "MaxSessionDuration"].some((key) => !sameJson(properties[key], previous[key]))) {
      await context.call(
        "iam",
        "UpdateRole",
        present({
          RoleName: name,
          Description: properties["Description"] ?? "",
          MaxSessionDuration: properties["MaxSessionDuration"] ?? 3600,
        }),
      );
    }
    const boundary = properties["PermissionsBoundary"];
    if (!sameJson(boundary, previous["PermissionsBoundary"])) {
      if (boundary === undefined)
        await context.call("iam", "DeleteRolePermissionsBoundary", { RoleName: name });
      else
        await context.call("iam", "PutRolePermissionsBoundary", {
          RoleName: name,
          PermissionsBoundary: boundary,
        });
    }
    await attach(name, properties, previous, context);
    const { Role } = await context.call<RoleAnswer>("iam", "GetRole", { RoleName: name });
    const { add, remove: gone } = tagChanges(Role.Tags ?? [], allTags(properties, context));
    if (add.length > 0) await context.call("iam", "TagRole", { RoleName: name, Tags: add });
    if (gone.length > 0) await context.call("iam", "UntagRole", { RoleName: name, TagKeys: gone });
    return described(Role);
  },
  delete: (name, properties, context) => remove(name, properties, context),
  permissions: [
    "iam:CreateRole",
    "iam:GetRole",
    "iam:UpdateRole",
    "iam:UpdateAssumeRolePolicy",
    "iam:PutRolePermissionsBoundary",
    "iam:DeleteRolePermissionsBoundary",
    "iam:PutRolePolicy",
    "iam:DeleteRolePolicy",
    "iam:AttachRolePolicy",
    "iam:DetachRolePolicy",
    "iam:TagRole",
    "iam:UntagRole",
    "iam:DeleteRole",
  ],
};

/** Deletes the role's own policies with it. Another resource must have detached its policies already. */
async function remove(name: string, properties: JsonObject, context: ResourceContext): Promise<void> {
  const ignoreMissing = (error: unknown): void => {
    if (!isAwsError(error, "NoSuchEntity", "NoSuchEntityException")) throw error;
  };
  for (const PolicyName of policies(properties).keys()) {
    await context.call("iam", "DeleteRolePolicy", { RoleName: name, PolicyName }).catch(ignoreMissing);
  }
  for (const PolicyArn of managed(properties)) {
    await context.call("iam", "DetachRolePolicy", { RoleName: name, PolicyArn }).catch(ignoreMissing);
  }
  await context.call("iam", "DeleteRole", { RoleName: name });
}
