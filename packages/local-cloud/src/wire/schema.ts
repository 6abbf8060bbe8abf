/**
 * Reads the SDK's runtime schemas for the server: the input, output and HTTP binding of an operation, by
 * its name.
 */
import type { JsonCodec } from "@aws-sdk/core/protocols";
import { NormalizedSchema } from "@smithy/core/schema";
import { AwsError } from "#cloud/kernel/aws-error.ts";

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

/** Throws AWS's ValidationException for the first required member that is missing, at any depth. */
export function requireMembers(ref: SchemaRef, value: unknown, path = ""): void {
  const schema = NormalizedSchema.of(ref);
  if (value === null || value === undefined) return;
  if (schema.isStructSchema() && typeof value === "object") {
    const record = value as Record<string, unknown>;
    for (const name of requiredMembers(schema)) {
      if (record[name] === undefined || record[name] === null) throw missing(path + name);
    }
    for (const [name, member] of schema.structIterator()) {
      const inner = record[name];
      if (
        inner !== undefined &&
        typeof inner === "object" &&
        (member.isStructSchema() || member.isListSchema())
      ) {
        requireMembers(member, inner, `${path}${name}.`);
      }
    }
  } else if (schema.isListSchema() && Array.isArray(value)) {
    value.forEach((item, index) => {
      requireMembers(schema.getValueSchema(), item, `${path}${index + 1}.member.`);
    });
  }
}

const missing = (member: string): AwsError =>
  new AwsError(
    "ValidationException",
    `1 validation error detected: Value null at '${member.charAt(0).toLowerCase()}${member.slice(1)}' failed to satisfy constraint: Member must not be null`,
  );
