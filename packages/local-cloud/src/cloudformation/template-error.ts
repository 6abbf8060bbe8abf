/** The two errors with which CloudFormation rejects a request before it starts. */
import { AwsError } from "#cloud/kernel/aws-error.ts";

export const validationError = (message: string): AwsError => new AwsError("ValidationError", message);

export const templateError = (message: string): AwsError =>
  validationError(`Template format error: ${message}`);

export const functionError = (message: string): AwsError => validationError(`Template error: ${message}`);
