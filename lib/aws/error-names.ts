/**
 * Recognizes the few errors of AWS that are answers, such as a missing object. All other errors, throttles
 * and denials above all, are thrown.
 */

export const isNamed = (error: unknown, ...names: readonly string[]): boolean =>
  error instanceof Error && names.includes(error.name);

/**
 * S3's answer to HEAD has no body, so the SDK names its 404 `NotFound`. A 403 may hide a missing object, so
 * it is no answer.
 */
export const isMissingObject = (error: unknown): boolean => isNamed(error, "NotFound", "NoSuchKey");

/** CloudFormation has no error code for a missing stack; only the message shows it. */
export const isMissingStack = (error: unknown): boolean =>
  isNamed(error, "ValidationError") && /does not exist/.test((error as Error).message);

/** Awaits a call whose `names` mean that its effect is there already. */
export async function unlessDone(call: Promise<unknown>, ...names: readonly string[]): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!isNamed(error, ...names)) throw error;
  }
}
