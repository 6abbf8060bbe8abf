/** Reports a service that the embedded cloud does not have, with the same words to every caller. */
import { AwsError } from "./aws-error.ts";

/** Logs the file in which the service belongs, and returns the error for the caller. */
export function unknownService(name: string, log: (line: string) => void): AwsError {
  log(
    `${name} is not implemented: add packages/local-cloud/src/services/${name}/service.ts and its line in packages/local-cloud/src/services/index.ts`,
  );
  const message = `The service ${name} is not implemented in the embedded cloud.`;
  return new AwsError("UnknownOperationException", message);
}
