/** Finds the service and the protocol of a request. */
import type { Kernel } from "./kernel/cloud.ts";
import type { Protocol } from "./kernel/service.ts";
import type { SignedRequest } from "./wire/signed-request.ts";
import type { Signature } from "./wire/sigv4.ts";
import type { WiredService } from "./wire/wire.ts";

/**
 * Finds the service by the signature's scope. An unsigned call is found by target header, form action, as an address
 * of an SNS message or, last, as an anonymous S3 request.
 */
export function findService(
  kernel: Kernel,
  signature: Signature | undefined,
  { headers, path, rawQuery }: Pick<SignedRequest, "headers" | "path" | "rawQuery">,
): WiredService | undefined {
  if (signature !== undefined)
    return kernel.wired.get(signature.service === "s3express" ? "s3" : signature.service);
  const target = headers["x-amz-target"]?.split(".")[0];
  if (target !== undefined)
    return [...kernel.wired.values()].find(({ service }) => service.target === target);
  if ((headers["content-type"] ?? "").startsWith("application/x-www-form-urlencoded") && path === "/")
    return kernel.wired.get("sts");
  // SubscribeURL and UnsubscribeURL of a message are opened without a signature.
  if (path === "/" && /(^|&)Action=(ConfirmSubscription|Unsubscribe)(&|$)/.test(rawQuery))
    return kernel.wired.get("sns");
  return kernel.wired.get("s3");
}

export function findProtocol(
  { service }: WiredService,
  { headers }: Pick<SignedRequest, "headers">,
): Protocol {
  const asked: Protocol | undefined =
    headers["smithy-protocol"] === "rpc-v2-cbor"
      ? "cbor"
      : headers["x-amz-target"] !== undefined
        ? service.protocols.find((protocol) => protocol.startsWith("json"))
        : (headers["content-type"] ?? "").startsWith("application/x-www-form-urlencoded")
          ? "query"
          : undefined;
  return asked !== undefined && service.protocols.includes(asked) ? asked : service.protocols[0];
}
