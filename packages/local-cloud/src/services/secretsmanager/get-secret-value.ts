/**
 * GetSecretValue returns one version of a secret: by version id, by staging label, or the current version.
 */
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { invalidRequest, noSuchValue } from "./errors.ts";
import { findSecret, liveSecret, onSecret, secretAccess, storeSecret } from "./find-secret.ts";
import { open } from "./sealed-value.ts";
import { CURRENT, withStage } from "./stages.ts";
import type { Secret, SecretCall, SecretOperation, SecretVersion } from "./state.ts";

type VersionRequest = {
  readonly SecretId: string | undefined;
  readonly VersionId?: string | undefined;
  readonly VersionStage?: string | undefined;
};

export const getSecretValue: SecretOperation<"GetSecretValue"> = {
  access: (input, call) =>
    secretAccess(findSecret(input.SecretId, call), "GetSecretValue", input, {
      "secretsmanager:VersionId": input.VersionId,
      "secretsmanager:VersionStage":
        input.VersionStage ?? (input.VersionId === undefined ? CURRENT : undefined),
    }),
  run: (input, call) => read(input, call),
};

export const batchGetSecretValue: SecretOperation<"BatchGetSecretValue"> = {
  access: (input, call) => [
    { action: "secretsmanager:BatchGetSecretValue", resource: "*" },
    ...(input.SecretIdList ?? []).flatMap((SecretId) => {
      try {
        return [onSecret("GetSecretValue")({ SecretId }, call)];
      } catch {
        // The response lists a missing secret in `Errors` (Secrets Manager API Reference,
        // BatchGetSecretValue).
        return [];
      }
    }),
  ],
  run: async (input, call) => {
    if (input.Filters !== undefined || input.SecretIdList === undefined)
      throw invalidRequest("The embedded cloud supports no filters here; name the secrets by SecretIdList.");
    const values: Awaited<ReturnType<typeof read>>[] = [];
    const errors: { SecretId: string; ErrorCode: string; Message: string }[] = [];
    for (const SecretId of input.SecretIdList) {
      try {
        values.push(await read({ SecretId }, call));
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        errors.push({ SecretId, ErrorCode: error.code, Message: error.message });
      }
    }
    return { SecretValues: values, Errors: errors };
  },
};

async function read(input: VersionRequest, call: SecretCall) {
  const secret = liveSecret(input.SecretId, call);
  const version = choose(secret, input);
  const value = await open(secret, version, call);
  const day = new Date(Math.floor(call.clock.now().getTime() / 86_400_000) * 86_400_000);
  const seen = (each: SecretVersion): SecretVersion =>
    each.id === version.id ? { ...each, accessedAt: day } : each;
  // The last access is stored with the day only, so that most reads write nothing. (Secrets Manager API
  // Reference, DescribeSecret)
  const now = findSecret(input.SecretId, call);
  if (now.accessedAt?.getTime() !== day.getTime())
    storeSecret({ ...now, accessedAt: day, versions: now.versions.map(seen) }, call);
  return {
    ARN: secret.arn,
    Name: secret.name,
    VersionId: version.id,
    ...value,
    VersionStages: [...version.stages],
    CreatedDate: version.createdAt,
  };
}

function choose({ versions }: Secret, { VersionId: id, VersionStage: label }: VersionRequest): SecretVersion {
  if (id !== undefined) {
    const version = versions.find((each) => each.id === id);
    if (version === undefined) throw noSuchValue(`VersionId: ${id}`);
    if (label !== undefined && !version.stages.includes(label))
      throw invalidRequest("You provided a VersionStage that is not associated to the provided VersionId.");
    return version;
  }
  const version = withStage(versions, label ?? CURRENT);
  if (version === undefined) throw noSuchValue(`staging label: ${label ?? CURRENT}`);
  return version;
}
