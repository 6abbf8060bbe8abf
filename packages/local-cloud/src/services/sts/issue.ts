/**
 * Issues temporary credentials and stores them, so that the next request signed with them finds its
 * principal.
 */

import { randomBytes } from "node:crypto";
import type { Credentials } from "@aws-sdk/client-sts";
import { newAccessKeyId, newSecret } from "#cloud/iam/access-key-id.ts";
import type { StsState } from "#cloud/iam/sts-state.ts";
import type { Principal } from "#cloud/kernel/principal.ts";
import type { StsCall } from "./operation.ts";

const REMOVE_EXPIRED_EVERY = 256;
/**
 * STS keeps expired credentials for this time, so that their error differs from the error for unknown
 * credentials.
 */
const REMEMBERED_MS = 3_600_000;

export function issue(call: StsCall, account: string, principal: Principal, seconds: number): Credentials {
  const state = call.stateOf(account);
  const now = call.clock.now();
  if (state.issued.size >= REMOVE_EXPIRED_EVERY && state.issued.size % REMOVE_EXPIRED_EVERY === 0)
    removeExpired(state, now);
  const accessKeyId = newAccessKeyId("ASIA", account);
  const credentials = {
    secretAccessKey: newSecret(),
    sessionToken: randomBytes(180).toString("base64"),
    // AWS returns the time in whole seconds.
    expiration: new Date(Math.floor(now.getTime() / 1000 + seconds) * 1000),
  };
  state.issued.set(accessKeyId, { accessKeyId, principal, ...credentials });
  return {
    AccessKeyId: accessKeyId,
    SecretAccessKey: credentials.secretAccessKey,
    SessionToken: credentials.sessionToken,
    Expiration: credentials.expiration,
  };
}

function removeExpired(state: StsState, now: Date): void {
  for (const [id, { expiration }] of [...state.issued.entries()])
    if (expiration.getTime() + REMEMBERED_MS < now.getTime()) state.issued.delete(id);
}
