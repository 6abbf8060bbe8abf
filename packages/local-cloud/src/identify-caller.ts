/** Identifies the caller of a request: finds the identity of its access key, and checks its session and its signature. */
import type { Administrators } from "./administrators.ts";
import { AwsError } from "./kernel/aws-error.ts";
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
  readonly administrators: Administrators;
  /** The SHA-256 of the body, for a client that does not send it. */
  readonly hashBody: () => Promise<string>;
}): Promise<Caller> {
  const { kernel, service, signature, fallbackAccount, administrators } = call;
  if (signature === undefined) return { principal: { kind: "anonymous" } };
  const errors = service.identityErrors ?? identityErrors;
  const { accessKeyId } = signature;
  checkExpiry(signature, new Date());
  const identity = kernel.identities.find(accessKeyId);
  if (identity === undefined) {
    const account = /^\d{12}$/.test(accessKeyId) ? accessKeyId : fallbackAccount;
    if (account === undefined || !(await isAdministrator(call, signature, administrators)))
      throw errors.unknownKey(accessKeyId);
    return { principal: accountRoot(account), accessKeyId };
  }
  if (identity.expiration !== undefined && identity.expiration <= kernel.cloud.clock.now())
    throw errors.expired();
  if (identity.sessionToken !== undefined && identity.sessionToken !== signature.sessionToken)
    throw errors.wrongToken();
  if (identity.secretAccessKey !== undefined) await verify(call, signature, [identity.secretAccessKey]);
  return { principal: identity.principal, accessKeyId };
}

type Signed = Pick<Parameters<typeof identifyCaller>[0], "request" | "hashBody">;

/** Throws the error of the last secret when the signature matches none. */
async function verify(
  { request, hashBody }: Signed,
  signature: Signature,
  secrets: readonly string[],
): Promise<void> {
  const bodyHash = signature.payloadHash === undefined ? await hashBody() : "";
  let failure: unknown;
  for (const secret of secrets) {
    try {
      // Clients sign with the wall clock, also while the cloud's clock is ahead of it.
      return verifySignature(request, signature, secret, new Date(), () => bodyHash);
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

async function isAdministrator(
  call: Signed,
  signature: Signature,
  administrators: Administrators,
): Promise<boolean> {
  if (administrators.kind === "any") return true;
  try {
    await verify(call, signature, administrators.secrets);
    return true;
  } catch (error) {
    if (error instanceof AwsError) return false;
    throw error;
  }
}
