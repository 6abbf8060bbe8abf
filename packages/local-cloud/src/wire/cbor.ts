/** Smithy RPC v2 CBOR, which newer clients of CloudWatch speak: `/service/S/operation/O`, CBOR both ways. */
import { CborCodec } from "@smithy/core/cbor";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { queryErrorHeader } from "./query-error.ts";
import type { SchemaRef } from "./schema.ts";
import { bytesOf, serdeContext, type Wire, type WireResponse } from "./wire.ts";

const HEADERS = { "content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor" };

type CborWire = Wire & {
  /** An error of a service without a schema. */
  readonly failWith: (said: object, status: number, requestId: string) => WireResponse;
};

export function createCborWire(): CborWire {
  const codec = new CborCodec();
  codec.setSerdeContext(serdeContext as unknown as Parameters<CborCodec["setSerdeContext"]>[0]);
  const encode = (schema: SchemaRef, value: unknown): Uint8Array => {
    const serializer = codec.createSerializer();
    serializer.write(schema, value);
    return serializer.flush() as Uint8Array;
  };
  const failWith: CborWire["failWith"] = (said, status, requestId) => ({
    status,
    headers: { ...HEADERS, "x-amzn-requestid": requestId },
    body: encode(15, said), // 15 is the SDK's "document" schema: any value.
  });
  return {
    read: async ({ schema }, request) => {
      const operation = schema.operations.get(request.path.split("/").at(-1) ?? "");
      if (operation === undefined) throw new AwsError("UnknownOperationException", "");
      const bytes = await bytesOf(request.body);
      const input = bytes.length === 0 ? {} : await codec.createDeserializer().read(operation.input, bytes);
      return { operation, input: input as Record<string, unknown> };
    },
    write: (_wired, { operation }, output, requestId) => ({
      status: 200,
      headers: { ...HEADERS, "x-amzn-requestid": requestId },
      body: encode(operation.output, output ?? {}),
    }),
    fail: (wired, error, requestId) => {
      const status = wired.schema.errors.get(error.code)?.httpError ?? error.status;
      const { headers, ...rest } = failWith(
        { __type: error.code, message: error.message },
        status,
        requestId,
      );
      return { ...rest, headers: { ...headers, ...queryErrorHeader(wired, error) } };
    },
    failWith,
  };
}
