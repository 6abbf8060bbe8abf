/** Makes the errors of Secrets Manager, with AWS's codes and messages. */
import { AwsError } from "#cloud/kernel/aws-error.ts";

export const notFound = (): AwsError =>
  new AwsError("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");

export const noSuchValue = (what: string): AwsError =>
  new AwsError(
    "ResourceNotFoundException",
    `Secrets Manager can't find the specified secret value for ${what}`,
  );

export const invalidParameter = (message: string): AwsError =>
  new AwsError("InvalidParameterException", message);
export const invalidRequest = (message: string): AwsError => new AwsError("InvalidRequestException", message);
export const exists = (message: string): AwsError => new AwsError("ResourceExistsException", message);

export const markedForDeletion = (): AwsError =>
  invalidRequest("You can't perform this operation on the secret because it was marked for deletion.");
