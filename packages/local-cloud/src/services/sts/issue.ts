/** Issues temporary credentials and remembers them, so that the next request signed with them finds its principal. */

import { randomBytes } from "node:crypto";
import type { Credentials } from "@aws-sdk/client-sts";
import { newAccessKeyId, newSecret } from "#cloud/iam/access-key-id.ts";
import type { StsState } from "#cloud/iam/sts-state.ts";
import type { Principal } from "#cloud/kernel/principal.ts";
import type { StsCall } from "./operation.ts";

const SWEEP_EVERY = 256;
/** How long expired credentials are still told from unknown ones. */
const REMEMBERED_MS = 3_600_000;

export function issue(call: StsCall, account: string, principal: Principal, seconds: number): Credentials {
  const state = call.stateOf(account);
  const now = call.clock.now();
  if (state.issued.size >= SWEEP_EVERY && state.issued.size % SWEEP_EVERY === 0) sweep(state, now);
  const accessKeyId = newAccessKeyId("ASIA", account);
  const credentials = {
    secretAccessKey: newSecret(),
    sessionToken: randomBytes(180).toString("base64"),
    // AWS answers whole seconds.
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

function sweep(state: StsState, now: Date): void {
  for (const [id, { expiration }] of [...state.issued.entries()])
    if (expiration.getTime() + REMEMBERED_MS < now.getTime()) state.issued.delete(id);
}
