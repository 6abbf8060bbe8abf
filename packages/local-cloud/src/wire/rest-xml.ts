/**
 * REST-XML (S3): bucket and key come from the raw path, the operation from method, depth and sub-resources.
 * Bodies are streams.
 */
import { Readable } from "node:stream";
import { NormalizedSchema } from "@smithy/core/schema";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { bindInput, bindOutput, decodeLabel, queryMatches, type Route, routesOf } from "./http-binding.ts";
import { requiredMembers } from "./schema.ts";
import { bytesOf, type Wire, type WiredService, type WireRequest } from "./wire.ts";
import { escapeXml } from "./xml.ts";
import { xml, xmlCodec } from "./xml-codec.ts";

const NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";
const { read: readXml, write: writeXml } = xmlCodec("com.amazonaws.s3", NAMESPACE);

/** The target of a request: the service, a bucket or an object. */
type S3Address = { readonly bucket: string; readonly key: string };

/** Path style, or `bucket.s3.…`/`bucket.localhost` in the Host header. */
function s3Address(request: Pick<WireRequest, "path" | "headers">): S3Address {
  const host = (request.headers["host"] ?? "").replace(/:\d+$/, "");
  const virtual = /^(.+?)\.(?:s3[.-].*|s3|localhost)$/.exec(host);
  const path = request.path.slice(1);
  if (virtual?.[1] !== undefined) return { bucket: virtual[1], key: decodeLabel(path) };
  const slash = path.indexOf("/");
  return slash < 0
    ? { bucket: decodeLabel(path), key: "" }
    : { bucket: decodeLabel(path.slice(0, slash)), key: decodeLabel(path.slice(slash + 1)) };
}

type Level = "service" | "bucket" | "object";

type S3Route = Route & { readonly level: Level; readonly needs: ReturnType<typeof needs> };

const levelOf = (route: Route): Level =>
  route.labels.includes("Key")
    ? "object"
    : NormalizedSchema.of(route.operation.input).getMemberSchemas()["Bucket"] === undefined
      ? "service"
      : "bucket";

/** Operations that share method and path differ by their required headers and parameters. */
const needs = (route: Route): readonly ((request: WireRequest) => boolean)[] => {
  const members = NormalizedSchema.of(route.operation.input).getMemberSchemas();
  return requiredMembers(NormalizedSchema.of(route.operation.input)).flatMap((name) => {
    const traits = members[name]?.getMergedTraits();
    const header = traits?.httpHeader?.toLowerCase();
    const parameter = traits?.httpQuery;
    if (header !== undefined) return [(request: WireRequest) => request.headers[header] !== undefined];
    if (parameter !== undefined) return [(request: WireRequest) => request.query.has(parameter)];
    return [];
  });
};

/** The known sub-resources. A sub-resource without a route must not reach the plain operation. */
const SUB_RESOURCES = new Set(
  "accelerate acl analytics attributes cors encryption intelligent-tiering inventory legal-hold lifecycle location logging metadataConfiguration metadataTable metrics notification object-lock ownershipControls policy policyStatus publicAccessBlock replication requestPayment restore retention select session tagging torrent uploads versioning versions website uploadId delete".split(
    " ",
  ),
);

export function createRestXmlWire(): Wire {
  const routes = new Map<WiredService, readonly S3Route[]>();
  const routesFor = (wired: WiredService) => {
    const known =
      routes.get(wired) ??
      routesOf(wired.schema.operations.values()).map((route) => ({
        ...route,
        level: levelOf(route),
        needs: needs(route),
      }));
    routes.set(wired, known);
    return known;
  };
  return {
    read: async (wired, request) => {
      const { bucket, key } = s3Address(request);
      const level: Level = bucket === "" ? "service" : key === "" ? "bucket" : "object";
      const fits = routesFor(wired).filter(
        (route) =>
          route.method === request.method && route.level === level && queryMatches(route, request.query),
      );
      const most = fits[0]?.query.length ?? 0;
      const candidates = fits
        .filter((route) => route.query.length === most && route.needs.every((met) => met(request)))
        .sort((left, right) => right.needs.length - left.needs.length);
      const likely = candidates.filter((route) => route.needs.length === candidates[0]?.needs.length);
      const route = likely.find(({ operation }) => PREFERRED.has(operation.name)) ?? likely[0];
      const stray = [...request.query.keys()].find(
        (name) =>
          SUB_RESOURCES.has(name) &&
          !route?.query.some(([key_]) => key_ === name) &&
          !(route && bindsQuery(route, name)),
      );
      if (route === undefined || stray !== undefined) {
        throw new AwsError(
          "MethodNotAllowed",
          "The specified method is not allowed against this resource.",
          405,
          { Method: request.method, ResourceType: (stray ?? level).toUpperCase() },
        );
      }
      const { input, payload } = bindInput(route.operation.input, request, { Bucket: bucket, Key: key });
      if (payload !== undefined) {
        const [name, member] = payload;
        if (member.isStreaming() || member.isBlobSchema()) input[name] = request.body;
        else {
          const bytes = await bytesOf(request.body);
          if (bytes.length > 0)
            input[name] = member.isStructSchema() ? readXml(member, bytes) : bytes.toString("utf8");
          else if (requiredMembers(NormalizedSchema.of(route.operation.input)).includes(name))
            throw new AwsError("MissingRequestBodyError", "Request Body is empty");
        }
      }
      return { operation: route.operation, input };
    },
    write: (_wired, { operation }, output, requestId) => {
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
      const hasBody = [...NormalizedSchema.of(operation.output).structIterator()].some(([, member]) => {
        const traits = member.getMergedTraits();
        return (
          traits.httpHeader === undefined &&
          traits.httpPrefixHeaders === undefined &&
          !traits.httpResponseCode
        );
      });
      return hasBody ? xml(answer, writeXml(operation.output, record)) : { ...answer, body: "" };
    },
    fail: (_wired, error, requestId, request) => {
      const { headers: extra, ...members } = error.detail as { headers?: Record<string, string> };
      const detail = Object.entries(members).map(
        ([key, value]) => `<${key}>${escapeXml(String(value))}</${key}>`,
      );
      const headers = {
        "content-type": "application/xml",
        "x-amz-request-id": requestId,
        "x-amz-id-2": requestId,
        ...extra,
      };
      // HEAD has no body, and 304 must not have one.
      if (request.method === "HEAD" || error.status === 304)
        return { status: error.status, headers, body: "" };
      return {
        status: error.status,
        headers,
        body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${escapeXml(error.code)}</Code><Message>${escapeXml(error.message)}</Message>${detail.join("")}<RequestId>${requestId}</RequestId><HostId>${requestId}</HostId></Error>`,
      };
    },
  };
}

/** The plain operations for routes to which AWS's own routing table assigns two operations. */
const PREFERRED = new Set([
  "PutObject",
  "UploadPart",
  "GetObject",
  "ListObjects",
  "ListBuckets",
  "CreateBucket",
  "DeleteObject",
  "HeadObject",
  "GetBucketNotificationConfiguration",
  "PutBucketNotificationConfiguration",
  "GetBucketLifecycleConfiguration",
  "PutBucketLifecycleConfiguration",
]);

const bindsQuery = (route: Route, name: string): boolean =>
  [...NormalizedSchema.of(route.operation.input).structIterator()].some(
    ([, member]) => member.getMergedTraits().httpQuery === name,
  );

const statusOf = (operation: string, record: Record<string, unknown>, usual: number): number =>
  operation === "GetObject" && record["ContentRange"] !== undefined
    ? 206
    : operation === "HeadObject" && record["ContentRange"] !== undefined
      ? 206
      : usual;
