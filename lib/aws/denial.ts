/** Reads the caller, the action and the resource of a denied call. The name of the error differs between services; the sentence is the same. */
import { callerArn } from "./caller-sts.ts";
import type { OperatorConfig } from "./config.ts";
import { isNamed } from "./error-names.ts";

export type Denial = {
  /** The ARN of the caller. */
  readonly caller: string | undefined;
  /** @example "s3:GetObject" */
  readonly action: string | undefined;
  readonly resource: string | undefined;
  /** AWS's words. */
  readonly message: string;
};

/** S3 answers HEAD without a body, so its 403 has no better name. SNS and SQS have names of their own. */
const names = ["AccessDenied", "AccessDeniedException", "AuthorizationError", "Forbidden", "403"] as const;

/**
 * Undefined for an error that is no denial. The sentence is "User: … is not authorized to perform: … on resource: …" (IAM
 * User Guide, "Troubleshoot access denied error messages"). S3 writes only "Access Denied" for callers of other
 * organizations, and STS then names the caller.
 */
export async function denialOf(error: unknown, config: OperatorConfig): Promise<Denial | undefined> {
  const denied = deniedCause(error);
  if (denied === undefined) return undefined;
  const [, caller] = /User: (arn:\S+)/.exec(denied.message) ?? [];
  const [, action] = /not authorized to perform: ([\w-]+:\w+)/.exec(denied.message) ?? [];
  const [, resource] = /on resource: "?([^\s"]+)/.exec(denied.message) ?? [];
  return { caller: caller ?? (await knownCaller(config)), action, resource, message: denied.message };
}

/** A bucket that does not exist. The names of Kedge's buckets have the account, so the credentials may be of another account. */
export type MissingBucket = { readonly bucket: string; readonly caller: string | undefined };

export async function missingBucketOf(
  error: unknown,
  config: OperatorConfig,
): Promise<MissingBucket | undefined> {
  if (!isNamed(error, "NoSuchBucket")) return undefined;
  const { BucketName = "of this name" } = error as { readonly BucketName?: string };
  return { bucket: BucketName, caller: await knownCaller(config) };
}

function deniedCause(error: unknown): Error | undefined {
  if (!(error instanceof Error)) return undefined;
  return isNamed(error, ...names) ? error : deniedCause(error.cause);
}

/** No policy can deny GetCallerIdentity (STS API Reference), so a failure has another cause, and the denial is the better error. */
const knownCaller = (config: OperatorConfig): Promise<string | undefined> =>
  callerArn(config).catch(() => undefined);
