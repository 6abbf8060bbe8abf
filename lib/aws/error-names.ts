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

/** Undefined only when S3 answers that the object is missing. Every other error is thrown, a denial above all. */
export async function unlessMissing<Answer>(call: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isMissingObject(error)) return undefined;
    throw error;
  }
}

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
