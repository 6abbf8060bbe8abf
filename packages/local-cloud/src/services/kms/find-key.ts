/** Finds a key by its id, its ARN, an alias of the caller's account, or an alias ARN. */
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { managedKey } from "./managed-keys.ts";
import type { Key, KmsCall } from "./state.ts";

const ARN = /^arn:aws:kms:([a-z0-9-]+):(\d{12}):(key|alias)\/(.+)$/;

export const notFound = (message: string): AwsError => new AwsError("NotFoundException", message);
export const validation = (message: string): AwsError => new AwsError("ValidationException", message);

export function findKey(keyId: string | undefined, call: KmsCall): Key {
  const named = keyId ?? "";
  if (named === "" || named.length > 2048) throw validation(`Invalid keyId '${named}'`);
  const { region, account, kind, name } = locate(named, call);
  const state = call.stateOf(account, region);
  if (kind === "alias") {
    const target =
      state.aliases.get(`alias/${name}`)?.keyId ??
      (name.startsWith("aws/") ? managedKey(name.slice(4), account, region, call).id : undefined);
    const key = target === undefined ? undefined : state.keys.get(target);
    if (key === undefined)
      throw notFound(`Alias arn:aws:kms:${region}:${account}:alias/${name} is not found.`);
    return key;
  }
  const key = state.keys.get(name);
  if (key === undefined) throw notFound(`Key 'arn:aws:kms:${region}:${account}:key/${name}' does not exist`);
  return key;
}

function locate(named: string, call: KmsCall) {
  const { region, account } = call;
  const arn = ARN.exec(named);
  if (arn === null) {
    if (named.startsWith("arn:")) throw new AwsError("InvalidArnException", `Invalid arn ${named}`);
    if (named.startsWith("alias/")) return { region, account, kind: "alias", name: named.slice(6) };
    if (!/^(mrk-)?[0-9a-fA-F-]+$/.test(named)) throw notFound(`Invalid keyId '${named}'`);
    return { region, account, kind: "key", name: named.toLowerCase() };
  }
  const [, keyRegion = "", keyAccount = "", kind = "", name = ""] = arn;
  if (keyRegion !== region) throw notFound(`Invalid arn ${keyRegion}`);
  return { region: keyRegion, account: keyAccount, kind, name };
}

/** Returns the key if its state permits cryptographic operations. */
export function usable(key: Key): Key {
  if (key.state === "Disabled") throw new AwsError("DisabledException", `${key.arn} is disabled.`);
  return notPending(key);
}

/** Returns the key if its deletion is not pending. */
export function notPending(key: Key): Key {
  if (key.state === "PendingDeletion" || key.state === "PendingReplicaDeletion")
    throw new AwsError("KMSInvalidStateException", `${key.arn} is pending deletion.`);
  return key;
}

/** Returns the key if its owner may change it. An owner cannot change an AWS managed key. */
export function customerKey(keyId: string | undefined, call: KmsCall, operation: string): Key {
  if (keyId?.startsWith("alias/") || keyId?.includes(":alias/")) throw notFound(`Invalid keyId ${keyId}`);
  const key = findKey(keyId, call);
  if (key.manager === "AWS")
    throw new AwsError(
      "AccessDeniedException",
      `User is not authorized to perform: kms:${operation} on AWS managed key ${key.arn}`,
    );
  return key;
}
