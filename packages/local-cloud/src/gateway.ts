/**
 * The one port of the cloud: identifies the caller and the operation of a request, lets the kernel run the
 * call, and answers in the caller's protocol.
 */
import { createHash, randomUUID } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { identifyCaller } from "./identify-caller.ts";
import { AwsError } from "./kernel/aws-error.ts";
import type { Kernel } from "./kernel/cloud.ts";
import { CallerCrash } from "./kernel/run-call.ts";
import type { Protocol } from "./kernel/service.ts";
import { unknownService } from "./kernel/unknown-service.ts";
import { AwsChunkedBody } from "./wire/aws-chunked.ts";
import { createCborWire } from "./wire/cbor.ts";
import { createJsonWire } from "./wire/json.ts";
import { createQueryWire } from "./wire/query.ts";
import { createRestJsonWire } from "./wire/rest-json.ts";
import { createRestXmlWire } from "./wire/rest-xml.ts";
import { createRoutedXmlWire } from "./wire/routed-xml.ts";
import { readSignature, type Signature } from "./wire/sigv4.ts";
import { bytesOf, type Wire, type WiredService, type WireRequest, type WireResponse } from "./wire/wire.ts";

type GatewayOptions = {
  readonly kernel: () => Kernel;
  /** Answers `/_cloud/…`. */
  readonly admin: (request: IncomingMessage, path: string) => Promise<WireResponse>;
  /** The account whose administrator an unknown access key gets. Absent: the key is rejected. */
  readonly fallbackAccount?: string;
  readonly defaultRegion: string;
};

