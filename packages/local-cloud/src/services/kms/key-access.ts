/**
 * Builds the access request for a call on a key. The key policy decides; grants count as statements of that
 * policy.
 */
import type { AccessRequest, ConditionValue } from "#cloud/kernel/access.ts";
import { findKey } from "./find-key.ts";
import type { Grant, Key, KmsCall } from "./state.ts";

type KeyCall = {
  readonly KeyId?: string | undefined;
  readonly EncryptionContext?: Readonly<Record<string, string>> | undefined;
  /** The service that makes the call for its caller. Only services inside the cloud can set it. */
  readonly $via?: string;
};

/** Requests `kms:<action>` on the key that the input names. */
export const onKey =
  (action: string) =>
  (input: KeyCall, call: KmsCall): AccessRequest =>
    keyAccess(findKey(input.KeyId, call), action, input, call);

export function keyAccess(
  key: Key,
  action: string,
  input: KeyCall,
  call: KmsCall,
  context: Readonly<Record<string, ConditionValue | undefined>> = {},
): AccessRequest {
  const { principal } = call;
  const state = call.stateOf(key.account, key.region);
  const entries = Object.entries(input.EncryptionContext ?? {});
  const alias = input.KeyId?.match(/alias\/.+$/)?.[0];
  return {
    action: `kms:${action}`,
    resource: key.arn,
    resourceAccount: key.account,
    resourcePolicy: withGrants(key, [...state.grants.values()], action, input),
    rule: "key",
    tags: Object.fromEntries(key.tags.map(({ TagKey = "", TagValue = "" }) => [TagKey, TagValue])),
    context: {
      "kms:CallerAccount": "account" in principal ? principal.account : undefined,
      "kms:ViaService": input.$via,
      "kms:KeySpec": "SYMMETRIC_DEFAULT",
      "kms:KeyUsage": "ENCRYPT_DECRYPT",
      "kms:KeyOrigin": "AWS_KMS",
      "kms:MultiRegion": key.multiRegion !== undefined,
      "kms:RequestAlias": alias,
      "kms:ResourceAliases": [...state.aliases.values()]
        .filter(({ keyId }) => keyId === key.id)
        .map(({ name }) => name),
      ...(entries.length > 0 && { "kms:EncryptionContextKeys": entries.map(([name]) => name) }),
      ...Object.fromEntries(entries.map(([name, value]) => [`kms:EncryptionContext:${name}`, value])),
      ...context,
    },
  };
}

/** A grant adds an Allow statement; the Deny statements of the policy still apply. */
function withGrants(key: Key, grants: readonly Grant[], action: string, input: KeyCall): string {
  const allowing = grants.filter(
    (grant) =>
      grant.keyId === key.id &&
      grant.operations.some((operation) => operation === action) &&
      constraintsAllow(grant, input.EncryptionContext ?? {}),
  );
  if (allowing.length === 0) return key.policy;
  const policy = JSON.parse(key.policy) as { readonly Statement: unknown };
  const statements = [policy.Statement].flat();
  const granted = allowing.map(({ grantee }) => ({
    Effect: "Allow",
    Principal: /^[a-z0-9.-]+\.amazonaws\.com$/.test(grantee) ? { Service: grantee } : { AWS: grantee },
    Action: `kms:${action}`,
    Resource: "*",
  }));
  return JSON.stringify({ ...policy, Statement: [...statements, ...granted] });
}

function constraintsAllow({ constraints }: Grant, context: Readonly<Record<string, string>>): boolean {
  const equals = constraints?.EncryptionContextEquals;
  const subset = Object.entries(constraints?.EncryptionContextSubset ?? {});
  const covered = subset.every(([name, value]) => context[name] === value);
  if (equals === undefined) return covered;
  const wanted = Object.entries(equals);
  return (
    covered &&
    wanted.length === Object.keys(context).length &&
    wanted.every(([name, value]) => context[name] === value)
  );
}
