/**
 * `Globals`: gives every resource of a kind its default properties. Maps are merged, lists are joined, and
 * the resource's own values win.
 */
import { isList, isObject, type Json, type JsonObject } from "#cloud/cloudformation/json.ts";
import { object } from "./document.ts";
import { SamProblem } from "./sam-error.ts";

const kinds = new Set([
  "Function",
  "Api",
  "HttpApi",
  "SimpleTable",
  "StateMachine",
  "LayerVersion",
  "CapacityProvider",
]);

export function checkGlobals(globals: Json | undefined): JsonObject {
  for (const kind of Object.keys(object(globals))) {
    if (!kinds.has(kind)) {
      throw new SamProblem(
        `'Globals' section is invalid. '${kind}' is not supported. Must be one of the following values - ${[...kinds].sort().join(", ")}`,
      );
    }
  }
  return object(globals);
}

export function withGlobals(type: string, properties: JsonObject, globals: JsonObject): JsonObject {
  const kind = type.slice("AWS::Serverless::".length);
  const merged = merge(object(globals[kind]), properties);
  return isObject(merged) ? merged : properties;
}

function merge(base: Json, own: Json): Json {
  if (isList(base) && isList(own)) return [...base, ...own];
  if (!isObject(base) || !isObject(own) || isCall(base) || isCall(own)) return own;
  const result: Record<string, Json> = { ...base };
  for (const [key, value] of Object.entries(own)) {
    const before = result[key];
    result[key] = before === undefined ? value : merge(before, value);
  }
  return result;
}

const isCall = (value: JsonObject): boolean => {
  const [name, ...more] = Object.keys(value);
  return more.length === 0 && name !== undefined && (name === "Ref" || name.startsWith("Fn::"));
};
