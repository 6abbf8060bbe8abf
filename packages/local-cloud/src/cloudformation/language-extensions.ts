/**
 * `AWS::LanguageExtensions`: unrolls `Fn::ForEach`, and resolves functions inside `Ref` and `Fn::GetAtt`. The transform's
 * other functions are resolved with CloudFormation's own.
 */
import { calledFunction, resolveValue } from "./intrinsics.ts";
import { isList, isObject, type Json, type JsonObject, mapStrings, member } from "./json.ts";
import { parameterJson } from "./parameters.ts";
import type { Scope } from "./scope.ts";
import type { ParameterDeclaration } from "./template.ts";
import { validationError } from "./template-error.ts";
import type { TransformContext } from "./transform-input.ts";

type NameContext = Pick<TransformContext, "parameters" | "pseudo">;

const failed = (what: string): Error =>
  validationError(`Transform AWS::LanguageExtensions failed with: ${what}`);

export function expandLanguageExtensions(document: JsonObject, context: NameContext): JsonObject {
  const value = unroll(document, context);
  if (!isObject(value)) return document;
  const named = resolveNames(value, scopeOf(value, context));
  return isObject(named) ? named : value;
}

/** The scope of names: parameters, pseudo parameters and mappings. No resource exists yet. */
function scopeOf(document: JsonObject, { parameters, pseudo }: NameContext): Scope {
  const declared = (document["Parameters"] ?? {}) as Readonly<Record<string, ParameterDeclaration>>;
  const values = parameters.flatMap((one) => {
    const declaration = member(declared, one.key);
    return declaration ? [[one.key, parameterJson(declaration, one)] as const] : [];
  });
  return {
    parameters: Object.fromEntries(values),
    pseudo,
    mappings: (document["Mappings"] ?? {}) as Readonly<Record<string, JsonObject>>,
    conditions: {},
    resource: () => undefined,
    importValue: (name) => {
      throw failed(`Fn::ImportValue ${name} cannot name a resource`);
    },
  };
}

/** Replaces functions that stand for the name in `Ref`, and for the names in `Fn::GetAtt`, by their text. */
function resolveNames(value: Json, scope: Scope): Json {
  if (isList(value)) return value.map((item) => resolveNames(item, scope));
  if (!isObject(value)) return value;
  const text = (part: Json): Json => (isObject(part) ? resolveValue(part, scope) : part);
  const [name, argument = null] = calledFunction(value) ?? [];
  if (name === "Ref") return { Ref: text(argument) };
  if (name === "Fn::GetAtt" && isList(argument)) return { "Fn::GetAtt": argument.map(text) };
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolveNames(item, scope)]));
}

function unroll(value: Json, context: NameContext): Json {
  if (isList(value)) return value.map((item) => unroll(item, context));
  if (!isObject(value)) return value;
  const members: [string, Json][] = [];
  for (const [key, item] of Object.entries(value)) {
    if (key.startsWith("Fn::ForEach::")) members.push(...loop(key, item, context));
    else members.push([key, unroll(item, context)]);
  }
  return Object.fromEntries(members);
}

function loop(key: string, argument: Json, context: NameContext): readonly [string, Json][] {
  const [identifier, collection, body] = isList(argument) ? argument : [];
  if (typeof identifier !== "string" || collection === undefined || !isObject(body)) {
    throw failed(`${key} layout is incorrect`);
  }
  return items(collection, context).flatMap((item) => {
    const fill = (text: string): string =>
      text
        .replaceAll(`\${${identifier}}`, item)
        .replaceAll(`&{${identifier}}`, item.replace(/[^a-zA-Z0-9]/g, ""));
    const one = substituteIdentifier(body, identifier, item, fill);
    const unrolled = unroll(one, context);
    return isObject(unrolled) ? Object.entries(unrolled) : [];
  });
}

function substituteIdentifier(
  value: Json,
  identifier: string,
  item: string,
  fill: (text: string) => string,
): Json {
  if (isList(value)) return value.map((one) => substituteIdentifier(one, identifier, item, fill));
  if (!isObject(value)) return mapStrings(value, fill);
  if (value["Ref"] === identifier && Object.keys(value).length === 1) return item;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [fill(key), substituteIdentifier(one, identifier, item, fill)]),
  );
}

function items(collection: Json, context: NameContext): readonly string[] {
  if (isList(collection))
    return collection.map((one) => (isObject(one) ? items(one, context).join(",") : String(one)));
  const name = isObject(collection) ? collection["Ref"] : undefined;
  const parameter = context.parameters.find((one) => one.key === name);
  if (!parameter)
    throw failed("Fn::ForEach could not resolve its collection: use a list or a Ref to a list parameter");
  return (parameter.resolved ?? parameter.value).split(",").map((item) => item.trim());
}
