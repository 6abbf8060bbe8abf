/** How a command ends: the exit code says what became of the release, so that a CI needs no parsing. */
import type { ResultStatus } from "#release/line/result.ts";

/** Documented in `kedge --help`. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  rejected: 2,
  superseded: 3,
  timedOut: 4,
  usage: 64,
} as const;

export const exitCodeOf = (status: ResultStatus): number => {
  switch (status) {
    case "released":
    case "torn-down":
      return exitCodes.ok;
    case "rejected":
      return exitCodes.rejected;
    case "superseded":
      return exitCodes.superseded;
    case "failed":
    case "waiting":
    case "releasing":
    case "waiting-for-approval":
      return exitCodes.failed;
  }
};

/** Ends a command with a sentence for people instead of a stack trace. */
export class CommandError extends Error {
  override name = "CommandError";
  readonly exitCode: number;
  constructor(message: string, exitCode: number = exitCodes.usage, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}
