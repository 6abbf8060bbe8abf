/**
 * Reads the SDK's runtime schemas for the server: the input, output and HTTP binding of an operation, by
 * its name.
 */
import type { JsonCodec } from "@aws-sdk/core/protocols";
import type { NormalizedSchema } from "@smithy/core/schema";

/** A schema reference of the SDK, opaque to the cloud. */
export type SchemaRef = Parameters<ReturnType<JsonCodec["createSerializer"]>["write"]>[0];

export type OperationSchema = {
  readonly name: string;
  readonly input: SchemaRef;
  readonly output: SchemaRef;
  /** `[method, uri, status]` of REST protocols. */
  readonly http?: readonly [string, string, number];
};

type ErrorTraits = {
  readonly awsQueryError?: readonly [string, number];
  readonly httpError?: number;
  readonly error?: string;
};

export type WireSchema = {
  /** The namespace of the service's schemas, for example `com.amazonaws.s3`. */
  readonly namespace: string;
  readonly operations: ReadonlyMap<string, OperationSchema>;
  readonly errors: ReadonlyMap<string, ErrorTraits>;
};

/**
 * `Op$ = [9, namespace, name, traits, input, output]`, `Error$ = [-3, namespace, name, traits, …]` in
 * `@aws-sdk/client-*`.
 */
export function readSchemas(sdk: object): WireSchema {
  const operations = new Map<string, OperationSchema>();
  const errors = new Map<string, ErrorTraits>();
  let namespace = "";
  for (const value of Object.values(sdk)) {
    if (!Array.isArray(value)) continue;
    const [kind, space, name, traits] = value as [
      number,
      string,
      string,
      { http?: OperationSchema["http"] } | number,
    ];
    if (kind === 9) {
      namespace = space;
      const http = typeof traits === "object" ? traits.http : undefined;
      operations.set(name, { name, input: value[4], output: value[5], ...(http && { http }) });
    } else if (kind === -3 && typeof traits === "object") errors.set(name, traits as ErrorTraits);
  }
  return { namespace, operations, errors };
}

/** The number of required members follows a structure's member types. */
export const requiredMembers = (schema: NormalizedSchema): readonly string[] => {
  const raw = schema.getSchema() as unknown as readonly unknown[];
  const names = raw[4] as readonly string[] | undefined;
  return names?.slice(0, (raw[6] as number | undefined) ?? 0) ?? [];
};
