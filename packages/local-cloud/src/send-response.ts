/** Sends an answer to the client. A body that is a stream is piped; any other body has its length in a header. */
import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { WireResponse } from "./wire/wire.ts";

export async function sendResponse(
  outgoing: ServerResponse,
  response: WireResponse,
  headOnly = false,
): Promise<void> {
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
