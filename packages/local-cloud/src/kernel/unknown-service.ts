/** A service that is not here is said the same way, whoever asks for it. */
import { AwsError } from "./aws-error.ts";

/** Logs where it would have to be, and answers what its caller is told. */
export function unknownService(name: string, log: (line: string) => void): AwsError {
  log(
    `${name} is not implemented: add packages/local-cloud/src/services/${name}/service.ts and its line in packages/local-cloud/src/services/index.ts`,
  );
  const message = `The service ${name} is not implemented in the embedded cloud.`;
  return new AwsError("UnknownOperationException", message);
}
