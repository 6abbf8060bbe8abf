/**
 * Converts resolved properties to the scalar types of their schema, because templates write numbers and
 * booleans as text.
 */
import { isList, isObject, type Json, type JsonObject, member } from "#cloud/cloudformation/json.ts";
import type { PropertySpec, TypeSpec } from "./spec.ts";

export function coerceProperties(properties: JsonObject, spec: TypeSpec): JsonObject {
  return object(properties, spec.properties, spec);
}

function object(
  value: JsonObject,
  known: Readonly<Record<string, PropertySpec>>,
  spec: TypeSpec,
): JsonObject {
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => {
      const property = member(known, name);
      return [name, property ? coerce(item, property.type, spec) : item];
    }),
  );
}

function coerce(value: Json, type: string, spec: TypeSpec): Json {
  const inner = type.slice(1);
  switch (type[0]) {
    case "[":
      return isList(value) ? value.map((item) => coerce(item, inner, spec)) : [coerce(value, inner, spec)];
    case "{":
      return isObject(value)
        ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, coerce(item, inner, spec)]))
        : value;
    case "@": {
      const definition = spec.definitions[inner];
      return isObject(value) && definition ? object(value, definition, spec) : value;
    }
    case "i":
    case "n":
      return typeof value === "string" ? Number(value) : value;
    case "b":
      return typeof value === "string" ? value.toLowerCase() === "true" : value;
    case "s":
      return typeof value === "number" || typeof value === "boolean" ? String(value) : value;
    case "t":
      return isObject(value) ? { Key: String(value["Key"]), Value: String(value["Value"]) } : value;
    default:
      return value;
  }
}
