/** AWS::KMS::Key, AWS::KMS::ReplicaKey and AWS::KMS::Alias. */
import { type JsonObject, sameJson } from "#cloud/cloudformation/json.ts";
import { policyText } from "./policy-text.ts";
import { present, type ResourceContext, type ResourceType } from "./resource-type.ts";
import { allTags, tagChanges } from "./tag-lists.ts";

const kmsTags = (properties: JsonObject, context: ResourceContext) =>
  allTags(properties, context).map((tag) => ({ TagKey: tag.Key, TagValue: tag.Value }));

const isTrue = (value: unknown): boolean => String(value) === "true";

const described = (id: string, context: ResourceContext) => ({
  physicalId: id,
  attributes: { KeyId: id, Arn: `arn:aws:kms:${context.region}:${context.account}:key/${id}` },
});

export const kmsKey: ResourceType = {
  type: "AWS::KMS::Key",
  create: async (properties, context) => {
    const { KeyMetadata } = await context.call<{ KeyMetadata: { KeyId: string } }>(
      "kms",
      "CreateKey",
      present({
        Policy: properties["KeyPolicy"] === undefined ? undefined : policyText(properties["KeyPolicy"]),
        Description: properties["Description"],
        KeyUsage: properties["KeyUsage"],
        KeySpec: properties["KeySpec"],
        Origin: properties["Origin"],
        MultiRegion: properties["MultiRegion"],
        BypassPolicyLockoutSafetyCheck: properties["BypassPolicyLockoutSafetyCheck"],
        Tags: kmsTags(properties, context),
      }),
    );
    const { KeyId } = KeyMetadata;
    if (isTrue(properties["EnableKeyRotation"])) {
      await context.call(
        "kms",
        "EnableKeyRotation",
        present({ KeyId, RotationPeriodInDays: properties["RotationPeriodInDays"] }),
      );
    }
    if (properties["Enabled"] !== undefined && !isTrue(properties["Enabled"]))
      await context.call("kms", "DisableKey", { KeyId });
    return described(KeyId, context);
  },
  update: async (KeyId, properties, previous, context) => {
    const changed = (name: string): boolean => !sameJson(properties[name], previous[name]);
    if (changed("KeyPolicy") && properties["KeyPolicy"] !== undefined) {
      await context.call("kms", "PutKeyPolicy", {
        KeyId,
        PolicyName: "default",
        Policy: policyText(properties["KeyPolicy"]),
      });
    }
    if (changed("Description"))
      await context.call("kms", "UpdateKeyDescription", {
        KeyId,
        Description: properties["Description"] ?? "",
      });
    if (changed("EnableKeyRotation") || changed("RotationPeriodInDays")) {
      if (isTrue(properties["EnableKeyRotation"])) {
        await context.call(
          "kms",
          "EnableKeyRotation",
          present({ KeyId, RotationPeriodInDays: properties["RotationPeriodInDays"] }),
        );
      } else await context.call("kms", "DisableKeyRotation", { KeyId });
    }
    if (changed("Enabled")) {
      const enabled = properties["Enabled"] === undefined || isTrue(properties["Enabled"]);
      await context.call("kms", enabled ? "EnableKey" : "DisableKey", { KeyId });
    }
    const { Tags = [] } = await context.call<{ Tags?: { TagKey: string; TagValue: string }[] }>(
      "kms",
      "ListResourceTags",
      { KeyId },
    );
    const { add, remove } = tagChanges(
      Tags.map((tag) => ({ Key: tag.TagKey, Value: tag.TagValue })),
      allTags(properties, context),
    );
    if (add.length > 0)
      await context.call("kms", "TagResource", {
        KeyId,
        Tags: add.map((tag) => ({ TagKey: tag.Key, TagValue: tag.Value })),
      });
    if (remove.length > 0) await context.call("kms", "UntagResource", { KeyId, TagKeys: remove });
    return described(KeyId, context);
  },
  delete: async (KeyId, properties, context) => {
    await context.call(
      "kms",
      "ScheduleKeyDeletion",
      present({ KeyId, PendingWindowInDays: properties["PendingWindowInDays"] }),
    );
  },
  permissions: [
    "kms:CreateKey",
    "kms:PutKeyPolicy",
    "kms:EnableKeyRotation",
    "kms:DisableKeyRotation",
    "kms:EnableKey",
    "kms:DisableKey",
    "kms:UpdateKeyDescription",
    "kms:ListResourceTags",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:ScheduleKeyDeletion",
  ],
};

/** A replica is created from its primary's region. Its key material and its rotation are the primary's. */
export const kmsReplicaKey: ResourceType = {
  ...kmsKey,
  type: "AWS::KMS::ReplicaKey",
  create: async (properties, context) => {
    const primary = String(properties["PrimaryKeyArn"]);
    const { ReplicaKeyMetadata } = await context.call<{ ReplicaKeyMetadata: { KeyId: string } }>(
      "kms",
      "ReplicateKey",
      present({
        KeyId: primary,
        ReplicaRegion: context.region,
        Policy: policyText(properties["KeyPolicy"]),
        Description: properties["Description"],
        Tags: kmsTags(properties, context),
      }),
      primary.split(":")[3],
    );
    const { KeyId } = ReplicaKeyMetadata;
    if (properties["Enabled"] !== undefined && !isTrue(properties["Enabled"]))
      await context.call("kms", "DisableKey", { KeyId });
    return described(KeyId, context);
  },
  permissions: [
    "kms:ReplicateKey",
    ...kmsKey.permissions.filter((action) => !action.endsWith("KeyRotation")),
  ],
};

export const kmsAlias: ResourceType = {
  type: "AWS::KMS::Alias",
  create: async (properties, context) => {
    const name = String(properties["AliasName"]);
    await context.call("kms", "CreateAlias", { AliasName: name, TargetKeyId: properties["TargetKeyId"] });
    return { physicalId: name, attributes: {} };
  },
  update: async (name, properties, _previous, context) => {
    await context.call("kms", "UpdateAlias", { AliasName: name, TargetKeyId: properties["TargetKeyId"] });
    return { physicalId: name, attributes: {} };
  },
  delete: async (name, _properties, context) => {
    await context.call("kms", "DeleteAlias", { AliasName: name });
  },
  permissions: ["kms:CreateAlias", "kms:UpdateAlias", "kms:DeleteAlias"],
};
