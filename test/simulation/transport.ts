/**
 * How an AWS client of a simulated function reaches the simulated cloud: in process, through the same wire codecs and
 * the same kernel as over the network. Each call asks its fate first: to pass, to fail, or to be its caller's last.
 */

import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { setImmediate, setTimeout } from "node:timers/promises";
import { AwsError } from "@kedge/local-cloud/kernel/aws-error";
import type { Kernel } from "@kedge/local-cloud/kernel/cloud";
import type { Protocol } from "@kedge/local-cloud/kernel/service";
import { createJsonWire } from "@kedge/local-cloud/wire/json";
import { createQueryWire } from "@kedge/local-cloud/wire/query";
import { createRestJsonWire } from "@kedge/local-cloud/wire/rest-json";
import { createRestXmlWire } from "@kedge/local-cloud/wire/rest-xml";
import { readSignature } from "@kedge/local-cloud/wire/sigv4";
import { bytesOf, type Wire, type WireRequest, type WireResponse } from "@kedge/local-cloud/wire/wire";
import type { Asked } from "./asked.ts";
import { splitBatch } from "./batches.ts";

export type Fate =
  | { readonly type: "pass" }
  /** The caller dies; before: without the call's effect. */
  | { readonly type: "die"; readonly when: "before" | "after" }
  /** The call is refused. */
  | { readonly type: "fail"; readonly error: AwsError }
  /** The effect happens, and the caller hears of an error. */
  | { readonly type: "lose"; readonly error: AwsError }
  /** Of a batch only some entries are done; the answer tells which were not. */
  | { readonly type: "partial"; readonly done: (index: number) => boolean };

/** Who is on the other end of a transport: decides each call's fate and is told what became of it. */
export type Watch = {
  readonly fateOf: (asked: Asked) => Fate | Promise<Fate>;
  readonly told: (asked: Asked, outcome: string) => void | Promise<void>;
  /** The caller is dead: nothing of it is heard again. */
  readonly died: () => void;
  readonly dead: () => boolean;
};

/** What the SDK hands to a request handler, as far as we read it. */
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

export type Transport = {
  readonly handle: (request: Request) => Promise<Answer>;
  readonly metadata: { readonly handlerProtocol: string };
  readonly destroy: () => void;
};

export type Wires = Readonly<Record<Exclude<Protocol, "cbor" | "routed-xml">, Wire>>;

/** Their routing tables are made once; they know no kernel. */
export const createWires = (): Wires => ({
  "json-1.0": createJsonWire("1.0"),
  "json-1.1": createJsonWire("1.1"),
  query: createQueryWire(),
  "rest-xml": createRestXmlWire(),
  "rest-json": createRestJsonWire(),
});

export class NoSuchCaller extends Error {
  override name = "NoSuchCaller";
}

/**
 * A client pauses before it tries again, if only for a millisecond of the wall clock; whoever calls beside it waits for
 * that, else chance would decide who comes first.
 */
async function nextTry(): Promise<void> {
  for (let turns = 0; turns < 5; turns += 1) await setImmediate();
  await setTimeout(3);
  await setImmediate();
}

const never = <Result>(): Promise<Result> => new Promise(() => undefined);

export function createTransport(kernel: Kernel, wires: Wires, watch: Watch): Transport {
  /** The call before was refused on purpose: its client will try again. */
  let refused = false;
  const perform = async (sent: Request): Promise<Answer> => {
    refused = false;
    if (watch.dead()) return never();
    const request = wireRequest(sent);
    const rawQuery = request.query.toString();
    const signature = readSignature({ ...request, rawQuery });
    const wired = kernel.wired.get(signature?.service ?? "");
    const caller = kernel.identities.find(signature?.accessKeyId ?? "");
    if (signature === undefined || wired === undefined || caller === undefined)
      throw new NoSuchCaller(`${signature?.accessKeyId} calls ${signature?.service}: one is not known.`);
    const wire = wires[wired.service.protocols[0] as keyof Wires];
    const call = await wire.read(wired, request);
    const asked: Asked = { service: wired.service.name, operation: call.operation.name, input: call.input };
    const fate = await watch.fateOf(asked);
    const requestId = randomUUID();
    const refuse = async (error: AwsError): Promise<Answer> => {
      await watch.told(asked, error.code);
      return answerOf(wire.fail(wired, error, requestId, request), request);
    };
    refused = fate.type === "fail" || fate.type === "lose";
    if (fate.type === "die" && fate.when === "before") {
      await watch.told(asked, "died before");
      watch.died();
      return never();
    }
    if (fate.type === "fail") return refuse(fate.error);
    try {
      const split = fate.type === "partial" ? splitBatch(asked, fate.done) : undefined;
      const { service, operation } = asked;
      const { principal } = caller;
      const input = split === undefined ? call.input : split.input;
      const output =
        input === undefined
          ? {}
          : await kernel.call(
              { service, operation, input, principal, region: signature.region },
              { requestId, sourceIp: "127.0.0.1", accessKeyId: signature.accessKeyId },
            );
      if (fate.type === "die") {
        await watch.told(asked, "died after");
        watch.died();
        return never();
      }
      if (fate.type === "lose") return refuse(fate.error);
      await watch.told(asked, "ok");
      const told = split?.answer(output) ?? output;
      return answerOf(wire.write(wired, call, told, requestId), request);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      if (fate.type === "die") {
        await watch.told(asked, "died after");
        watch.died();
        return never();
      }
      return refuse(error);
    }
  };
  // Calls that are made side by side take turns, so that the same run is always the same order of calls.
  let turn: Promise<unknown> = Promise.resolve();
  const handle = (sent: Request): Promise<Answer> => {
    const mine = turn.then(() => perform(sent));
    turn = mine.catch(() => undefined).then(() => (refused ? nextTry() : undefined));
    return mine;
  };
  return { handle, metadata: { handlerProtocol: "http/1.1" }, destroy: () => undefined };
}

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
  // A view of the bytes alone: the SDK's own object warns of whoever takes it for text.
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
