/**
 * The errors with which the kernel rejects a call before a service sees it, in the words of the call's
 * protocol.
 */
import { AwsError } from "./aws-error.ts";
import type { Service } from "./service.ts";

export const denied = (service: Service, message: string): AwsError => {
  const code =
    service.deniedCode ??
    (["query", "rest-xml", "routed-xml"].includes(service.protocols[0])
      ? "AccessDenied"
      : "AccessDeniedException");
  return new AwsError(code, message, service.protocols[0].startsWith("json") ? 400 : 403);
};

export function notImplemented(
  service: Service,
  operation: string,
  known: boolean,
  log: (line: string) => void,
): AwsError {
  const file = `packages/local-cloud/src/services/${service.name}/${operation.replace(/(?<!^)([A-Z])/g, "-$1").toLowerCase()}.ts`;
  if (known) log(`${service.name}:${operation} is not implemented; add it to ${file}`);
  const query = service.protocols[0] === "query";
  return service.protocols[0] === "rest-xml"
    ? new AwsError(
        "NotImplemented",
        "A header you provided implies functionality that is not implemented",
        501,
      )
    : new AwsError(
        query ? "InvalidAction" : "UnknownOperationException",
        `The operation ${operation} is not implemented in the embedded cloud (${file}).`,
      );
}
