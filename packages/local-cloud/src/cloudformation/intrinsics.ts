/** Resolves a value: every `Ref`, `Condition` and `Fn::…` in it is replaced by its result. */

import { conditionFunctions } from "./condition-functions.ts";
import { functions } from "./functions.ts";
import { isList, isObject, type Json, type JsonObject } from "./json.ts";
import { reference } from "./reference.ts";
import { noValue, type Scope } from "./scope.ts";
import { functionError } from "./template-error.ts";
import type { Resolve, Resolved } from "./template-function.ts";

/** Returns the single function that an object calls, or undefined. */
export function calledFunction(value: JsonObject): readonly [name: string, argument: Json] | undefined {
  const entries = Object.entries(value);
  const [entry] = entries;
  if (entries.length !== 1 || entry === undefined) return undefined;
  return entry[0] === "Ref" || entry[0].startsWith("Fn::") ? entry : undefined;
}

export function resolve(value: Json, scope: Scope): Resolved {
  const inner: Resolve = (part) => resolve(part, scope);
  if (isList(value)) return value.map(inner).filter((item) => item !== noValue);
  if (!isObject(value)) return value;
  const call = calledFunction(value);
  if (call) {
    const [name, argument] = call;
    if (name === "Ref") return reference(argument, scope);
    const run = functions[name] ?? conditionFunctions[name];
    if (!run) throw functionError(`Unsupported function ${name}`);
    return run(argument, inner, scope);
  }
  const members: [string, Json][] = [];
  for (const [key, item] of Object.entries(value)) {
    const resolved = inner(item);
    if (resolved !== noValue) members.push([key, resolved]);
  }
  return Object.fromEntries(members);
}

/** Resolves a value that must exist. */
export function resolveValue(value: Json, scope: Scope): Json {
  const resolved = resolve(value, scope);
  return resolved === noValue ? null : resolved;
}
