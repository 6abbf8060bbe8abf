/** Evaluates a template's Conditions, each once, in the order of their references. */
import { truth } from "./condition-functions.ts";
import { calledFunction, resolve } from "./intrinsics.ts";
import { isObject, type Json, type JsonObject, member } from "./json.ts";
import type { Scope } from "./scope.ts";
import { templateError } from "./template-error.ts";

const logical = new Set([
  "Fn::And",
  "Fn::Equals",
  "Fn::Not",
  "Fn::Or",
  "Fn::Contains",
  "Fn::EachMemberIn",
  "Fn::EachMemberEquals",
]);

export function evaluateConditions(
  conditions: JsonObject,
  scope: Omit<Scope, "conditions">,
): Record<string, boolean> {
  const known: Record<string, boolean> = {};
  const path: string[] = [];
  const evaluate = (name: string): boolean => {
    const done = member(known, name);
    if (done !== undefined) return done;
    const definition = member(conditions, name);
    if (definition === undefined) {
      throw templateError(`Unresolved condition dependency ${name} in the Conditions block of the template`);
    }
    if (path.includes(name)) {
      throw templateError(
        `Found circular condition dependency between [${[...path].sort().join(", ")}] in the Conditions block of the template`,
      );
    }
    path.push(name);
    for (const needed of conditionsIn(definition)) evaluate(needed);
    const whole = { ...scope, conditions: known };
    const call = isObject(definition) ? calledFunction(definition) : undefined;
    const isReference = isObject(definition) && typeof definition["Condition"] === "string";
    if (!isReference && (call === undefined || !logical.has(call[0]))) {
      throw templateError("Conditions can only be boolean operations on parameters and other conditions");
    }
    const result = truth(definition, (value) => resolve(value, whole), whole);
    path.pop();
    known[name] = result;
    return result;
  };
  for (const name of Object.keys(conditions)) evaluate(name);
  return known;
}

/** Returns the names of the conditions that a value references with `{Condition: name}`. */
function conditionsIn(value: Json): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(conditionsIn);
  if (!isObject(value)) return [];
  const name = Object.keys(value).length === 1 ? value["Condition"] : undefined;
  return typeof name === "string" ? [name] : Object.values(value).flatMap(conditionsIn);
}
