/** An error that AWS itself would send. The wire protocol gives it its shape. */

/**
 * Members that AWS adds to the error document next to code and message, e.g. `Bucket`, `Key`,
 * `existingPipelineName`.
 */
export type ErrorDetail = Readonly<Record<string, unknown>>;

export class AwsError extends Error {
  override name = "AwsError";
  readonly code: string;
  readonly status: number;
  readonly detail: ErrorDetail;
  constructor(code: string, message: string, status = 400, detail: ErrorDetail = {}) {
    super(message);
    this.code = code;
    this.status = status;
    this.detail = detail;
  }
}

/**
 * True when `error` is AWS's error with one of the codes. A service checks this before it treats a
 * rejection as an answer.
 */
export const isAwsError = (error: unknown, ...codes: readonly string[]): error is AwsError =>
  error instanceof AwsError && (codes.length === 0 || codes.includes(error.code));
