/** Values in traits: texts with references, parameters of any plain kind, and lists where one text is enough. */
import { parseReferences } from "#release/document/references.ts";
import { found, listOf, type Shape } from "#release/document/shape.ts";

const longestValue = 4096; // of a CloudFormation parameter

const anyScalar = { type: ["string", "number", "boolean"] };

/**
 * Reads a text, number or flag as its source text, so that 0012 and 1.10 stay unchanged. The items of a list
 * are joined by commas, as CloudFormation expects lists. References are checked, not resolved.
 */
export const parameterValue: Shape<string> = {
  schema: { anyOf: [anyScalar, { type: "array", items: anyScalar }] },
  read: (node, report) => {
    const nodes = node.kind === "list" ? node.items : [node];
    const texts = nodes.map((one) => {
      const value = one.kind === "scalar" ? textOf(one.value, one.source) : undefined;
      if (value === undefined)
        report({ ...one.location, message: `Expected a text, number, true or false, found ${found(one)}.` });
      for (const message of parseReferences(value ?? "").problems) report({ ...one.location, message });
      return value;
    });
    const joined = texts.join(",");
    const bytes = new TextEncoder().encode(joined).length;
    if (bytes > longestValue) {
      const message = `The value has ${bytes} bytes; CloudFormation takes ${longestValue}.`;
      report({ ...node.location, message });
    }
    return texts.includes(undefined) || bytes > longestValue ? undefined : joined;
  },
};

function textOf(value: unknown, source?: string): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "bigint") return source ?? String(value);
  return typeof value === "boolean" ? String(value) : undefined;
}

/** A list, or the one item it would have. */
export const oneOrMore = <T>(item: Shape<T>): Shape<readonly T[]> => {
  const list = listOf(item, 1);
  return {
    schema: { anyOf: [item.schema, list.schema] },
    read: (node, report) => {
      if (node.kind === "list") return list.read(node, report);
      const only = item.read(node, report);
      return only === undefined ? undefined : [only];
    },
  };
};

/** A scalar read by one shape, anything else by the other. */
export const either = <A, B>(scalar: Shape<A>, other: Shape<B>): Shape<A | B> => ({
  schema: { anyOf: [scalar.schema, other.schema] },
  read: (node, report) => (node.kind === "scalar" ? scalar : other).read(node, report),
});

/** Fields whose names begin with `x-` or a dot mean nothing: they are where anchors are kept. */
export const withAnchors = <T>(shape: Shape<T>): Shape<T> => ({
  schema: {
    ...shape.schema,
    patternProperties: {
      "^(x-|\\.)": { description: "Kedge ignores this field; it can hold YAML anchors." },
    },
  },
  read: (node, report) => {
    if (node.kind !== "object") return shape.read(node, report);
    const fields = [...node.fields].filter(([name]) => !/^(x-|\.)/.test(name));
    return shape.read({ ...node, fields: new Map(fields) }, report);
  },
});
