/** An error that AWS itself would send; the wire gives it the shape of its protocol. */

/** Members AWS adds to the error document beside code and message, e.g. `Bucket`, `Key`, `existingPipelineName`. */
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

/** True when `error` is AWS's error `code`; what a service asks before it treats a refusal as an answer. */
export const isAwsError = (error: unknown, ...codes: readonly string[]): error is AwsError =>
  error instanceof AwsError && (codes.length === 0 || codes.includes(error.code));
