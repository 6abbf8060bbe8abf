/**
 * ReplicateKey copies a key to another region. The replica has a policy, a description and tags of its own.
 */
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { metadataOf } from "./create-key.ts";
import { customerKey, usable, validation } from "./find-key.ts";
import { keyAccess } from "./key-access.ts";
import { checkKeyPolicy } from "./key-policy.ts";
import { checkTags } from "./key-tags.ts";
import { defaultPolicy } from "./make-key.ts";
import type { Key, KmsOperation } from "./state.ts";

export const replicateKey: KmsOperation<"ReplicateKey"> = {
  access: (input, call) => {
    const key = customerKey(input.KeyId, call, "ReplicateKey");
    const regions = { "kms:ReplicaRegion": input.ReplicaRegion };
    return [
      keyAccess(key, "ReplicateKey", input, call, regions),
      {
        action: "kms:CreateKey",
        resource: "*",
        context: {
          "kms:MultiRegion": true,
          "kms:MultiRegionKeyType": "REPLICA",
          "kms:PrimaryRegion": key.region,
        },
      },
    ];
  },
  run: async (input, call) => {
    const region = input.ReplicaRegion ?? "";
    const primary = usable(customerKey(input.KeyId, call, "ReplicateKey"));
    if (primary.multiRegion?.primary !== primary.region)
      throw new AwsError(
        "UnsupportedOperationException",
        `${primary.arn} is not a multi-Region primary key.`,
      );
    if (region === primary.region) throw validation(`The primary key is in ${region} already.`);
    if (primary.multiRegion.replicas.includes(region))
      throw new AwsError("AlreadyExistsException", `${primary.arn} has a replica in ${region} already.`);
    const policy = input.Policy ?? defaultPolicy(primary.account);
    await checkKeyPolicy(policy, primary.account, input.BypassPolicyLockoutSafetyCheck ?? false, call);
    const { rotation: _rotation, ...shared } = primary;
    const replica: Key = {
      ...shared,
      region,
      arn: `arn:aws:kms:${region}:${primary.account}:key/${primary.id}`,
      createdAt: call.clock.now(),
      description: input.Description ?? "",
      policy,
      tags: checkTags(input.Tags ?? []),
      multiRegion: { primary: primary.region, replicas: [] },
    };
    call.stateOf(primary.account, region).keys.set(replica.id, replica);
    const replicas = [...primary.multiRegion.replicas, region];
    call
      .stateOf(primary.account, primary.region)
      .keys.set(primary.id, { ...primary, multiRegion: { ...primary.multiRegion, replicas } });
    return { ReplicaKeyMetadata: metadataOf(replica), ReplicaPolicy: policy, ReplicaTags: [...replica.tags] };
  },
};
