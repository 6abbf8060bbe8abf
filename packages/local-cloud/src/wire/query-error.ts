/**
 * Writes the header that carries an error code of the Query protocol. Only a service that moved from Query to a newer
 * protocol sends it (Smithy, trait `awsQueryCompatible`): SQS and CloudWatch, which list both protocols.
 */
import type { AwsError } from "#cloud/kernel/aws-error.ts";
import type { WiredService } from "./wire.ts";

export function queryErrorHeader({ service, schema }: WiredService, error: AwsError): Record<string, string> {
  if (!service.protocols.includes("query")) return {};
  const code = schema.errors.get(error.code)?.awsQueryError?.[0];
  if (code === undefined) return {};
  return { "x-amzn-query-error": `${code};${error.status >= 500 ? "Receiver" : "Sender"}` };
}
