/** Makes Lambda's errors, with AWS's codes and messages. */
import { AwsError } from "#cloud/kernel/aws-error.ts";

export const notFound = (message: string): AwsError =>
  new AwsError("ResourceNotFoundException", message, 404, { Type: "User" });

export const functionNotFound = (arn: string): AwsError => notFound(`Function not found: ${arn}`);

export const invalidParameter = (message: string): AwsError =>
  new AwsError("InvalidParameterValueException", message, 400, { Type: "User" });

export const conflict = (message: string): AwsError =>
  new AwsError("ResourceConflictException", message, 409, { Type: "User" });

export const throttled = (reason: string): AwsError =>
  new AwsError("TooManyRequestsException", "Rate Exceeded.", 429, { Reason: reason, Type: "User" });

/** The message of AWS's front end for a member that violates its constraint. */
export const constraint = (value: unknown, member: string, rule: string): AwsError =>
  new AwsError(
    "ValidationException",
    `1 validation error detected: Value '${String(value)}' at '${member}' failed to satisfy constraint: ${rule}`,
  );
