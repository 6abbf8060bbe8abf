/**
 * The one port of the cloud: finds the service of a request, identifies the caller, reads the input, lets the
 * kernel run the call, and answers in the caller's protocol.
 */
import { createHash, randomUUID } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import type { Administrators } from "./administrators.ts";
import { findProtocol, findService } from "./find-service.ts";
import { identifyCaller } from "./identify-caller.ts";
import { AwsError } from "./kernel/aws-error.ts";
import type { Kernel } from "./kernel/cloud.ts";
import { CallerCrash } from "./kernel/run-call.ts";
import type { Protocol } from "./kernel/service.ts";
import { unknownService } from "./kernel/unknown-service.ts";
import { sendResponse } from "./send-response.ts";
import { unframeBody } from "./unframe-body.ts";
import { rejectionOf } from "./web-guard.ts";
import { AwsChunkedBody } from "./wire/aws-chunked.ts";
import { createCborWire } from "./wire/cbor.ts";
import { createJsonWire } from "./wire/json.ts";
import { createQueryWire } from "./wire/query.ts";
import { createRestJsonWire } from "./wire/rest-json.ts";
import { createRestXmlWire } from "./wire/rest-xml.ts";
import { createRoutedXmlWire } from "./wire/routed-xml.ts";
import type { SignedRequest } from "./wire/signed-request.ts";
import { readSignature, type Signature } from "./wire/sigv4.ts";
import { answerUnknownService } from "./wire/unknown-service.ts";
import { bytesOf, type Wire, type WiredService, type WireRequest, type WireResponse } from "./wire/wire.ts";

type GatewayOptions = {
  readonly kernel: () => Kernel;
  /** Answers `/_cloud/…`. Absent: the door has no such path. */
  readonly admin?: (request: IncomingMessage, path: string) => Promise<WireResponse>;
  readonly administrators: () => Administrators;
  /** The account whose administrator an unknown access key gets. Absent: the key is rejected. */
  readonly fallbackAccount?: string;
  readonly defaultRegion: string;
  /** Further names that clients reach the cloud by. */
  readonly hosts?: readonly string[];
};

/** A request to a known service. */
type Exchange = {
  readonly incoming: IncomingMessage;
  readonly kernel: Kernel;
  readonly wired: WiredService;
  readonly wire: Wire;
  readonly head: SignedRequest;
  readonly signature: Signature | undefined;
  readonly requestId: string;
  /** Its body is replaced as soon as the caller is known. */
  request: WireRequest;
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
    const head = readHead(incoming);
    const { method, path, rawQuery, headers } = head;
    const rejection = rejectionOf(path, headers, options.hosts);
    if (rejection !== undefined) return reject(incoming, outgoing, rejection);
    if (path.startsWith("/_cloud/")) {
      const response = (await options.admin?.(incoming, path)) ?? { status: 404, headers: {}, body: "" };
      return sendResponse(outgoing, response);
    }
    const kernel = options.kernel();
    const signature = readSignature(head);
    const document = method === "GET" && signature === undefined ? kernel.document(path) : undefined;
    if (document !== undefined)
      return sendResponse(outgoing, {
        status: 200,
        headers: { "content-type": "text/plain" },
        body: document,
      });
    const wired = findService(kernel, signature, head);
    if (wired === undefined) {
      const name = signature?.service ?? headers["x-amz-target"] ?? path;
      const error = unknownService(name, kernel.cloud.log);
      return sendResponse(outgoing, answerUnknownService(name, error, head, requestId));
    }
    const exchange: Exchange = {
      ...{ incoming, head, kernel, signature, wired, requestId },
      wire: wires[findProtocol(wired, head)],
      request: { method, path, query: new URLSearchParams(rawQuery), headers, body: incoming },
    };
    try {
      await sendResponse(outgoing, await runRequest(exchange, options), method === "HEAD");
    } catch (error) {
      await sendError(exchange, outgoing, error);
    }
  };

  return (incoming, outgoing) => {
    answer(incoming, outgoing).catch((error: unknown) => {
      options.kernel().cloud.log(`gateway: ${stackOf(error)}`);
      outgoing.destroy();
    });
  };
}

/** It answers in plain text: the request comes from no client of AWS. */
function reject(incoming: IncomingMessage, outgoing: ServerResponse, rejection: string): Promise<void> {
  incoming.resume();
  const headers = { "content-type": "text/plain; charset=utf-8", connection: "close" };
  return sendResponse(outgoing, { status: 403, headers, body: `${rejection}\n` }, incoming.method === "HEAD");
}

function readHead(incoming: IncomingMessage): SignedRequest {
  const target = incoming.url ?? "/";
  const queryStart = target.indexOf("?");
  const [path, rawQuery] =
    queryStart < 0 ? [target, ""] : [target.slice(0, queryStart), target.slice(queryStart + 1)];
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
  );
  return { method: incoming.method ?? "GET", path, rawQuery, headers };
}

/** Identifies the caller, reads the input, runs the call, and writes the output. */
async function runRequest(
  exchange: Exchange,
  { fallbackAccount, administrators, defaultRegion }: GatewayOptions,
): Promise<WireResponse> {
  const { incoming, head, kernel, signature, wired, wire, requestId } = exchange;
  let body: Readable = incoming;
  const { principal, accessKeyId } = await identifyCaller({
    ...{ kernel, service: wired.service, request: head, signature, fallbackAccount },
    administrators: administrators(),
    hashBody: async () => {
      const bytes = await bytesOf(incoming);
      body = Readable.from(bytes.length === 0 ? [] : [bytes]);
      return createHash("sha256").update(bytes).digest("hex");
    },
  });
  const request = { ...exchange.request, body: unframeBody(body, head.headers, signature) };
  exchange.request = request;
  const call = await wire.read(wired, request);
  if (request.body instanceof AwsChunkedBody) call.input["$trailers"] = request.body.trailers;
  const region = signature?.region || defaultRegion;
  const sourceIp = incoming.socket.remoteAddress ?? "127.0.0.1";
  const output = await kernel.call(
    { service: wired.service.name, operation: call.operation.name, input: call.input, principal, region },
    { requestId, sourceIp, ...(accessKeyId && { accessKeyId }) },
  );
  return wire.write(wired, call, output, requestId);
}

async function sendError(
  { incoming, kernel, request, requestId, wire, wired }: Exchange,
  outgoing: ServerResponse,
  error: unknown,
): Promise<void> {
  if (error instanceof CallerCrash) return void incoming.socket.destroy();
  const shown = errorForClient(error, wired, kernel);
  if (outgoing.headersSent) return void outgoing.destroy();
  // The gateway has to read a body that the client is still sending, or the connection breaks before
  // the client reads the answer. The stream that removes the framing stops when no reader is left, so
  // it is drained.
  request.body.on("error", () => undefined).resume();
  incoming.resume();
  await sendResponse(outgoing, wire.fail(wired, shown, requestId, request));
}

/** AWS's own error as it is; any other one is logged, and the client gets an internal failure. */
function errorForClient(error: unknown, { service }: WiredService, kernel: Kernel): AwsError {
  if (error instanceof AwsError) return error;
  kernel.cloud.log(`${service.name}: ${stackOf(error)}`);
  return new AwsError("InternalFailure", "We encountered an internal error. Please try again.", 500);
}

const stackOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);
