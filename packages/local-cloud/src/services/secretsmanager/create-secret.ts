/** CreateSecret stores a new secret, with or without a first value. */
import { randomBytes, randomUUID } from "node:crypto";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { exists, invalidRequest } from "./errors.ts";
import { hasValue, open, seal } from "./sealed-value.ts";
import { CURRENT } from "./stages.ts";
import type { Secret, SecretOperation } from "./state.ts";
import { checkTags, tagContext } from "./tags.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

export const createSecret: SecretOperation<"CreateSecret"> = {
  access: ({ Name: name = "", Tags = [], KmsKeyId }, { account, region }) =>
    ["CreateSecret", ...(Tags.length > 0 ? ["TagResource"] : [])].map((action) => ({
      action: `secretsmanager:${action}`,
      resource: `arn:aws:secretsmanager:${region}:${account}:secret:${name}`,
      context: { "secretsmanager:Name": name, "secretsmanager:KmsKeyId": KmsKeyId, ...tagContext(Tags) },
    })),
  run: async (input, call) => {
    const { account, region, state } = call;
    const name = checkName(input.Name ?? "");
    const tags = checkTags(input.Tags ?? []);
    const old = state.secrets.get(name);
    if (old?.deletedAt !== undefined)
      throw invalidRequest(
        "You can't create this secret because a secret with this name is already scheduled for deletion.",
      );
    const id = input.ClientRequestToken ?? randomUUID();
    if (old !== undefined) {
      // A client may repeat a request after a lost response, so an equal request gets the same answer.
      const version = old.versions.find((each) => each.id === id);
      const value = version && (await open(old, version, call));
      const same =
        value !== undefined &&
        ("SecretString" in value
          ? value.SecretString === input.SecretString
          : Buffer.from(input.SecretBinary ?? []).equals(value.SecretBinary));
      if (same) return { ARN: old.arn, Name: name, VersionId: id };
      throw exists(`The operation failed because the secret ${name} already exists.`);
    }
    const now = call.clock.now();
    const suffix = [...randomBytes(6)].map((byte) => ALPHABET[byte % ALPHABET.length]).join("");
    const secret: Secret = {
      name,
      arn: `arn:aws:secretsmanager:${region}:${account}:secret:${name}-${suffix}`,
      account,
      region,
      ...(input.Description !== undefined && { description: input.Description }),
      ...(input.KmsKeyId !== undefined && { kmsKeyId: input.KmsKeyId }),
      tags,
      createdAt: now,
      changedAt: now,
      versions: [],
    };
    const value = hasValue(input) ? await seal(input, secret, id, call) : undefined;
    if (state.secrets.has(name))
      throw exists(`The operation failed because the secret ${name} already exists.`);
    state.secrets.set(name, {
      ...secret,
      versions: value === undefined ? [] : [{ id, stages: [CURRENT], createdAt: now, value }],
    });
    return { ARN: secret.arn, Name: name, ...(value !== undefined && { VersionId: id }) };
  },
};

function checkName(name: string): string {
  if (name.length >= 1 && name.length <= 512 && /^[A-Za-z0-9/_+=.@!-]+$/.test(name)) return name;
  throw new AwsError(
    "ValidationException",
    "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!",
  );
}
