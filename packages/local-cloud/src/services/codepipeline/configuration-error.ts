/** The error of an action that cannot start as it is configured. */
import { AwsError } from "#cloud/kernel/aws-error.ts";

export const configurationError = (message: string): AwsError => new AwsError("ConfigurationError", message);
