/** Identifies the caller of a request: finds the identity of its access key, and checks its session and its signature. */
import type { Kernel } from "./kernel/cloud.ts";
import { identityErrors } from "./kernel/identity-errors.ts";
import { accountRoot, type Principal } from "./kernel/principal.ts";
import type { Service } from "./kernel/service.ts";
import type { SignedRequest } from "./wire/signed-request.ts";
import { checkExpiry, type Signature, verifySignature } from "./wire/sigv4.ts";

type Caller = { readonly principal: Principal; readonly accessKeyId?: string };

export async function identifyCaller(call: {
  readonly kernel: Kernel;
  readonly service: Service;
  readonly request: SignedRequest;
  readonly signature: Signature | undefined;
  /** The account whose root an unknown access key is; undefined: the key is refused. */
  readonly fallbackAccount: string | undefined;
  /** The SHA-256 of the body, for a client that does not send it. */
  readonly hashBody: () => Promise<string>;
}): Promise<Caller> {
  const { kernel, service, request, signature, fallbackAccount, hashBody } = call;
  if (signature === undefined) return { principal: { kind: "anonymous" } };
  const errors = service.identityErrors ?? identityErrors;
  const { accessKeyId } = signature;
  checkExpiry(signature, new Date());
  if (/^\d{12}$/.test(accessKeyId)) return { principal: accountRoot(accessKeyId), accessKeyId };
  const identity = kernel.identities.find(accessKeyId);
  if (identity === undefined) {
    if (fallbackAccount !== undefined) return { principal: accountRoot(fallbackAccount), accessKeyId };
    throw errors.unknownKey(accessKeyId);
  }
  if (identity.expiration !== undefined && identity.expiration <= kernel.cloud.clock.now())
    throw errors.expired();
  if (identity.sessionToken !== undefined && identity.sessionToken !== signature.sessionToken)
    throw errors.wrongToken();
  if (identity.secretAccessKey !== undefined) {
    const bodyHash = signature.payloadHash === undefined ? await hashBody() : "";
    // Clients sign with the wall clock, also while the cloud's clock is ahead of it.
    verifySignature(request, signature, identity.secretAccessKey, new Date(), () => bodyHash);
  }
  return { principal: identity.principal, accessKeyId };
}
