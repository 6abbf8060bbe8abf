/**
 * Reads AWS's schema of a resource type: its properties, the required and the replacing ones, its
 * attributes and its identifier. `spec.gz` is read on first use, and a type's line is parsed on the first
 * request for it.
 */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { siblingFile } from "#cloud/kernel/sibling-file.ts";

export const specFile = siblingFile("spec.gz", import.meta.url);

/**
 * A line of the slice. A property reads `[!][^|~]<type>`: `!` required, `^` a change replaces the resource,
 * `~` it may. Types: `s` string, `i` integer, `n` number, `b` boolean, `t` tag, `j` any JSON, `[x` list,
 * `{x` map, `@Name` a definition of `d`.
 */
export type TypeLine = {
  readonly p: Readonly<Record<string, string>>;
  readonly a: Readonly<Record<string, string>>;
  readonly d?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly id?: readonly string[];
  /** The primary identifier, where it is another than `id`. */
  readonly pid?: readonly string[];
  readonly arn?: string;
  readonly tag?: readonly [property: string, variant: string];
};

export type PropertySpec = {
  readonly required: boolean;
  readonly replaces: "always" | "never" | "maybe";
  readonly type: string;
};

export type TypeSpec = {
  readonly properties: Readonly<Record<string, PropertySpec>>;
  readonly definitions: Readonly<Record<string, Readonly<Record<string, PropertySpec>>>>;
  /** Attribute names (dotted for nested attributes) with their type. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly identifier: readonly string[];
  /** The properties and attributes that identify a resource of the type. */
  readonly primary: readonly string[];
  readonly arn: string | undefined;
  readonly tags: { readonly property: string; readonly variant: string } | undefined;
};

type Spec = {
  readonly has: (type: string) => boolean;
  readonly get: (type: string) => TypeSpec | undefined;
  readonly types: () => readonly string[];
};

const property = (text: string): PropertySpec => {
  const required = text.startsWith("!");
  const rest = required ? text.slice(1) : text;
  const replaces = rest.startsWith("^") ? "always" : rest.startsWith("~") ? "maybe" : "never";
  return { required, replaces, type: replaces === "never" ? rest : rest.slice(1) };
};

const properties = (raw: Readonly<Record<string, string>>): Record<string, PropertySpec> =>
  Object.fromEntries(Object.entries(raw).map(([name, text]) => [name, property(text)]));

const parse = (text: string): TypeSpec => {
  const line = JSON.parse(text) as TypeLine;
  return {
    properties: properties(line.p),
    definitions: Object.fromEntries(
      Object.entries(line.d ?? {}).map(([name, definition]) => [name, properties(definition)]),
    ),
    attributes: line.a,
    identifier: line.id ?? [],
    primary: line.pid ?? line.id ?? [],
    arn: line.arn,
    tags: line.tag && { property: line.tag[0], variant: line.tag[1] },
  };
};

/** Opens the specification. The first question reads the file. */
export function openSpec(): Spec {
  let lines: Map<string, string> | undefined;
  const parsed = new Map<string, TypeSpec>();
  const read = (): Map<string, string> => {
    lines ??= new Map(
      gunzipSync(readFileSync(specFile))
        .toString()
        .split("\n")
        .map((line) => {
          const tab = line.indexOf("\t");
          return [line.slice(0, tab), line.slice(tab + 1)];
        }),
    );
    return lines;
  };
  return {
    has: (type) => read().has(type),
    types: () => [...read().keys()],
    get: (type) => {
      const known = parsed.get(type);
      if (known) return known;
      const text = read().get(type);
      if (text === undefined) return undefined;
      const spec = parse(text);
      parsed.set(type, spec);
      return spec;
    },
  };
}
