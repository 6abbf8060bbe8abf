/** CreateKey, DescribeKey, UpdateKeyDescription and ListKeys make keys and return their metadata. */
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { customerKey, findKey, notPending } from "./find-key.ts";
import { keyAccess, onKey } from "./key-access.ts";
import { checkKeyPolicy } from "./key-policy.ts";
import { checkTags } from "./key-tags.ts";
import { defaultPolicy, makeKey } from "./make-key.ts";
import { page } from "./paging.ts";
import type { Key, KmsOperation } from "./state.ts";

export const createKey: KmsOperation<"CreateKey"> = {
  access: (input) => ({
    action: "kms:CreateKey",
    resource: "*",
    context: {
      "kms:KeySpec": input.KeySpec ?? "SYMMETRIC_DEFAULT",
      "kms:KeyUsage": input.KeyUsage ?? "ENCRYPT_DECRYPT",
      "kms:KeyOrigin": input.Origin ?? "AWS_KMS",
      "kms:MultiRegion": input.MultiRegion ?? false,
      "kms:BypassPolicyLockoutSafetyCheck": input.BypassPolicyLockoutSafetyCheck ?? false,
      ...Object.fromEntries(
        (input.Tags ?? []).map(({ TagKey, TagValue }) => [`aws:RequestTag/${TagKey}`, TagValue]),
      ),
      ...(input.Tags?.length && { "aws:TagKeys": input.Tags.map(({ TagKey }) => TagKey ?? "") }),
    },
  }),
  run: async (input, call) => {
    const spec = input.KeySpec ?? input.CustomerMasterKeySpec ?? "SYMMETRIC_DEFAULT";
    const plain =
      spec === "SYMMETRIC_DEFAULT" &&
      (input.KeyUsage ?? "ENCRYPT_DECRYPT") === "ENCRYPT_DECRYPT" &&
      (input.Origin ?? "AWS_KMS") === "AWS_KMS";
    if (!plain)
      throw new AwsError(
        "UnsupportedOperationException",
        `The embedded cloud supports symmetric encryption keys only (SYMMETRIC_DEFAULT, ENCRYPT_DECRYPT, AWS_KMS); the request has ${spec}, ${input.KeyUsage ?? "ENCRYPT_DECRYPT"}, ${input.Origin ?? "AWS_KMS"} (packages/local-cloud/src/services/kms/create-key.ts).`,
      );
    const tags = checkTags(input.Tags ?? []);
    const policy = input.Policy ?? defaultPolicy(call.account);
    await checkKeyPolicy(policy, call.account, input.BypassPolicyLockoutSafetyCheck ?? false, call);
    const { account, region } = call;
    const key = makeKey({
      account,
      region,
      now: call.clock.now(),
      manager: "CUSTOMER",
      description: input.Description ?? "",
      policy,
      tags,
      multiRegion: input.MultiRegion ?? false,
    });
    call.state.keys.set(key.id, key);
    return { KeyMetadata: metadataOf(key) };
  },
};

export const describeKey: KmsOperation<"DescribeKey"> = {
  access: onKey("DescribeKey"),
  run: (input, call) => ({ KeyMetadata: metadataOf(findKey(input.KeyId, call)) }),
};

export const updateKeyDescription: KmsOperation<"UpdateKeyDescription"> = {
  access: (input, call) =>
    keyAccess(customerKey(input.KeyId, call, "UpdateKeyDescription"), "UpdateKeyDescription", input, call),
  run: (input, call) => {
    const key = notPending(findKey(input.KeyId, call));
    call.stateOf(key.account, key.region).keys.set(key.id, { ...key, description: input.Description ?? "" });
    return {};
  },
};

export const listKeys: KmsOperation<"ListKeys"> = {
  access: () => ({ action: "kms:ListKeys", resource: "*" }),
  run: (input, call) => {
    const { items, ...paging } = page([...call.state.keys.values()], ({ id }) => id, input);
    return { Keys: items.map(({ id, arn }) => ({ KeyId: id, KeyArn: arn })), ...paging };
  },
};

export const metadataOf = (key: Key) => ({
  AWSAccountId: key.account,
  KeyId: key.id,
  Arn: key.arn,
  CreationDate: key.createdAt,
  Enabled: key.state === "Enabled",
  Description: key.description,
  KeyUsage: "ENCRYPT_DECRYPT" as const,
  KeyState: key.state,
  ...(key.deletionDate !== undefined && { DeletionDate: key.deletionDate }),
  Origin: "AWS_KMS" as const,
  KeyManager: key.manager,
  CustomerMasterKeySpec: "SYMMETRIC_DEFAULT" as const,
  KeySpec: "SYMMETRIC_DEFAULT" as const,
  EncryptionAlgorithms: ["SYMMETRIC_DEFAULT" as const],
  MultiRegion: key.multiRegion !== undefined,
  ...(key.multiRegion && {
    MultiRegionConfiguration: {
      MultiRegionKeyType:
        key.region === key.multiRegion.primary ? ("PRIMARY" as const) : ("REPLICA" as const),
      PrimaryKey: { Arn: arnIn(key, key.multiRegion.primary), Region: key.multiRegion.primary },
      ReplicaKeys: key.multiRegion.replicas.map((region) => ({ Arn: arnIn(key, region), Region: region })),
    },
  }),
});

const arnIn = ({ account, id }: Key, region: string): string => `arn:aws:kms:${region}:${account}:key/${id}`;
