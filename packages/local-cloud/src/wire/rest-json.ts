/** REST-JSON (Lambda): the path and method name the operation; bodies are JSON or raw bytes. */
import { Readable } from "node:stream";
import { NormalizedSchema } from "@smithy/core/schema";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { bindInput, bindOutput, decodeLabel, queryMatches, type Route, routesOf } from "./http-binding.ts";
import { jsonCodec, readJson } from "./json.ts";
import type { OperationSchema, SchemaRef } from "./schema.ts";
import { bytesOf, type Wire, type WiredService, type WireRequest, type WireResponse } from "./wire.ts";

const codec = jsonCodec(true);

export function createRestJsonWire(): Wire {
  const routes = new Map<WiredService, readonly Route[]>();
  const routesFor = (wired: WiredService): readonly Route[] => {
    const known = routes.get(wired) ?? routesOf(wired.schema.operations.values());
    routes.set(wired, known);
    return known;
  };
  return {
    read: async (wired, request) => {
      for (const route of routesFor(wired)) {
        const match =
          route.method === request.method && queryMatches(route, request.query)
            ? route.pattern.exec(request.path)
            : null;
        if (match === null) continue;
        const labels = Object.fromEntries(
          route.labels.map((label, index) => [label, decodeLabel(match[index + 1] ?? "")]),
        );
        return { operation: route.operation, input: await readInput(route.operation, request, labels) };
      }
      throw new AwsError(
        "UnknownOperationException",
        `Unable to find an operation for ${request.method} ${request.path}`,
        404,
      );
    },
    write: (_wired, { operation }, output, requestId) => writeOutput(operation, output, requestId),
    fail: ({ schema }, error, requestId) => ({
      status: schema.errors.get(error.code)?.httpError ?? error.status,
      headers: {
        "content-type": "application/json",
        "x-amzn-requestid": requestId,
        "x-amzn-errortype": error.code,
      },
      body: JSON.stringify({ Message: error.message, message: error.message, ...error.detail }),
    }),
  };
}

async function readInput(
  operation: OperationSchema,
  request: WireRequest,
  labels: Readonly<Record<string, string>>,
): Promise<Record<string, unknown>> {
  const { input, payload } = bindInput(operation.input, request, labels);
  const body = await bytesOf(request.body);
  if (payload !== undefined) {
    const [name, member] = payload;
    if (body.length > 0)
      input[name] = member.isBlobSchema()
        ? new Uint8Array(body)
        : await readJson(codec, member, body.toString("utf8"));
  } else Object.assign(input, await readJson(codec, operation.input, body.toString("utf8")));
  return { ...input, ...labels };
}

function writeOutput(operation: OperationSchema, output: unknown, requestId: string): WireResponse {
  const record = (output ?? {}) as Record<string, unknown>;
  const { status, headers, payload } = bindOutput(operation.output, record);
  const answer = {
    status: status ?? operation.http?.[2] ?? 200,
    headers: { ...headers, "x-amzn-requestid": requestId },
  };
  const json = { "content-type": "application/json", ...answer.headers };
  if (payload !== undefined) {
    const value = record[payload[0]];
    if (value instanceof Readable) return { ...answer, body: value };
    return { ...answer, headers: json, body: (value as Uint8Array | string | undefined) ?? "" };
  }
  if (answer.status === 204 || NormalizedSchema.of(operation.output).isUnitSchema())
    return { ...answer, body: "" };
  const serializer = codec.createSerializer();
  serializer.write(operation.output, bodyOnly(operation.output, record));
  return { ...answer, headers: json, body: (serializer.flush() as string | undefined) ?? "{}" };
}

const bodyOnly = (schema: SchemaRef, record: Record<string, unknown>): Record<string, unknown> => {
  const body: Record<string, unknown> = {};
  for (const [name, member] of NormalizedSchema.of(schema).structIterator()) {
    const traits = member.getMergedTraits();
    if (traits.httpHeader === undefined && !traits.httpResponseCode && record[name] !== undefined)
      body[name] = record[name];
  }
  return body;
};
