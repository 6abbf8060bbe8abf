/** AWS JSON 1.0 and 1.1: the operation is in `X-Amz-Target`, input and output are JSON documents. */
import { JsonCodec } from "@aws-sdk/core/protocols";
import { NormalizedSchema } from "@smithy/core/schema";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { queryErrorHeader } from "./query-error.ts";
import type { SchemaRef } from "./schema.ts";
import { bytesOf, serdeContext, type Wire, type WiredService } from "./wire.ts";

const EPOCH_SECONDS = 7;

export const jsonCodec = (jsonName: boolean): JsonCodec => {
  const codec = new JsonCodec({ timestampFormat: { useTrait: true, default: EPOCH_SECONDS }, jsonName });
  codec.setSerdeContext(serdeContext as unknown as Parameters<JsonCodec["setSerdeContext"]>[0]);
  return codec;
};

export function createJsonWire(version: "1.0" | "1.1"): Wire {
  const codec = jsonCodec(false);
  const contentType = `application/x-amz-json-${version}`;
  return {
    read: async ({ schema }, request) => {
      const name = (request.headers["x-amz-target"] ?? "").split(".").at(-1) ?? "";
      const operation = schema.operations.get(name);
      if (operation === undefined) throw new AwsError("UnknownOperationException", "");
      const text = (await bytesOf(request.body)).toString("utf8");
      return { operation, input: await readJson(codec, operation.input, text) };
    },
    write: (_wired, { operation }, output, requestId) => {
      const headers = { "content-type": contentType, "x-amzn-requestid": requestId };
      if (NormalizedSchema.of(operation.output).isUnitSchema()) return { status: 200, headers, body: "" };
      const serializer = codec.createSerializer();
      serializer.write(operation.output, output ?? {});
      return {
        status: 200,
        headers,
        body: (serializer.flush() as string | undefined) ?? "{}",
      };
    },
    fail: (wired, error, requestId) => ({
      status: statusOf(wired, error),
      headers: {
        "content-type": contentType,
        "x-amzn-requestid": requestId,
        ...queryErrorHeader(wired, error),
      },
      body: JSON.stringify({ __type: error.code, message: error.message, ...error.detail }),
    }),
  };
}

/**
 * A modeled client error has status 400 in the JSON protocols, and the API references list no other one. The models'
 * statuses (404 of KMS's NotFoundException, 403 of SQS's OverLimit) are those of the Query protocol.
 */
function statusOf({ schema }: WiredService, error: AwsError): number {
  const traits = schema.errors.get(error.code);
  if (traits === undefined) return error.status;
  return traits.error === "server" ? (traits.httpError ?? 500) : 400;
}

/** Parses a JSON document into an operation's input. Malformed text is AWS's SerializationException. */
export async function readJson(
  codec: JsonCodec,
  schema: SchemaRef,
  text: string,
): Promise<Record<string, unknown>> {
  try {
    return ((await codec.createDeserializer().read(schema, Buffer.from(text === "" ? "{}" : text))) ??
      {}) as Record<string, unknown>;
  } catch (cause) {
    if (cause instanceof AwsError) throw cause;
    throw new AwsError(
      "SerializationException",
      `The request body could not be read as JSON: ${(cause as Error).message}`,
    );
  }
}
