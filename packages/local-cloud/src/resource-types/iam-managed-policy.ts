/** AWS::IAM::ManagedPolicy. */
import { isList, type JsonObject, sameJson } from "#cloud/cloudformation/json.ts";
import { isAwsError } from "#cloud/kernel/aws-error.ts";
import { policyText } from "./policy-text.ts";
import { present, type ResourceContext, type ResourceType, textOf } from "./resource-type.ts";

const holders = [
  { property: "Roles", attach: "AttachRolePolicy", detach: "DetachRolePolicy", name: "RoleName" },
  { property: "Users", attach: "AttachUserPolicy", detach: "DetachUserPolicy", name: "UserName" },
  { property: "Groups", attach: "AttachGroupPolicy", detach: "DetachGroupPolicy", name: "GroupName" },
] as const;

const listed = (properties: JsonObject, name: string): readonly string[] => {
  const value = properties[name];
  return isList(value) ? value.map(String) : [];
};

async function attach(
  arn: string,
  properties: JsonObject,
  previous: JsonObject,
  context: ResourceContext,
): Promise<void> {
  for (const holder of holders) {
    const [wanted, before] = [listed(properties, holder.property), listed(previous, holder.property)];
    for (const one of wanted.filter((name) => !before.includes(name))) {
      await context.call("iam", holder.attach, { [holder.name]: one, PolicyArn: arn });
    }
    for (const one of before.filter((name) => !wanted.includes(name))) {
      await context
        .call("iam", holder.detach, { [holder.name]: one, PolicyArn: arn })
        .catch((error: unknown) => {
          if (!isAwsError(error, "NoSuchEntity", "NoSuchEntityException")) throw error;
        });
    }
  }
}

type Version = { readonly VersionId?: string; readonly IsDefaultVersion?: boolean };

async function oldVersions(arn: string, context: ResourceContext): Promise<readonly Version[]> {
  const answer = await context.call<{ Versions?: readonly Version[] }>("iam", "ListPolicyVersions", {
    PolicyArn: arn,
  });
  return (answer.Versions ?? []).filter((version) => !version.IsDefaultVersion);
}

const dropVersions = async (
  arn: string,
  versions: readonly Version[],
  context: ResourceContext,
): Promise<void> => {
  for (const { VersionId } of versions)
    await context.call("iam", "DeletePolicyVersion", { PolicyArn: arn, VersionId });
};

export const iamManagedPolicy: ResourceType = {
  type: "AWS::IAM::ManagedPolicy",
  create: async (properties, context) => {
    const name = textOf(properties, "ManagedPolicyName") ?? context.name({ max: 128 });
    const path = textOf(properties, "Path") ?? "/";
    const arn = await context
      .call<{ Policy: { Arn: string } }>(
        "iam",
        "CreatePolicy",
        present({
          PolicyName: name,
          Path: path,
          Description: properties["Description"],
          PolicyDocument: policyText(properties["PolicyDocument"]),
        }),
      )
      .then((answer) => answer.Policy.Arn)
      .catch((error: unknown) => {
        if (context.resumed && isAwsError(error, "EntityAlreadyExists"))
          return `arn:aws:iam::${context.account}:policy${path}${name}`;
        throw error;
      });
    await attach(arn, properties, {}, context);
    return { physicalId: arn, attributes: { PolicyArn: arn } };
  },
  update: async (arn, properties, previous, context) => {
    if (!sameJson(properties["PolicyDocument"], previous["PolicyDocument"])) {
      // IAM keeps five versions, so the oldest are deleted.
      const old = await oldVersions(arn, context);
      await dropVersions(arn, old.slice(3), context);
      await context.call("iam", "CreatePolicyVersion", {
        PolicyArn: arn,
        PolicyDocument: policyText(properties["PolicyDocument"]),
        SetAsDefault: true,
      });
    }
    await attach(arn, properties, previous, context);
    return { physicalId: arn, attributes: { PolicyArn: arn } };
  },
  delete: async (arn, properties, context) => {
    await attach(arn, {}, properties, context);
    await dropVersions(arn, await oldVersions(arn, context), context);
    await context.call("iam", "DeletePolicy", { PolicyArn: arn });
  },
  permissions: [
    "iam:CreatePolicy",
    "iam:CreatePolicyVersion",
    "iam:DeletePolicyVersion",
    "iam:ListPolicyVersions",
    "iam:DeletePolicy",
    "iam:AttachRolePolicy",
    "iam:DetachRolePolicy",
  ],
};
