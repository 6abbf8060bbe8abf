/** Defines JSON values as templates contain them, and functions that inspect them. */

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export type JsonObject = { readonly [key: string]: Json };

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const isList = (value: unknown): value is readonly Json[] => Array.isArray(value);

/** Returns an object's own member. Inherited names such as `constructor` are not members. */
export const member = <Value>(
  object: Readonly<Record<string, Value>> | undefined,
  key: string,
): Value | undefined => (object !== undefined && Object.hasOwn(object, key) ? object[key] : undefined);

/**
 * Returns a text that is equal exactly when the values are equal: keys in order, numbers and booleans as
 * CloudFormation's strings.
 */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (isObject(value)) {
    const keys = Object.keys(value).sort();
    return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
  }
  return typeof value === "number" || typeof value === "boolean"
    ? JSON.stringify(String(value))
    : JSON.stringify(value ?? null);
}

/** CloudFormation treats 1 and "1" alike, and true and "true". */
export const sameJson = (one: unknown, other: unknown): boolean => canonical(one) === canonical(other);

/** Applies `change` to every string in a value. */
export function mapStrings(value: Json, change: (text: string) => Json): Json {
  if (typeof value === "string") return change(value);
  if (isList(value)) return value.map((item) => mapStrings(item, change));
  if (isObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapStrings(item, change)]));
  }
  return value;
}
