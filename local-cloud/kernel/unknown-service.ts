/** A service that is not here is said the same way, whoever asks for it. */
import { AwsError } from "./aws-error.ts";

/** Logs where it would have to be, and answers what its caller is told. */
export function unknownService(name: string, log: (line: string) => void): AwsError {
  log(
    `${name} is not implemented: add local-cloud/services/${name}/service.ts and its line in local-cloud/services/index.ts`,
  );
  const message = `The service ${name} is not implemented in the embedded cloud.`;
  return new AwsError("UnknownOperationException", message);
}
