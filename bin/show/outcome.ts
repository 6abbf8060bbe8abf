/**
 * Ends a command: the exit code gives the release's outcome, so a CI parses no text, and an error is one
 * sentence.
 */
import { CommanderError } from "commander";
import { bucketRegionOf } from "#aws/bucket-region.ts";
import { denialOf, missingBucketOf } from "#aws/denial.ts";
import { awsConfig } from "#bin/input/aws-config.ts";
import { OperateError, type Outcome } from "#operate/operate-error.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import type { ResultStatus } from "#release/line/result.ts";
import { type DeniedCommand, denialText, missingBucketText } from "./denial.ts";

/** Documented in `kedge --help`. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  rejected: 2,
  superseded: 3,
  timedOut: 4,
  waitingForApproval: 5,
  usage: 64,
  interrupted: 130,
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
      return exitCodes.failed;
    case "waiting-for-approval":
      return exitCodes.waitingForApproval;
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

const outcomeCodes: Readonly<Record<Outcome, number>> = {
  usage: exitCodes.usage,
  failed: exitCodes.failed,
  rejected: exitCodes.rejected,
  "timed-out": exitCodes.timedOut,
};

/** The exit code of an error of the command, and the text that is printed for it. */
export async function endOf(
  error: unknown,
  command: DeniedCommand,
): Promise<{ readonly exitCode: number; readonly text: string }> {
  // Commander has printed its own errors already.
  if (error instanceof CommanderError)
    return { exitCode: error.exitCode === 0 ? exitCodes.ok : exitCodes.usage, text: "" };
  if (error instanceof ReleaseError) {
    const text = `kedge: ${error.code}: ${error.message}\n  ${error.remedy}\n`;
    return { exitCode: exitCodes.rejected, text };
  }
  if (error instanceof OperateError)
    return { exitCode: outcomeCodes[error.outcome], text: `kedge: ${error.message}\n` };
  if (error instanceof CommandError) return { exitCode: error.exitCode, text: `kedge: ${error.message}\n` };
  const denial = await denialOf(error, awsConfig());
  if (denial !== undefined)
    return { exitCode: exitCodes.failed, text: `kedge: ${denialText(denial, command)}\n` };
  const missing = await missingBucketOf(error, awsConfig());
  if (missing !== undefined)
    return { exitCode: exitCodes.usage, text: `kedge: ${missingBucketText(missing, command)}\n` };
  const region = bucketRegionOf(error);
  if (region !== undefined) {
    const text = `kedge: The bucket is in ${region}, and the request went to another region; pass --region ${region} or set AWS_REGION.\n`;
    return { exitCode: exitCodes.usage, text };
  }
  const { name, message } = error instanceof Error ? error : { name: "Error", message: String(error) };
  return { exitCode: exitCodes.failed, text: `kedge: ${name}: ${message}\n` };
}
