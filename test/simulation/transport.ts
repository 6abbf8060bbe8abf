/**
 * Connects an AWS client of a simulated function to the simulated cloud: in process, to the same kernel as
 * over the network. A call comes as an object (`direct-protocol.ts`), or as a request through the same wire
 * codecs as over the network. The watch decides the outcome of each call: it passes, fails, or is the last
 * call of its caller.
 */

import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { setImmediate, setTimeout } from "node:timers/promises";
import { AwsError } from "@kedge/local-cloud/kernel/aws-error";
import type { Kernel } from "@kedge/local-cloud/kernel/cloud";
import type { Protocol, Service } from "@kedge/local-cloud/kernel/service";
import { createCborWire } from "@kedge/local-cloud/wire/cbor";
import { createJsonWire } from "@kedge/local-cloud/wire/json";
import { createQueryWire } from "@kedge/local-cloud/wire/query";
import { createRestJsonWire } from "@kedge/local-cloud/wire/rest-json";
import { createRestXmlWire } from "@kedge/local-cloud/wire/rest-xml";
import { createRoutedXmlWire } from "@kedge/local-cloud/wire/routed-xml";
import { readSignature } from "@kedge/local-cloud/wire/sigv4";
import {
  bytesOf,
  type Wire,
  type WiredService,
  type WireRequest,
  type WireResponse,
} from "@kedge/local-cloud/wire/wire";
import type { Asked } from "./asked.ts";
import { splitBatch } from "./batches.ts";
import { type DirectCall, DirectResponse, isDirect } from "./direct-protocol.ts";

export type CallOutcome =
  | { readonly type: "pass" }
  /** The caller dies. `before` means without the call's effect. */
  | { readonly type: "die"; readonly when: "before" | "after" }
  /** The call is rejected. */
  | { readonly type: "fail"; readonly error: AwsError }
  /** The effect happens, but the caller gets an error. */
  | { readonly type: "lose"; readonly error: AwsError }
  /** Only some entries of a batch succeed, and the answer lists the failed ones. */
  | { readonly type: "partial"; readonly done: (index: number) => boolean };

/** The observer of a transport. It decides the outcome of each call, and gets the result. */
export type Watch = {
  readonly outcomeOf: (asked: Asked) => CallOutcome | Promise<CallOutcome>;
  readonly afterCall: (asked: Asked, outcome: string) => void | Promise<void>;
  /** The caller has died, and makes no further call. */
  readonly died: () => void;
  readonly dead: () => boolean;
};

/** The members of the SDK's request that the transport reads. */
type Request = {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
};

type Answer = {
  readonly response: {
    readonly statusCode: number;
    readonly headers: Record<string, string>;
    readonly body: unknown;
  };
};

/** A call that arrived, and the forms of its answers. */
type Received = {
  readonly caller: { readonly accessKeyId: string; readonly region: string };
  readonly asked: Asked;
  readonly answer: (output: unknown) => Promise<Answer>;
  readonly fail: (error: AwsError) => Promise<Answer>;
};

type Transport = {
  readonly handle: (request: Request) => Promise<Answer>;
  readonly metadata: { readonly handlerProtocol: string };
  readonly destroy: () => void;
};

export type Wires = Readonly<Record<Protocol, Wire>>;

/** Makes the routing tables once. They do not depend on a kernel. */
export const createWires = (): Wires => ({
  "json-1.0": createJsonWire("1.0"),
  "json-1.1": createJsonWire("1.1"),
  query: createQueryWire(),
  "rest-xml": createRestXmlWire(),
  "routed-xml": createRoutedXmlWire(),
  "rest-json": createRestJsonWire(),
  cbor: createCborWire(),
});

class NoSuchCaller extends Error {
  override name = "NoSuchCaller";
}

/**
 * A client pauses before it tries again, for at least a millisecond of the real clock. Concurrent calls wait
 * for that, because otherwise chance would decide their order.
 */
async function nextTry(): Promise<void> {
  for (let rounds = 0; rounds < 5; rounds += 1) await setImmediate();
  await setTimeout(3);
  await setImmediate();
}

const never = <Result>(): Promise<Result> => new Promise(() => undefined);

