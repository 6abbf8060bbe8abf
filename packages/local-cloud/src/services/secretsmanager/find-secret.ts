/**
 * Finds a secret by its name, its ARN, or its ARN without AWS's six random characters, and builds the access
 * request.
 */
import type { AccessRequest, ConditionValue } from "#cloud/kernel/access.ts";
import { markedForDeletion, notFound } from "./errors.ts";
import type { Secret, SecretCall } from "./state.ts";

const ARN = /^arn:aws:secretsmanager:([a-z0-9-]+):(\d{12}):secret:(.+)$/;

export function findSecret(secretId: string | undefined, call: SecretCall): Secret {
  const id = secretId ?? "";
  const [, region = call.region, account = call.account, rest = id] = ARN.exec(id) ?? [];
  const { secrets } = call.stateOf(account, region);
  const named = secrets.get(rest);
  const secret = named ?? secrets.get(rest.replace(/-[A-Za-z0-9]{6}$/, ""));
  const suits = secret !== undefined && (secret === named || secret.arn === id);
  if (!suits) throw notFound();
  return secret;
}

/** Returns the secret unless it is scheduled for deletion. */
export function liveSecret(secretId: string | undefined, call: SecretCall): Secret {
  const secret = findSecret(secretId, call);
  if (secret.deletedAt !== undefined) throw markedForDeletion();
  return secret;
}

export const storeSecret = (secret: Secret, call: SecretCall): Secret =>
  call.stateOf(secret.account, secret.region).secrets.set(secret.name, secret);

type Named = { readonly SecretId: string | undefined };
type Context = Readonly<Record<string, ConditionValue | undefined>>;

export const secretAccess = (
  secret: Secret,
  action: string,
  input: Named,
  context: Context = {},
): AccessRequest => ({
  action: `secretsmanager:${action}`,
  resource: secret.arn,
  resourceAccount: secret.account,
  resourcePolicy: secret.policy,
  tags: Object.fromEntries(secret.tags.map(({ Key = "", Value = "" }) => [Key, Value])),
  context: {
    "secretsmanager:SecretId": input.SecretId,
    "secretsmanager:Name": secret.name,
    ...Object.fromEntries(secret.tags.map(({ Key, Value }) => [`secretsmanager:ResourceTag/${Key}`, Value])),
    ...context,
  },
});

export const onSecret =
  (action: string, context: (input: never) => Context = () => ({})) =>
  (input: Named, call: SecretCall): AccessRequest =>
    secretAccess(findSecret(input.SecretId, call), action, input, context(input as never));
