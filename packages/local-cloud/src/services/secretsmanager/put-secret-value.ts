/**
 * PutSecretValue and UpdateSecret store a new value. UpdateSecretVersionStage moves staging labels between
 * versions.
 */
import { randomUUID } from "node:crypto";
import { exists, invalidParameter, noSuchValue } from "./errors.ts";
import { liveSecret, onSecret, secretAccess, storeSecret } from "./find-secret.ts";
import { hasValue, open, seal, type ValueInput } from "./sealed-value.ts";
import { CURRENT, stage } from "./stages.ts";
import type { SecretCall, SecretOperation, SecretVersion } from "./state.ts";

export const putSecretValue: SecretOperation<"PutSecretValue"> = {
  access: onSecret("PutSecretValue"),
  run: async (input, call) => {
    if (!hasValue(input)) throw invalidParameter("You must provide either SecretString or SecretBinary.");
    const stages = input.VersionStages ?? [CURRENT];
    const { arn, name, version } = await addVersion(input, input.ClientRequestToken, stages, call);
    return { ARN: arn, Name: name, VersionId: version.id, VersionStages: [...version.stages] };
  },
};

export const updateSecret: SecretOperation<"UpdateSecret"> = {
  access: (input, call) =>
    secretAccess(liveSecret(input.SecretId, call), "UpdateSecret", input, {
      "secretsmanager:Description": input.Description,
      "secretsmanager:KmsKeyId": input.KmsKeyId,
    }),
  run: async (input, call) => {
    const secret = liveSecret(input.SecretId, call);
    storeSecret(
      {
        ...secret,
        ...(input.Description !== undefined && { description: input.Description }),
        ...(input.KmsKeyId !== undefined && { kmsKeyId: input.KmsKeyId }),
        changedAt: call.clock.now(),
      },
      call,
    );
    if (!hasValue(input)) return { ARN: secret.arn, Name: secret.name };
    const { version } = await addVersion(input, input.ClientRequestToken, [CURRENT], call);
    return { ARN: secret.arn, Name: secret.name, VersionId: version.id };
  },
};

export const updateSecretVersionStage: SecretOperation<"UpdateSecretVersionStage"> = {
  access: (input, call) =>
    secretAccess(liveSecret(input.SecretId, call), "UpdateSecretVersionStage", input, {
      "secretsmanager:VersionStage": input.VersionStage,
    }),
  run: (input, call) => {
    const secret = liveSecret(input.SecretId, call);
    const { VersionStage: label = "", MoveToVersionId: to, RemoveFromVersionId: from } = input;
    const holder = secret.versions.find(({ stages }) => stages.includes(label));
    for (const id of [to, from])
      if (id !== undefined && !secret.versions.some((version) => version.id === id))
        throw noSuchValue(`VersionId: ${id}`);
    if (to === undefined && label === CURRENT)
      throw invalidParameter("You can't remove the staging label AWSCURRENT; move it to another version.");
    if ((holder?.id ?? from) !== from && (to === undefined || holder?.id !== to))
      throw invalidParameter(
        `The parameter RemoveFromVersionId can't be empty. Staging label ${label} is currently attached to version ${holder?.id}, so you must explicitly reference that version in RemoveFromVersionId.`,
      );
    const versions =
      to === undefined
        ? secret.versions.map((version) => ({
            ...version,
            stages: version.id === from ? version.stages.filter((each) => each !== label) : version.stages,
          }))
        : stage(secret.versions, to, [label]);
    storeSecret({ ...secret, versions, changedAt: call.clock.now() }, call);
    return { ARN: secret.arn, Name: secret.name };
  },
};

async function addVersion(
  input: ValueInput & { readonly SecretId: string | undefined },
  token: string | undefined,
  stages: readonly string[],
  call: SecretCall,
): Promise<{ readonly arn: string; readonly name: string; readonly version: SecretVersion }> {
  const id = token ?? randomUUID();
  const before = liveSecret(input.SecretId, call);
  const known = before.versions.find((version) => version.id === id);
  if (known !== undefined) {
    const value = await open(before, known, call);
    const same =
      "SecretString" in value
        ? value.SecretString === input.SecretString
        : Buffer.from(input.SecretBinary ?? []).equals(value.SecretBinary);
    if (!same) throw exists("A resource with the ID you requested already exists.");
    return { arn: before.arn, name: before.name, version: known };
  }
  const value = await seal(input, before, id, call);
  const secret = liveSecret(input.SecretId, call);
  const now = call.clock.now();
  const versions = stage([...secret.versions, { id, stages: [], createdAt: now, value }], id, stages);
  storeSecret({ ...secret, versions, changedAt: now }, call);
  const version = versions.find((each) => each.id === id) ?? { id, stages, createdAt: now, value };
  return { arn: secret.arn, name: secret.name, version };
}