export function createTransport(kernel: Kernel, wires: Wires, watch: Watch): Transport {
  /** The call before was rejected on purpose, so its client will try again. */
  let rejected = false;
  const receive = (sent: Request, requestId: string): Promise<Received> =>
    isDirect(sent)
      ? receiveDirect(kernel, wires, sent.call, requestId)
      : receiveWired(kernel, wires, sent, requestId);
  const perform = async (sent: Request): Promise<Answer> => {
    rejected = false;
    if (watch.dead()) return never();
    const requestId = randomUUID();
    const { caller: called, asked, answer, fail } = await receive(sent, requestId);
    const caller = kernel.identities.find(called.accessKeyId);
    if (caller === undefined)
      throw new NoSuchCaller(`${called.accessKeyId} calls ${asked.service}, and is not known.`);
    const callOutcome = await watch.outcomeOf(asked);
    const reject = async (error: AwsError): Promise<Answer> => {
      await watch.afterCall(asked, error.code);
      return fail(error);
    };
    rejected = callOutcome.type === "fail" || callOutcome.type === "lose";
    if (callOutcome.type === "die" && callOutcome.when === "before") {
      await watch.afterCall(asked, "died before");
      watch.died();
      return never();
    }
    if (callOutcome.type === "fail") return reject(callOutcome.error);
    try {
      const split = callOutcome.type === "partial" ? splitBatch(asked, callOutcome.done) : undefined;
      const { service, operation } = asked;
      const { principal } = caller;
      const input = split === undefined ? asked.input : split.input;
      const output =
        input === undefined
          ? {}
          : await kernel.call(
              { service, operation, input, principal, region: called.region },
              { requestId, sourceIp: "127.0.0.1", accessKeyId: called.accessKeyId },
            );
      if (callOutcome.type === "die") {
        await watch.afterCall(asked, "died after");
        watch.died();
        return never();
      }
      if (callOutcome.type === "lose") return reject(callOutcome.error);
      await watch.afterCall(asked, "ok");
      return answer(split?.answer(output) ?? output);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      if (callOutcome.type === "die") {
        await watch.afterCall(asked, "died after");
        watch.died();
        return never();
      }
      return reject(error);
    }
  };
  // Concurrent calls run one after another, so that the same run always has the same order of calls.
  let previous: Promise<unknown> = Promise.resolve();
  const handle = (sent: Request): Promise<Answer> => {
    const mine = previous.then(() => perform(sent));
    previous = mine.catch(() => undefined).then(() => (rejected ? nextTry() : undefined));
    return mine;
  };
  return { handle, metadata: { handlerProtocol: "http/1.1" }, destroy: () => undefined };
}

async function receiveDirect(
  kernel: Kernel,
  wires: Wires,
  { namespace, operation, input, accessKeyId, region }: DirectCall,
  requestId: string,
): Promise<Received> {
  const wired = serviceWith(kernel, namespace);
  const [protocol] = wired.service.protocols;
  const [method = "POST"] = wired.schema.operations.get(operation)?.http ?? [];
  const request = { ...noRequest, method };
  return {
    caller: { accessKeyId, region },
    asked: { service: wired.service.name, operation, input },
    answer: async (output) => ({ response: new DirectResponse(output) }),
    fail: (error) => answerOf(wires[protocol].fail(wired, error, requestId, request), request),
  };
}

const noRequest = { path: "/", query: new URLSearchParams(), headers: {}, body: Readable.from([]) };

/** Finds the service whose schemas have the namespace. */
export function serviceWith({ wired }: Pick<Kernel, "wired">, namespace: string): WiredService {
  for (const service of wired.values()) if (service.schema.namespace === namespace) return service;
  throw new NoSuchCaller(`No service has the schemas of ${namespace}.`);
}

async function receiveWired(
  kernel: Kernel,
  wires: Wires,
  sent: Request,
  requestId: string,
): Promise<Received> {
  const request = wireRequest(sent);
  const rawQuery = request.query.toString();
  const signature = readSignature({ ...request, rawQuery });
  const wired = kernel.wired.get(signature?.service ?? "");
  if (signature === undefined || wired === undefined)
    throw new NoSuchCaller(`${signature?.accessKeyId} calls ${signature?.service}, which is not known.`);
  const wire = wires[protocolOf(wired.service, request)];
  const call = await wire.read(wired, request);
  return {
    caller: signature,
    asked: { service: wired.service.name, operation: call.operation.name, input: call.input },
    answer: (output) => answerOf(wire.write(wired, call, output, requestId), request),
    fail: (error) => answerOf(wire.fail(wired, error, requestId, request), request),
  };
}

/** A client that names its operation in a header sends JSON, also when the service prefers another protocol. */
const protocolOf = ({ protocols }: Service, { headers }: WireRequest): Protocol =>
  (headers["x-amz-target"] !== undefined && protocols.find((each) => each.startsWith("json"))) ||
  protocols[0];

function wireRequest({ method, path, query = {}, headers, body }: Request): WireRequest {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    for (const each of [value].flat()) parameters.append(name, each ?? "");
  return {
    method,
    path,
    query: parameters,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    body: streamOf(body),
  };
}

function streamOf(body: unknown): Readable {
  if (body instanceof Readable) return body;
  if (typeof body === "string") return Readable.from(body === "" ? [] : [Buffer.from(body)]);
  if (!(body instanceof Uint8Array) || body.length === 0) return Readable.from([]);
  // A plain view of the bytes, because the SDK's own object logs a warning when it is read as text.
  return Readable.from([Buffer.from(body.buffer, body.byteOffset, body.byteLength)]);
}

async function answerOf({ status, headers, body }: WireResponse, { method }: WireRequest): Promise<Answer> {
  const bytes = body instanceof Readable ? await bytesOf(body) : Buffer.from(body);
  return {
    response: {
      statusCode: status,
      headers: { "content-length": String(bytes.length), ...headers },
      body: Readable.from(method === "HEAD" || bytes.length === 0 ? [] : [bytes]),
    },
  };
}
