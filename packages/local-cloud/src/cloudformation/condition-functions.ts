/** CloudFormation's logical functions, for Conditions and Rules. */

import { isList, isObject, type Json, member, sameJson } from "./json.ts";
import type { Scope } from "./scope.ts";
import { functionError, templateError } from "./template-error.ts";
import type { Resolve, TemplateFunction } from "./template-function.ts";

/** Returns the truth of an operand: a nested function, or `{Condition: name}`. */
export function truth(value: Json, resolve: Resolve, scope: Scope): boolean {
  const name = isObject(value) && Object.keys(value).length === 1 ? value["Condition"] : undefined;
  if (typeof name === "string") {
    const known = member(scope.conditions, name);
    if (known === undefined) {
      throw templateError(`Unresolved condition dependency ${name} in the Conditions block of the template`);
    }
    return known;
  }
  const resolved = resolve(value);
  if (resolved === true || resolved === "true") return true;
  if (resolved === false || resolved === "false") return false;
  throw templateError("Every Condition member must be a boolean condition function.");
}

const operands = (name: string, argument: Json, min: number, max: number): readonly Json[] => {
  if (!isList(argument) || argument.length < min || argument.length > max) {
    throw functionError(
      `every ${name} object requires a list of at least ${min} and at most ${max} boolean parameters.`,
    );
  }
  return argument;
};

const equals: TemplateFunction = (argument, resolve) => {
  if (!isList(argument) || argument.length !== 2) {
    throw functionError("every Fn::Equals object requires a list of 2 string parameters.");
  }
  return sameJson(resolve(argument[0] ?? null), resolve(argument[1] ?? null));
};

const all: TemplateFunction = (argument, resolve, scope) =>
  operands("Fn::And", argument, 2, 10).every((operand) => truth(operand, resolve, scope));

const some: TemplateFunction = (argument, resolve, scope) =>
  operands("Fn::Or", argument, 2, 10).some((operand) => truth(operand, resolve, scope));

const not: TemplateFunction = (argument, resolve, scope) => {
  if (!isList(argument) || argument.length !== 1) {
    throw functionError("every Fn::Not object requires one boolean parameter.");
  }
  return !truth(argument[0] ?? null, resolve, scope);
};

const lists = (
  name: string,
  argument: Json,
  resolve: Resolve,
): readonly [readonly Json[], readonly Json[]] => {
  const [one, other] = isList(argument) ? argument.map(resolve) : [];
  if (!isList(one) || !isList(other))
    throw functionError(`every ${name} object requires two lists of strings.`);
  return [one, other];
};

const contains: TemplateFunction = (argument, resolve) => {
  const [list, value] = isList(argument) ? argument.map(resolve) : [];
  if (!isList(list))
    throw functionError("every Fn::Contains object requires a list of strings and a string.");
  return list.some((item) => sameJson(item, value));
};

const eachIn: TemplateFunction = (argument, resolve) => {
  const [values, allowed] = lists("Fn::EachMemberIn", argument, resolve);
  return values.every((value) => allowed.some((item) => sameJson(item, value)));
};

const eachEquals: TemplateFunction = (argument, resolve) => {
  const [values, wanted] = isList(argument) ? argument.map(resolve) : [];
  if (!isList(values))
    throw functionError("every Fn::EachMemberEquals object requires a list of strings and a string.");
  return values.every((value) => sameJson(value, wanted));
};

export const conditionFunctions: Readonly<Record<string, TemplateFunction>> = {
  "Fn::And": all,
  "Fn::Contains": contains,
  "Fn::EachMemberEquals": eachEquals,
  "Fn::EachMemberIn": eachIn,
  "Fn::Equals": equals,
  "Fn::Not": not,
  "Fn::Or": some,
};
