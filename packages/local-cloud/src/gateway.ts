/** The one port: finds who calls what in a request, lets the kernel decide and act, and answers in the caller's protocol. */
import { createHash, randomUUID } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AwsError } from "./kernel/aws-error.ts";
import { CallerCrash, type Kernel } from "./kernel/cloud.ts";
import { accountRoot, type Principal } from "./kernel/principal.ts";
import type { Protocol } from "./kernel/service.ts";
import { unknownService } from "./kernel/unknown-service.ts";
import { AwsChunkedBody } from "./wire/aws-chunked.ts";
import { createCborWire } from "./wire/cbor.ts";
import { createJsonWire } from "./wire/json.ts";
import { createQueryWire } from "./wire/query.ts";
import { createRestJsonWire } from "./wire/rest-json.ts";
import { createRestXmlWire } from "./wire/rest-xml.ts";
import { createRoutedXmlWire } from "./wire/routed-xml.ts";
import { checkExpiry, readSignature, type Signature, verifySignature } from "./wire/sigv4.ts";
import { bytesOf, type Wire, type WiredService, type WireRequest, type WireResponse } from "./wire/wire.ts";

type GatewayOptions = {
  readonly kernel: () => Kernel;
  /** Answers `/_cloud/…`. */
  readonly admin: (request: IncomingMessage, path: string) => Promise<WireResponse>;
  /** Whose administrator an unknown access key is; absent: it is refused. */
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
    const mark = target.indexOf("?");
    const [path, rawQuery] = mark < 0 ? [target, ""] : [target.slice(0, mark), target.slice(mark + 1)];
    if (path.startsWith("/_cloud/")) return send(outgoing, await options.admin(incoming, path));
    const headers = Object.fromEntries(
      Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
    );
    const kernel = options.kernel();
    const signature = readSignature({ method: incoming.method ?? "", path, rawQuery, headers });
    const wired = serviceOf(kernel, signature, headers, path);
    if (wired === undefined) {
      const name = signature?.service ?? headers["x-amz-target"] ?? path;
      const { code: __type, message } = unknownService(name, kernel.cloud.log);
      return send(outgoing, {
        status: 400,
        headers: { "content-type": "application/x-amz-json-1.1" },
        body: JSON.stringify({ __type, message }),
      });
    }
    const wire = wires[protocolOf(wired, headers)];
    const method = incoming.method ?? "GET";
    let body: Readable = incoming;
    let request: WireRequest = { method, path, query: new URLSearchParams(rawQuery), headers, body };
    try {
      const { principal, accessKeyId } = await identify(
        kernel,
        { method, path, rawQuery, headers },
        signature,
        async () => {
          const bytes = await bytesOf(incoming);
          body = Readable.from(bytes.length === 0 ? [] : [bytes]);
          return createHash("sha256").update(bytes).digest("hex");
        },
      );
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
      if (!(error instanceof AwsError))
        kernel.cloud.log(
          `${wired.service.name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
        );
      const shown =
        error instanceof AwsError
          ? error
          : new AwsError("InternalFailure", "We encountered an internal error. Please try again.", 500);
      if (outgoing.headersSent) return void outgoing.destroy();
      // A body the client is still sending has to be taken, or its connection breaks before it reads the answer.
      // It goes through what takes its framing off, which holds it up once nobody reads there.
      request.body.on("error", () => undefined).resume();
      incoming.resume();
      await send(outgoing, wire.fail(wired, shown, requestId, request));
    }
  };

  const identify = async (
    kernel: Kernel,
    signed: { method: string; path: string; rawQuery: string; headers: Record<string, string> },
    signature: Signature | undefined,
    hashBody: () => Promise<string>,
  ): Promise<{ readonly principal: Principal; readonly accessKeyId?: string }> => {
    if (signature === undefined) return { principal: { kind: "anonymous" } };
    const { accessKeyId } = signature;
    checkExpiry(signature, new Date());
    if (/^\d{12}$/.test(accessKeyId)) return { principal: accountRoot(accessKeyId), accessKeyId };
    const identity = kernel.identities.find(accessKeyId);
    if (identity === undefined) {
      if (options.fallbackAccount !== undefined)
        return { principal: accountRoot(options.fallbackAccount), accessKeyId };
      throw signature.service === "s3"
        ? new AwsError(
            "InvalidAccessKeyId",
            "The AWS Access Key Id you provided does not exist in our records.",
            403,
            { AWSAccessKeyId: accessKeyId },
          )
        : new AwsError("InvalidClientTokenId", "The security token included in the request is invalid.", 403);
    }
    if (identity.expiration !== undefined && identity.expiration <= kernel.cloud.clock.now()) {
      throw new AwsError(
        signature.service === "s3" ? "ExpiredToken" : "ExpiredTokenException",
        "The security token included in the request is expired",
        signature.service === "s3" ? 400 : 403,
      );
    }
    if (identity.sessionToken !== undefined && identity.sessionToken !== signature.sessionToken) {
      throw new AwsError(
        signature.service === "s3" ? "InvalidToken" : "InvalidClientTokenId",
        "The security token included in the request is invalid.",
        403,
      );
    }
    if (identity.secretAccessKey !== undefined) {
      const bodyHash = signature.payloadHash === undefined ? await hashBody() : "";
      // Clients sign with the wall clock, also while the cloud's clock is ahead of it.
      verifySignature(signed, signature, identity.secretAccessKey, new Date(), () => bodyHash);
    }
    return { principal: identity.principal, accessKeyId };
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

/** By the signature's scope; unsigned calls by target header, form action or, last, as an anonymous S3 request. */
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

/** Takes the framing off, or, where the client signed the body's hash, compares it as the body passes. */
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
