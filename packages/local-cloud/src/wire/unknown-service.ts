/**
 * Answers a call of a service that the cloud does not have, in the protocol of the call. A client that cannot parse the
 * answer would show its own error and not the sentence.
 */
import type { AwsError } from "#cloud/kernel/aws-error.ts";
import { createCborWire } from "./cbor.ts";
import type { SignedRequest } from "./signed-request.ts";
import type { WireResponse } from "./wire.ts";
import { escapeXml } from "./xml.ts";

/** Services of the protocol rest-xml that the cloud does not have. Their calls look like those of rest-json. */
const restXml: readonly string[] = ["route53", "s3-control", "s3-outposts"];

export function answerUnknownService(
  name: string,
  { code, message, status }: AwsError,
  { headers }: Pick<SignedRequest, "headers">,
  requestId: string,
): WireResponse {
  const said = { __type: code, message };
  const answer = (type: string, body: string, more: Record<string, string> = {}): WireResponse => ({
    status,
    headers: { "content-type": type, "x-amzn-requestid": requestId, ...more },
    body,
  });
  if (headers["smithy-protocol"] === "rpc-v2-cbor") return createCborWire().failWith(said, status, requestId);
  const form = (headers["content-type"] ?? "").startsWith("application/x-www-form-urlencoded");
  const error = `<Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message>`;
  // EC2 has a form of its own (Smithy, "AWS EC2 query protocol").
  if (form && name === "ec2")
    return answer(
      "text/xml",
      `<Response><Errors><Error>${error}</Error></Errors><RequestID>${requestId}</RequestID></Response>`,
    );
  if (form || restXml.includes(name))
    return answer(
      "text/xml",
      `<ErrorResponse><Error><Type>Sender</Type>${error}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
    );
  const target = headers["x-amz-target"] !== undefined;
  return answer(target ? "application/x-amz-json-1.1" : "application/json", JSON.stringify(said), {
    "x-amzn-errortype": code,
  });
}
