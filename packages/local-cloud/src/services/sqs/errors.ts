/** Makes the errors of SQS, with AWS's codes and messages. */
import { AwsError } from "#cloud/kernel/aws-error.ts";

export const queueDoesNotExist = (): AwsError =>
  new AwsError("QueueDoesNotExist", "The specified queue does not exist.");

export const invalidValue = (value: unknown, parameter: string, reason: string): AwsError =>
  new AwsError(
    "InvalidParameterValue",
    `Value ${String(value)} for parameter ${parameter} is invalid. Reason: ${reason}`,
  );

export const missingParameter = (parameter: string): AwsError =>
  new AwsError("MissingParameter", `The request must contain the parameter ${parameter}.`);

export const invalidAttributeValue = (name: string): AwsError =>
  new AwsError("InvalidAttributeValue", `Invalid value for the parameter ${name}.`);

export const unknownAttribute = (name: string): AwsError =>
  new AwsError("InvalidAttributeName", `Unknown Attribute ${name}.`);

export const resourceNotFound = (message: string): AwsError =>
  new AwsError("ResourceNotFoundException", message, 404);

export const unsupported = (message: string): AwsError => new AwsError("UnsupportedOperation", message);
