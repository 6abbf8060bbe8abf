/**
 * A shape describes a kind of document once. It reads such a document and reports all problems with their
 * locations, and it publishes itself as JSON Schema.
 */
import { type Problem, plainValue, type TreeNode } from "./node-tree.ts";
import type { PlainObject } from "./template-document.ts";

export type JsonSchema = { readonly [keyword: string]: unknown };

export type Shape<T> = {
  /** The value, or undefined after at least one problem was reported. */
  readonly read: (node: TreeNode, report: (problem: Problem) => void) => T | undefined;
  readonly schema: JsonSchema;
};

export type ShapeOf<S> = S extends Shape<infer T> ? T : never;

/** Reads a whole tree: a value, or all its problems. */
export function readShape<T>(
  shape: Shape<T>,
  root: TreeNode,
): { value: T } | { problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const value = shape.read(root, (problem) => problems.push(problem));
  return value === undefined || problems.length > 0 ? { problems } : { value };
}

/** A scalar that `accept` turns into a value; `expected` completes "expected …". */
export function scalar<T>(
  expected: string,
  schema: JsonSchema,
  accept: (value: unknown, source?: string) => T | undefined,
): Shape<T> {
  return {
    schema,
    read: (node, report) => {
      const value = node.kind === "scalar" ? accept(node.value, node.source) : undefined;
      if (value === undefined)
        report({ ...node.location, message: `Expected ${expected}, found ${found(node)}.` });
      return value;
    },
  };
}

export const text = (expected = "a text", pattern?: RegExp): Shape<string> =>
  scalar(expected, { type: "string", ...(pattern && { pattern: pattern.source }) }, (value) =>
    typeof value === "string" && (pattern?.test(value) ?? true) ? value : undefined,
  );

/** Digits that are a name, not a number: taken as they are written, with or without quotes. */
export const digits = (expected: string, pattern: RegExp): Shape<string> =>
  scalar(expected, { type: ["string", "integer"], pattern: pattern.source }, (value, source) => {
    const written = typeof value === "string" ? value : (source ?? String(value));
    return pattern.test(written) ? written : undefined;
  });

export const integer = (least: number, most: number): Shape<number> =>
  scalar(
    `a whole number from ${least} to ${most}`,
    { type: "integer", minimum: least, maximum: most },
    (value) =>
      typeof value === "number" && Number.isInteger(value) && value >= least && value <= most
        ? value
        : undefined,
  );

export const flag = (): Shape<boolean> =>
  scalar("true or false", { type: "boolean" }, (value) => (typeof value === "boolean" ? value : undefined));

export const oneOf = <const T extends string | number>(...values: readonly T[]): Shape<T> =>
  scalar(
    values.length === 1 ? JSON.stringify(values[0]) : `one of ${values.join(", ")}`,
    values.length === 1 ? { const: values[0] } : { enum: values },
    (value) => values.find((allowed) => allowed === value),
  );

export const listOf = <T>(item: Shape<T>, least = 0): Shape<readonly T[]> => ({
  schema: { type: "array", items: item.schema, ...(least > 0 && { minItems: least }) },
  read: (node, report) => {
    if (node.kind !== "list") {
      report({ ...node.location, message: `Expected a list, found ${found(node)}.` });
      return undefined;
    }
    if (node.items.length < least) report({ ...node.location, message: `Expected at least ${least} item.` });
    const items = node.items.map((child) => item.read(child, report));
    return items.every((value) => value !== undefined) ? items : undefined;
  },
});

export const mapOf = <T>(
  keys: RegExp,
  expected: string,
  item: Shape<T>,
): Shape<Readonly<Record<string, T>>> => ({
  schema: { type: "object", propertyNames: { pattern: keys.source }, additionalProperties: item.schema },
  read: (node, report) => {
    if (node.kind !== "object") {
      report({ ...node.location, message: `Expected fields, found ${found(node)}.` });
      return undefined;
    }
    const read = [...node.fields].map(([name, child]): [string, T | undefined] => {
      if (!keys.test(name))
        report({ ...child.location, message: `Expected ${expected}, found ${JSON.stringify(name)}.` });
      return [name, item.read(child, report)];
    });
    const known = read.flatMap(([name, value]): [string, T][] =>
      value === undefined ? [] : [[name, value]],
    );
    return known.length === read.length ? Object.fromEntries(known) : undefined;
  },
});

