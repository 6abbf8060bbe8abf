/** AWS Key Management Service (KMS) keeps symmetric keys with key policies, aliases and grants. */
import * as sdk from "@aws-sdk/client-kms";
import { defineService } from "#cloud/kernel/service.ts";
import { createAlias, deleteAlias, listAliases, updateAlias } from "./aliases.ts";
import { createKey, describeKey, listKeys, updateKeyDescription } from "./create-key.ts";
import { generateDataKey, generateDataKeyWithoutPlaintext, generateRandom } from "./data-keys.ts";
import { decrypt, encrypt, reEncrypt } from "./encrypt.ts";
import { createGrant, listGrants, listRetirableGrants, retireGrant, revokeGrant } from "./grants.ts";
import { getKeyPolicy, listKeyPolicies, putKeyPolicy } from "./key-policy.ts";
import { cancelKeyDeletion, deleteWhenDue, disableKey, enableKey, scheduleKeyDeletion } from "./key-state.ts";
import { listResourceTags, tagResource, untagResource } from "./key-tags.ts";
import { replicateKey } from "./replicate-key.ts";
import {
  disableKeyRotation,
  enableKeyRotation,
  getKeyRotationStatus,
  rotateKeyOnDemand,
  rotateWhenDue,
} from "./rotation.ts";
import { createState, type State } from "./state.ts";

export const kms = defineService<State, typeof sdk>(
  {
    name: "kms",
    sdk,
    protocols: ["json-1.1"],
    target: "TrentService",
    state: createState,
    start: ({ locations, stateOf, clock }) => {
      for (const { account, region } of locations()) {
        const state = stateOf(account, region);
        for (const key of state.keys.values()) {
          const stateIn = (otherRegion: string) => stateOf(account, otherRegion);
          deleteWhenDue(key, state, clock, stateIn);
          rotateWhenDue(key, state, clock, stateIn);
        }
      }
    },
  },
  {
    CancelKeyDeletion: cancelKeyDeletion,
    CreateAlias: createAlias,
    CreateGrant: createGrant,
    CreateKey: createKey,
    Decrypt: decrypt,
    DeleteAlias: deleteAlias,
    DescribeKey: describeKey,
    DisableKey: disableKey,
    DisableKeyRotation: disableKeyRotation,
    EnableKey: enableKey,
    EnableKeyRotation: enableKeyRotation,
    Encrypt: encrypt,
    GenerateDataKey: generateDataKey,
    GenerateDataKeyWithoutPlaintext: generateDataKeyWithoutPlaintext,
    GenerateRandom: generateRandom,
    GetKeyPolicy: getKeyPolicy,
    GetKeyRotationStatus: getKeyRotationStatus,
    ListAliases: listAliases,
    ListGrants: listGrants,
    ListKeyPolicies: listKeyPolicies,
    ListKeys: listKeys,
    ListResourceTags: listResourceTags,
    ListRetirableGrants: listRetirableGrants,
    PutKeyPolicy: putKeyPolicy,
    ReEncrypt: reEncrypt,
    ReplicateKey: replicateKey,
    RetireGrant: retireGrant,
    RevokeGrant: revokeGrant,
    RotateKeyOnDemand: rotateKeyOnDemand,
    ScheduleKeyDeletion: scheduleKeyDeletion,
    TagResource: tagResource,
    UntagResource: untagResource,
    UpdateAlias: updateAlias,
    UpdateKeyDescription: updateKeyDescription,
  },
);
