/** The few errors of AWS that are answers. Everything else, a throttle or a denial above all, is thrown on. */

export const isNamed = (error: unknown, ...names: readonly string[]): boolean =>
  error instanceof Error && names.includes(error.name);

/** S3's answer to HEAD has no body, so its 404 has no better name. A 403 may hide a missing object: it is no answer. */
export const isMissingObject = (error: unknown): boolean => isNamed(error, "NotFound", "NoSuchKey");

/** CloudFormation has no error of its own for a stack that is not there; the words are the only sign. */
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
