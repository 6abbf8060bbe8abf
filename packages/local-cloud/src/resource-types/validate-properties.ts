/**
 * Checks a resource's resolved properties against its type's schema, in the words of AWS's model
 * validation.
 */
import { isList, isObject, type Json, type JsonObject, member } from "#cloud/cloudformation/json.ts";
import type { PropertySpec, TypeSpec } from "./spec.ts";

/** Returns the problems, or an empty list when the properties are valid. */
export function propertyProblems(properties: JsonObject, spec: TypeSpec): readonly string[] {
  return objectProblems(properties, spec.properties, "#", spec, 0);
}

function objectProblems(
  value: JsonObject,
  known: Readonly<Record<string, PropertySpec>>,
  path: string,
  spec: TypeSpec,
  depth: number,
): readonly string[] {
  const missing = Object.entries(known)
    .filter(([name, property]) => property.required && member(value, name) === undefined)
    .map(([name]) => `${path}: required key [${name}] not found`);
  const rest = Object.entries(value).flatMap(([name, item]) => {
    const property = member(known, name);
    if (!property) return [`${path}: extraneous key [${name}] is not permitted`];
    return valueProblems(item, property.type, `${path}/${name}`, spec, depth + 1);
  });
  return [...missing, ...rest];
}

function valueProblems(
  value: Json,
  type: string,
  path: string,
  spec: TypeSpec,
  depth: number,
): readonly string[] {
  const expected = (wanted: string, found: string): readonly string[] => [
    `${path}: expected type: ${wanted}, found: ${found}`,
  ];
  const [kind] = type;
  if (kind === "[") {
    // A single value in place of a list counts as a list of one, as in CloudFormation.
    if (!isList(value)) return isObject(value) ? expected("JSONArray", "JSONObject") : [];
    return value.flatMap((item, index) =>
      valueProblems(item, type.slice(1), `${path}/${index}`, spec, depth),
    );
  }
  if (kind === "{") {
    if (!isObject(value)) return expected("JSONObject", describe(value));
    return Object.entries(value).flatMap(([key, item]) =>
      valueProblems(item, type.slice(1), `${path}/${key}`, spec, depth),
    );
  }
  if (kind === "@") {
    const definition = spec.definitions[type.slice(1)];
    if (!isObject(value))
      return typeof value === "string" && definition === undefined
        ? []
        : expected("JSONObject", describe(value));
    return definition && depth < 20 ? objectProblems(value, definition, path, spec, depth) : [];
  }
  if (kind === "t") {
    if (!isObject(value)) return expected("JSONObject", describe(value));
    return ["Key", "Value"]
      .filter((name) => member(value, name) === undefined)
      .map((name) => `${path}: required key [${name}] not found`);
  }
  if (kind === "j") return [];
  if (isList(value) || isObject(value)) return expected(scalarName(kind), describe(value));
  if ((kind === "i" || kind === "n") && !Number.isFinite(Number(value)))
    return expected(scalarName(kind), "String");
  if (kind === "b" && !["true", "false"].includes(String(value).toLowerCase()))
    return expected("Boolean", "String");
  return [];
}

const scalarName = (kind: string | undefined): string =>
  kind === "i" ? "Integer" : kind === "n" ? "Number" : kind === "b" ? "Boolean" : "String";

const describe = (value: Json): string =>
  isList(value)
    ? "JSONArray"
    : isObject(value)
      ? "JSONObject"
      : typeof value === "number"
        ? "Number"
        : typeof value === "boolean"
          ? "Boolean"
          : "String";
