/**
 * The HTTP bindings that both REST protocols share: labels, query, headers and payload in; status, headers
 * and payload out.
 */
import { NormalizedSchema } from "@smithy/core/schema";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { OperationSchema, SchemaRef } from "./schema.ts";
import type { WireRequest } from "./wire.ts";

export type Route = {
  readonly operation: OperationSchema;
  readonly method: string;
  readonly pattern: RegExp;
  readonly labels: readonly string[];
  /** The required query parameters, with a fixed value or with any value. */
  readonly query: readonly (readonly [string, string | undefined])[];
};

/** Returns the routes of a REST service, the most specific first. */
export function routesOf(operations: Iterable<OperationSchema>): readonly Route[] {
  const routes: Route[] = [];
  for (const operation of operations) {
    if (operation.http === undefined) continue;
    const [method, uri] = operation.http;
    const [path = "", query = ""] = uri.split("?");
    const labels: string[] = [];
    const source = path.replace(/\{(\w+)(\+?)\}/g, (_match, label: string, greedy: string) => {
      labels.push(label);
      return greedy ? "(.+)" : "([^/]+)";
    });
    routes.push({
      operation,
      method,
      pattern: new RegExp(`^${source}/?$`, "s"),
      labels,
      query: query
        .split("&")
        .filter((part) => part !== "" && !part.startsWith("x-id="))
        .map((part): [string, string | undefined] => {
          const [key = "", value] = part.split("=");
          return [key, value === "" ? undefined : value];
        }),
    });
  }
  return routes.sort(
    (left, right) => right.query.length - left.query.length || left.labels.length - right.labels.length,
  );
}

export const queryMatches = (route: Route, query: URLSearchParams): boolean =>
  route.query.every(([key, value]) => query.has(key) && (value === undefined || query.get(key) === value));

export const decodeLabel = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AwsError("InvalidURI", "Couldn't parse the specified URI.");
  }
};

/** Reads the input except for the payload. Returns the payload's member, if the input has one. */
export function bindInput(
  schema: SchemaRef,
  request: WireRequest,
  labels: Readonly<Record<string, string>>,
): {
  readonly input: Record<string, unknown>;
  readonly payload: readonly [string, NormalizedSchema] | undefined;
} {
  const input: Record<string, unknown> = {};
  let payload: readonly [string, NormalizedSchema] | undefined;
  for (const [name, member] of NormalizedSchema.of(schema).structIterator()) {
    const traits = member.getMergedTraits();
    if (labels[name] !== undefined && (traits.httpLabel || name === "Bucket")) input[name] = labels[name];
    else if (traits.httpPayload) payload = [name, member];
    else if (traits.httpQuery !== undefined) {
      const values = request.query.getAll(String(traits.httpQuery));
      if (values.length > 0) input[name] = member.isListSchema() ? values : convert(member, values[0] ?? "");
    } else if (traits.httpHeader !== undefined) {
      const value = request.headers[String(traits.httpHeader).toLowerCase()];
      if (value !== undefined) input[name] = convert(member, value);
    } else if (traits.httpPrefixHeaders !== undefined) {
      const prefix = String(traits.httpPrefixHeaders).toLowerCase();
      input[name] = Object.fromEntries(
        Object.entries(request.headers)
          .filter(([header]) => header.startsWith(prefix))
          .map(([header, value]) => [header.slice(prefix.length), value]),
      );
    }
  }
  return { input, payload };
}

function convert(schema: NormalizedSchema, text: string): unknown {
  if (schema.isListSchema())
    return text.split(",").map((item) => convert(schema.getValueSchema(), item.trim()));
  if (schema.isNumericSchema()) return Number(text);
  if (schema.isBooleanSchema()) return text.toLowerCase() === "true";
  if (schema.isTimestampSchema())
    return /^\d+(\.\d+)?$/.test(text) ? new Date(Number(text) * 1000) : new Date(text);
  return text;
}

/** Writes an output's status and headers. Returns the payload's member, if the output has one. */
export function bindOutput(
  schema: SchemaRef,
  output: Readonly<Record<string, unknown>>,
): {
  readonly status: number | undefined;
  readonly headers: Record<string, string>;
  readonly payload: readonly [string, NormalizedSchema] | undefined;
} {
  const headers: Record<string, string> = {};
  let status: number | undefined;
  let payload: readonly [string, NormalizedSchema] | undefined;
  for (const [name, member] of NormalizedSchema.of(schema).structIterator()) {
    const traits = member.getMergedTraits();
    const value = output[name];
    if (traits.httpPayload) payload = [name, member];
    if (value === undefined || value === null) continue;
    if (traits.httpResponseCode) status = Number(value);
    else if (traits.httpHeader !== undefined)
      headers[String(traits.httpHeader).toLowerCase()] = headerText(member, value);
    else if (traits.httpPrefixHeaders !== undefined) {
      for (const [key, text] of Object.entries(value as Record<string, string>))
        headers[`${traits.httpPrefixHeaders}${key}`] = text;
    }
  }
  return { status, headers, payload };
}

function headerText(schema: NormalizedSchema, value: unknown): string {
  if (value instanceof Date) {
    // A header is an HTTP date unless the member's trait says ISO (5) or epoch seconds (7).
    const format = schema.getSchema();
    return format === 5
      ? value.toISOString()
      : format === 7
        ? String(value.getTime() / 1000)
        : value.toUTCString();
  }
  if (Array.isArray(value)) return value.join(",");
  return String(value);
}