/** Fields of any kind; another reader gives them their meaning. */
export const anyFields: Shape<PlainObject> = {
  schema: { type: "object" },
  read: (node, report) => {
    if (node.kind === "object") return plainValue(node) as PlainObject;
    report({ ...node.location, message: `Expected fields, found ${found(node)}.` });
    return undefined;
  },
};

type Field<T, Optional extends boolean> = { readonly shape: Shape<T>; readonly optional: Optional };
type Fields = Readonly<Record<string, Shape<unknown> | Field<unknown, true>>>;
type Flat<T> = { readonly [Key in keyof T]: T[Key] };
type ObjectOf<F extends Fields> = Flat<
  { [Key in keyof F as F[Key] extends Field<unknown, true> ? never : Key]: ShapeOf<F[Key]> } & {
    [Key in keyof F as F[Key] extends Field<unknown, true> ? Key : never]?: F[Key] extends Field<
      infer T,
      true
    >
      ? T
      : never;
  }
>;

export const optional = <T>(shape: Shape<T>): Field<T, true> => ({ shape, optional: true });

/** Any text may stand beside a shape in the schema, for editors that show it. */
export const described = <T>(description: string, shape: Shape<T>): Shape<T> => ({
  ...shape,
  schema: { description, ...shape.schema },
});

/** Fields that are not named are problems: a misspelt field must not be silently ignored. */
export function object<F extends Fields>(fields: F): Shape<ObjectOf<F>> {
  const names = Object.keys(fields);
  const entries = Object.entries(fields).map(([name, field]) => ({
    name,
    ...("optional" in field ? field : { shape: field, optional: false }),
  }));
  return {
    schema: {
      type: "object",
      properties: Object.fromEntries(entries.map(({ name, shape }) => [name, shape.schema])),
      required: entries.filter((entry) => !entry.optional).map(({ name }) => name),
      additionalProperties: false,
    },
    read: (node, report) => {
      if (node.kind !== "object") {
        report({ ...node.location, message: `Expected fields, found ${found(node)}.` });
        return undefined;
      }
      let complete = true;
      const value: Record<string, unknown> = {};
      for (const [name, child] of node.fields) {
        if (names.includes(name)) continue;
        report({
          ...child.location,
          message: `Unknown field ${JSON.stringify(name)}; there are ${names.join(", ")}.`,
        });
        complete = false;
      }
      for (const { name, shape, optional: mayMiss } of entries) {
        const child = node.fields.get(name);
        if (child === undefined && mayMiss) continue;
        if (child === undefined) report({ ...node.location, message: `The field ${name} is missing.` });
        const read = child && shape.read(child, report);
        if (read === undefined) complete = false;
        else value[name] = read;
      }
      return complete ? (value as ObjectOf<F>) : undefined;
    },
  };
}

/** One of several objects, told apart by the text in one of their fields. */
export function choice<T>(tag: string, options: Readonly<Record<string, Shape<T>>>): Shape<T> {
  const names = Object.keys(options).join(", ");
  return {
    schema: { oneOf: Object.values(options).map(({ schema }) => schema) },
    read: (node, report) => {
      const seen = node.kind === "object" ? node.fields.get(tag) : undefined;
      const chosen = seen?.kind === "scalar" ? options[String(seen.value)] : undefined;
      if (chosen !== undefined) return chosen.read(node, report);
      report({ ...node.location, message: `Expected an object whose ${tag} is one of ${names}.` });
      return undefined;
    },
  };
}

/** Completes "found …". */
export function found(node: TreeNode): string {
  if (node.kind === "list") return "a list";
  if (node.kind === "object") return "fields";
  return node.value === null || node.value === undefined
    ? "nothing"
    : JSON.stringify(node.source ?? node.value);
}
