/**
 * AWS Query: a form with `Action`, an XML answer; and the Query spelling of services whose SDK has moved to
 * JSON.
 */
import { XmlShapeSerializer } from "@aws-sdk/core/protocols";
import { NormalizedSchema } from "@smithy/core/schema";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { SchemaRef } from "./schema.ts";
import { bytesOf, serdeContext, type Wire } from "./wire.ts";
import { escapeXml } from "./xml.ts";

const DATE_TIME = 5;

export function createQueryWire(): Wire {
  return {
    read: async ({ schema }, request) => {
      const body = (await bytesOf(request.body)).toString("utf8");
      const form = new URLSearchParams(body);
      for (const [key, value] of request.query) if (!form.has(key)) form.append(key, value);
      const action = form.get("Action") ?? "";
      const operation = schema.operations.get(action);
      if (operation === undefined) {
        throw new AwsError(
          "InvalidAction",
          `Could not find operation ${action} for version ${form.get("Version") ?? "NO_VERSION_SPECIFIED"}`,
        );
      }
      const tree = toTree(form);
      return { operation, input: (readNode(operation.input, tree) ?? {}) as Record<string, unknown> };
    },
    write: ({ service }, { operation }, output, requestId) => {
      const namespace = service.xmlNamespace ?? "";
      const name = operation.name;
      const result = NormalizedSchema.of(operation.output).isUnitSchema()
        ? ""
        : serialize(operation.output, output ?? {}, `${name}Result`);
      return {
        status: 200,
        headers: { "content-type": "text/xml", "x-amzn-requestid": requestId },
        body: `<${name}Response xmlns="${namespace}">${result}<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${name}Response>`,
      };
    },
    fail: ({ service, schema }, error, requestId) => {
      const [code, status] = schema.errors.get(error.code)?.awsQueryError ?? [error.code, error.status];
      const detail = Object.entries(error.detail).map(
        ([key, value]) => `<${key}>${escapeXml(String(value))}</${key}>`,
      );
      return {
        status,
        headers: { "content-type": "text/xml", "x-amzn-requestid": requestId },
        body: `<ErrorResponse xmlns="${service.xmlNamespace ?? ""}"><Error><Type>${status >= 500 ? "Receiver" : "Sender"}</Type><Code>${escapeXml(code)}</Code><Message>${escapeXml(error.message)}</Message>${detail.join("")}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
      };
    },
  };
}

function serialize(ref: SchemaRef, output: unknown, root: string): string {
  const serializer = new XmlShapeSerializer({
    timestampFormat: { useTrait: true, default: DATE_TIME },
    serviceNamespace: "",
    xmlNamespace: "",
  });
  serializer.setSerdeContext(serdeContext as unknown as Parameters<XmlShapeSerializer["setSerdeContext"]>[0]);
  serializer.write(ref, output);
  const text = String(serializer.flush());
  // The serializer names the root after the output shape; the protocol names it after the action.
  return text.replace(/^<[\w.]+/, `<${root}`).replace(/<\/[\w.]+>$/, `</${root}>`);
}

type Tree = { value?: string; readonly children: Map<string, Tree> };

/** Reads `A.member.1.B=x` as a tree, so that the time is linear in the size of the form. */
function toTree(form: URLSearchParams): Tree {
  const root: Tree = { children: new Map() };
  for (const [key, value] of form) {
    let node = root;
    for (const part of key.split(".")) {
      let next = node.children.get(part);
      if (next === undefined) {
        next = { children: new Map() };
        node.children.set(part, next);
      }
      node = next;
    }
    node.value = value;
  }
  return root;
}

const numbered = (node: Tree | undefined): readonly Tree[] => {
  const found: Tree[] = [];
  for (let index = 1; node !== undefined; index += 1) {
    const child = node.children.get(String(index));
    if (child === undefined) break;
    found.push(child);
  }
  return found;
};

function readNode(ref: SchemaRef, node: Tree): unknown {
  const schema = NormalizedSchema.of(ref);
  if (schema.isStructSchema()) {
    const record: Record<string, unknown> = {};
    for (const [name, member] of schema.structIterator()) {
      const traits = member.getMergedTraits();
      const child = node.children.get(traits.xmlName ?? name);
      if (child !== undefined) record[name] = readNode(member, child);
      else if (traits.xmlFlattened && node.children.has(singular(name)))
        record[name] = readNode(member, node.children.get(singular(name)) as Tree);
    }
    return record;
  }
  const traits = schema.getMergedTraits();
  if (schema.isListSchema()) {
    if (node.value === "") return [];
    const items = schema.getValueSchema();
    const named = node.children.get(items.getMergedTraits().xmlName ?? "member");
    return numbered(traits.xmlFlattened || named === undefined ? node : named).map((item) =>
      readNode(items, item),
    );
  }
  if (schema.isMapSchema()) {
    const entries = numbered(traits.xmlFlattened ? node : (node.children.get("entry") ?? node));
    const keyName = schema.getKeySchema().getMergedTraits().xmlName ?? "key";
    const valueName = schema.getValueSchema().getMergedTraits().xmlName ?? "value";
    return Object.fromEntries(
      entries.map((entry) => {
        const key = entry.children.get(keyName) ?? entry.children.get("Name") ?? entry.children.get("key");
        const value =
          entry.children.get(valueName) ?? entry.children.get("Value") ?? entry.children.get("value");
        return [key?.value ?? "", value && readNode(schema.getValueSchema(), value)];
      }),
    );
  }
  const text = node.value ?? "";
  if (schema.isNumericSchema()) return Number(text);
  if (schema.isBooleanSchema()) return text === "true";
  if (schema.isTimestampSchema()) return new Date(text);
  if (schema.isBlobSchema()) return Buffer.from(text, "base64");
  return text;
}

/**
 * Older SQS clients write `Attribute.1.Name` for the member `Attributes`; schemas of the JSON protocol keep
 * the plural.
 */
const singular = (name: string): string => name.replace(/ies$/, "y").replace(/s$/, "");
