/** Reads and writes XML documents by the SDK's own schemas, in the namespace of one service. */
import { XmlShapeDeserializer, XmlShapeSerializer } from "@aws-sdk/core/protocols";
import { NormalizedSchema } from "@smithy/core/schema";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { SchemaRef } from "./schema.ts";
import { serdeContext } from "./wire.ts";

const HTTP_DATE_TIME = 5;

export function xmlCodec(serviceNamespace: string, xmlNamespace: string) {
  const settings = {
    timestampFormat: { useTrait: true as const, default: HTTP_DATE_TIME as 5 },
    httpBindings: true,
    serviceNamespace,
    xmlNamespace,
  };
  return {
    read: (schema: NormalizedSchema, bytes: Buffer): unknown => {
      try {
        const deserializer = new XmlShapeDeserializer(settings);
        deserializer.setSerdeContext(
          serdeContext as unknown as Parameters<XmlShapeDeserializer["setSerdeContext"]>[0],
        );
        return deserializer.read(schema, bytes);
      } catch {
        throw new AwsError(
          "MalformedXML",
          "The XML you provided was not well-formed or did not validate against our published schema",
        );
      }
    },
    write: (schema: SchemaRef, value: unknown): string => {
      const serializer = new XmlShapeSerializer(settings);
      serializer.setSerdeContext(
        serdeContext as unknown as Parameters<XmlShapeSerializer["setSerdeContext"]>[0],
      );
      serializer.write(schema, withoutHeaders(NormalizedSchema.of(schema), value));
      return String(serializer.flush());
    },
  };
}

export const xml = (answer: { status: number; headers: Record<string, string> }, document: string) => ({
  status: answer.status,
  headers: { "content-type": "application/xml", ...answer.headers },
  body: `<?xml version="1.0" encoding="UTF-8"?>\n${document}`,
});

const withoutHeaders = (schema: NormalizedSchema, value: unknown): unknown => {
  if (!schema.isStructSchema()) return value;
  const record: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    const traits = member.getMergedTraits();
    if (traits.httpHeader === undefined && traits.httpPrefixHeaders === undefined)
      record[name] = (value as Record<string, unknown>)[name];
  }
  return record;
};
