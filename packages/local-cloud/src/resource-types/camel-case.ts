/**
 * Converts a template's PascalCase members into the camelCase of the older JSON services. Free-form maps
 * stay unchanged.
 */
import { isList, isObject, type Json } from "#cloud/cloudformation/json.ts";

/** `opaque` names the members whose value belongs to the user (configuration maps, environment values). */
export function camelCase(value: Json, opaque: ReadonlySet<string>): unknown {
  if (isList(value)) return value.map((item) => camelCase(item, opaque));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      /^[A-Z]{2}/.test(name) ? name : `${name.charAt(0).toLowerCase()}${name.slice(1)}`,
      opaque.has(name) ? item : camelCase(item, opaque),
    ]),
  );
}
