/** AWS Secrets Manager stores secrets in versions, encrypted with KMS keys. */
import * as sdk from "@aws-sdk/client-secrets-manager";
import { defineService } from "#cloud/kernel/service.ts";
import { createSecret } from "./create-secret.ts";
import { deleteSecret, deleteWhenDue, restoreSecret } from "./delete-secret.ts";
import { describeSecret, listSecrets, listSecretVersionIds } from "./describe-secret.ts";
import { getRandomPassword } from "./get-random-password.ts";
import { batchGetSecretValue, getSecretValue } from "./get-secret-value.ts";
import { putSecretValue, updateSecret, updateSecretVersionStage } from "./put-secret-value.ts";
import { deleteResourcePolicy, getResourcePolicy, putResourcePolicy } from "./resource-policy.ts";
import { createState, type State } from "./state.ts";
import { tagResource, untagResource } from "./tags.ts";

export const secretsmanager = defineService<State, typeof sdk>(
  {
    name: "secretsmanager",
    sdk,
    protocols: ["json-1.1"],
    target: "secretsmanager",
    state: createState,
    start: ({ locations, stateOf, clock }) => {
      for (const { account, region } of locations()) {
        const state = stateOf(account, region);
        for (const secret of state.secrets.values()) deleteWhenDue(secret, state, clock);
      }
    },
  },
  {
    BatchGetSecretValue: batchGetSecretValue,
    CreateSecret: createSecret,
    DeleteResourcePolicy: deleteResourcePolicy,
    DeleteSecret: deleteSecret,
    DescribeSecret: describeSecret,
    GetRandomPassword: getRandomPassword,
    GetResourcePolicy: getResourcePolicy,
    GetSecretValue: getSecretValue,
    ListSecretVersionIds: listSecretVersionIds,
    ListSecrets: listSecrets,
    PutResourcePolicy: putResourcePolicy,
    PutSecretValue: putSecretValue,
    RestoreSecret: restoreSecret,
    TagResource: tagResource,
    UntagResource: untagResource,
    UpdateSecret: updateSecret,
    UpdateSecretVersionStage: updateSecretVersionStage,
  },
);
