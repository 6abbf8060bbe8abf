/** Creates the four errors with which AWS rejects a declaration. */
import { AwsError } from "#cloud/kernel/aws-error.ts";

export const invalidStructure = (message: string): AwsError =>
  new AwsError("InvalidStructureException", message);
export const invalidStage = (message: string): AwsError =>
  new AwsError("InvalidStageDeclarationException", message);
export const invalidAction = (message: string): AwsError =>
  new AwsError("InvalidActionDeclarationException", message);
export const limitExceeded = (message: string): AwsError => new AwsError("LimitExceededException", message);

/** Returns the first value that occurs more than once. */
export const repeated = (values: readonly string[]): string | undefined =>
  values.find((value, index) => values.indexOf(value) !== index);
