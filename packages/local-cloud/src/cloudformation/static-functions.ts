/**
 * Checks the functions whose result needs no resource, when a request is made: `Fn::If` with its condition, and
 * `Fn::FindInMap` with its keys. CloudFormation rejects both before it makes a stack or a change set.
 */
import { calledFunction, resolve } from "./intrinsics.ts";
import { isList, isObject, type Json, member } from "./json.ts";
import { referencesIn } from "./references.ts";
import type { Scope } from "./scope.ts";
import { functionError } from "./template-error.ts";

/** Only the chosen branch of `Fn::If` counts. `scope` knows no resource. */
export function checkStaticFunctions(value: Json, scope: Scope): void {
  if (isList(value)) {
    for (const item of value) checkStaticFunctions(item, scope);
    return;
  }
  if (!isObject(value)) return;
  const [name, argument] = calledFunction(value) ?? [];
  if (name === "Fn::If" && isList(argument)) {
    const [condition, yes = null, no = null] = argument;
    const outcome = typeof condition === "string" ? member(scope.conditions, condition) : undefined;
    if (outcome === undefined && typeof condition === "string")
      throw functionError(`unresolved condition dependency ${condition} in Fn::If`);
    checkStaticFunctions(outcome ? yes : no, scope);
    return;
  }
  if (name === "Fn::FindInMap" && isList(argument) && !namesResource(argument, scope)) {
    resolve(value, scope);
    return;
  }
  for (const item of Object.values(value)) checkStaticFunctions(item, scope);
}

const namesResource = (argument: Json, scope: Scope): boolean =>
  referencesIn(argument, scope.conditions).some((one) => member(scope.parameters, one.name) === undefined);