export function createGateway(options: GatewayOptions): RequestListener {
  const wires: Readonly<Record<Protocol, Wire>> = {
    "json-1.0": createJsonWire("1.0"),
    "json-1.1": createJsonWire("1.1"),
    query: createQueryWire(),
    "rest-xml": createRestXmlWire(),
    "routed-xml": createRoutedXmlWire(),
    "rest-json": createRestJsonWire(),
    cbor: createCborWire(),
  };

  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const requestId = randomUUID();
    const target = incoming.url ?? "/";
    const queryStart = target.indexOf("?");
    const [path, rawQuery] =
      queryStart < 0 ? [target, ""] : [target.slice(0, queryStart), target.slice(queryStart + 1)];
    if (path.startsWith("/_cloud/")) return send(outgoing, await options.admin(incoming, path));
    const headers = Object.fromEntries(
      Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
    );
    const kernel = options.kernel();
    const signature = readSignature({ method: incoming.method ?? "", path, rawQuery, headers });
    const wired = serviceOf(kernel, signature, headers, path);
    if (wired === undefined)
      return send(
        outgoing,
        unknownServiceAnswer(signature?.service ?? headers["x-amz-target"] ?? path, kernel),
      );
    const wire = wires[protocolOf(wired, headers)];
    const method = incoming.method ?? "GET";
    let body: Readable = incoming;
    let request: WireRequest = { method, path, query: new URLSearchParams(rawQuery), headers, body };
    try {
      const { principal, accessKeyId } = await identifyCaller({
        kernel,
        service: wired.service,
        request: { method, path, rawQuery, headers },
        signature,
        fallbackAccount: options.fallbackAccount,
        hashBody: async () => {
          const bytes = await bytesOf(incoming);
          body = Readable.from(bytes.length === 0 ? [] : [bytes]);
          return createHash("sha256").update(bytes).digest("hex");
        },
      });
      request = { ...request, body: unframe(body, headers, signature) };
      const call = await wire.read(wired, request);
      if (request.body instanceof AwsChunkedBody) call.input["$trailers"] = request.body.trailers;
      const region = signature?.region || options.defaultRegion;
      const output = await kernel.call(
        { service: wired.service.name, operation: call.operation.name, input: call.input, principal, region },
        {
          requestId,
          sourceIp: incoming.socket.remoteAddress ?? "127.0.0.1",
          ...(accessKeyId && { accessKeyId }),
        },
      );
      await send(outgoing, wire.write(wired, call, output, requestId), method === "HEAD");
    } catch (error) {
      if (error instanceof CallerCrash) return void incoming.socket.destroy();
      const shown = errorForClient(error, wired, kernel);
      if (outgoing.headersSent) return void outgoing.destroy();
      // The gateway has to read a body that the client is still sending, or the connection breaks before
      // the client reads the answer. The stream that removes the framing stops when no reader is left, so
      // it is drained.
      request.body.on("error", () => undefined).resume();
      incoming.resume();
      await send(outgoing, wire.fail(wired, shown, requestId, request));
    }
  };

  return (incoming, outgoing) => {
    answer(incoming, outgoing).catch((error: unknown) => {
      options
        .kernel()
        .cloud.log(`gateway: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      outgoing.destroy();
    });
  };
}

function unknownServiceAnswer(name: string, kernel: Kernel): WireResponse {
  const { code: __type, message } = unknownService(name, kernel.cloud.log);
  return {
    status: 400,
    headers: { "content-type": "application/x-amz-json-1.1" },
    body: JSON.stringify({ __type, message }),
  };
}

/** AWS's own error as it is; any other one is logged, and the client gets an internal failure. */
function errorForClient(error: unknown, { service }: WiredService, kernel: Kernel): AwsError {
  if (error instanceof AwsError) return error;
  kernel.cloud.log(
    `${service.name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  );
  return new AwsError("InternalFailure", "We encountered an internal error. Please try again.", 500);
}

/**
 * Finds the service by the signature's scope. An unsigned call is found by target header, form action or,
 * last, as an anonymous S3 request.
 */
function serviceOf(
  kernel: Kernel,
  signature: Signature | undefined,
  headers: Record<string, string>,
  path: string,
): WiredService | undefined {
  if (signature !== undefined)
    return kernel.wired.get(signature.service === "s3express" ? "s3" : signature.service);
  const target = headers["x-amz-target"]?.split(".")[0];
  if (target !== undefined)
    return [...kernel.wired.values()].find(({ service }) => service.target === target);
  if ((headers["content-type"] ?? "").startsWith("application/x-www-form-urlencoded") && path === "/")
    return kernel.wired.get("sts");
  return kernel.wired.get("s3");
}

function protocolOf({ service }: WiredService, headers: Record<string, string>): Protocol {
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

/**
 * Removes the framing. Where the client signed the body's hash, it compares the hash while the body passes.
 */
function unframe(
  body: Readable,
  headers: Record<string, string>,
  signature: Signature | undefined,
): Readable {
  const hash = signature?.payloadHash ?? headers["x-amz-content-sha256"] ?? "";
  if (hash.startsWith("STREAMING-")) {
    const framed = new AwsChunkedBody();
    pipeline(body, framed).catch((error: unknown) => framed.destroy(error as Error));
    return framed;
  }
  if (!/^[0-9a-f]{64}$/.test(hash)) return body;
  const digest = createHash("sha256");
  const checked = new Transform({
    transform: (chunk, _encoding, done) => {
      digest.update(chunk);
      done(null, chunk);
    },
    flush: (done) =>
      done(
        digest.digest("hex") === hash
          ? null
          : new AwsError(
              "XAmzContentSHA256Mismatch",
              "The provided 'x-amz-content-sha256' header does not match what was computed.",
            ),
      ),
  });
  pipeline(body, checked).catch((error: unknown) => checked.destroy(error as Error));
  return checked;
}

async function send(outgoing: ServerResponse, response: WireResponse, headOnly = false): Promise<void> {
  if (response.body instanceof Readable) {
    outgoing.writeHead(response.status, response.headers);
    await pipeline(response.body, outgoing);
    return;
  }
  const bytes = typeof response.body === "string" ? Buffer.from(response.body) : response.body;
  const length =
    headOnly && response.headers["content-length"] !== undefined
      ? {}
      : response.status === 204 || response.status === 304
        ? {}
        : { "content-length": String(bytes.length) };
  outgoing.writeHead(response.status, { ...response.headers, ...length });
  outgoing.end(headOnly ? undefined : bytes);
}
