/** REST-XML (S3): reads the input from the request's path, query, headers and body, and writes outputs and errors as XML. */
import { Readable } from "node:stream";
import { NormalizedSchema } from "@smithy/core/schema";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { bindInput, bindOutput } from "./http-binding.ts";
import { type S3Address, s3Address } from "./s3-address.ts";
import { findRoute, s3Routes } from "./s3-route.ts";
import { type OperationSchema, requiredMembers } from "./schema.ts";
import { withSignedQuery } from "./signed-query.ts";
import { bytesOf, type Wire, type WiredService, type WireRequest, type WireResponse } from "./wire.ts";
import { escapeXml } from "./xml.ts";
import { xml, xmlCodec } from "./xml-codec.ts";

const NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";
const { read: readXml, write: writeXml } = xmlCodec("com.amazonaws.s3", NAMESPACE);

export function createRestXmlWire(): Wire {
  const known = new Map<WiredService, ReturnType<typeof s3Routes>>();
  return {
    read: async (wired, sent) => {
      const request = withSignedQuery(sent);
      const routes = known.get(wired) ?? s3Routes(wired);
      known.set(wired, routes);
      const address = s3Address(request);
      const { operation } = findRoute(routes, request, address);
      return { operation, input: await readInput(operation, request, address) };
    },
    write: (_wired, { operation }, output, requestId) => writeOutput(operation, output, requestId),
    fail: (_wired, error, requestId, request) => writeError(error, requestId, request),
  };
}

async function readInput(
  { input: schema }: OperationSchema,
  request: WireRequest,
  { bucket, key }: S3Address,
): Promise<Record<string, unknown>> {
  const { input, payload } = bindInput(schema, request, { Bucket: bucket, Key: key });
  if (payload === undefined) return input;
  const [name, member] = payload;
  if (member.isStreaming() || member.isBlobSchema()) return { ...input, [name]: request.body };
  const bytes = await bytesOf(request.body);
  if (bytes.length > 0)
    return { ...input, [name]: member.isStructSchema() ? readXml(member, bytes) : bytes.toString("utf8") };
  if (requiredMembers(NormalizedSchema.of(schema)).includes(name))
    throw new AwsError("MissingRequestBodyError", "Request Body is empty");
  return input;
}

function writeOutput(operation: OperationSchema, output: unknown, requestId: string): WireResponse {
  const record = (output ?? {}) as Record<string, unknown>;
  const { status, headers, payload } = bindOutput(operation.output, record);
  const answer = {
    status: status ?? statusOf(operation.name, record, operation.http?.[2] ?? 200),
    headers: { ...headers, "x-amz-request-id": requestId, "x-amz-id-2": requestId },
  };
  if (payload !== undefined) {
    const [name, member] = payload;
    const value = record[name];
    if (value === undefined || value === null) return { ...answer, body: "" };
    if (value instanceof Readable || value instanceof Uint8Array || typeof value === "string")
      return { ...answer, body: value };
    return xml(answer, writeXml(member, value));
  }
  if (operation.name === "GetBucketLocation") {
    return xml(
      answer,
      `<LocationConstraint xmlns="${NAMESPACE}">${escapeXml(String(record["LocationConstraint"] ?? ""))}</LocationConstraint>`,
    );
  }
  return hasBody(operation) ? xml(answer, writeXml(operation.output, record)) : { ...answer, body: "" };
}

const hasBody = ({ output }: OperationSchema): boolean =>
  [...NormalizedSchema.of(output).structIterator()].some(([, member]) => {
    const { httpHeader, httpPrefixHeaders, httpResponseCode } = member.getMergedTraits();
    return httpHeader === undefined && httpPrefixHeaders === undefined && !httpResponseCode;
  });

const statusOf = (operation: string, record: Record<string, unknown>, usual: number): number =>
  operation === "GetObject" && record["ContentRange"] !== undefined
    ? 206
    : operation === "HeadObject" && record["ContentRange"] !== undefined
      ? 206
      : usual;

function writeError(error: AwsError, requestId: string, request: WireRequest): WireResponse {
  const { headers: extra, ...members } = error.detail as { headers?: Record<string, string> };
  const detail = Object.entries(members).map(
    ([key, value]) => `<${key}>${escapeXml(String(value))}</${key}>`,
  );
  const { status } = error;
  const headers = {
    "content-type": "application/xml",
    "x-amz-request-id": requestId,
    "x-amz-id-2": requestId,
    ...extra,
  };
  // HEAD has no body, and 304 must not have one.
  if (request.method === "HEAD" || status === 304) return { status, headers, body: "" };
  return {
    status,
    headers,
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${escapeXml(error.code)}</Code><Message>${escapeXml(error.message)}</Message>${detail.join("")}<RequestId>${requestId}</RequestId><HostId>${requestId}</HostId></Error>`,
  };
}
