/** The four ways in which AWS refuses a declaration. */
import { AwsError } from "#cloud/kernel/aws-error.ts";

export const invalidStructure = (message: string): AwsError =>
  new AwsError("InvalidStructureException", message);
export const invalidStage = (message: string): AwsError =>
  new AwsError("InvalidStageDeclarationException", message);
export const invalidAction = (message: string): AwsError =>
  new AwsError("InvalidActionDeclarationException", message);
export const limitExceeded = (message: string): AwsError => new AwsError("LimitExceededException", message);

/** The first value that is there more than once. */
export const repeated = (values: readonly string[]): string | undefined =>
  values.find((value, index) => values.indexOf(value) !== index);
