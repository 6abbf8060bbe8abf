/**
 * Computes the MD5 digests that SDKs compare: of a body, and of message attributes in SQS's binary form (SQS
 * Developer Guide, "Calculating the MD5 message digest for message attributes").
 */
import { createHash } from "node:crypto";
import type { MessageAttributeValue } from "@aws-sdk/client-sqs";

const STRING = Buffer.from([1]);
const BINARY = Buffer.from([2]);

export const md5 = (text: string): string => createHash("md5").update(text, "utf8").digest("hex");

export function md5OfAttributes(
  attributes: Readonly<Record<string, MessageAttributeValue>>,
): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const digest = createHash("md5");
  const field = (bytes: Buffer): void => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    digest.update(length).update(bytes);
  };
  for (const name of names) {
    const { DataType = "", StringValue, BinaryValue } = attributes[name] ?? {};
    field(Buffer.from(name, "utf8"));
    field(Buffer.from(DataType, "utf8"));
    if (DataType.startsWith("Binary")) {
      digest.update(BINARY);
      field(Buffer.from(BinaryValue ?? []));
    } else {
      digest.update(STRING);
      field(Buffer.from(StringValue ?? "", "utf8"));
    }
  }
  return digest.digest("hex");
}
