/**
 * `AWS::LanguageExtensions`: unrolls `Fn::ForEach`. The transform's other functions are resolved with
 * CloudFormation's own.
 */
import { isList, isObject, type Json, type JsonObject, mapStrings } from "./json.ts";
import { validationError } from "./template-error.ts";
import type { TransformContext } from "./transform-input.ts";

const failed = (what: string): Error =>
  validationError(`Transform AWS::LanguageExtensions failed with: ${what}`);

export function expandLanguageExtensions(
  document: JsonObject,
  context: Pick<TransformContext, "parameters">,
): JsonObject {
  const value = unroll(document, context);
  return isObject(value) ? value : document;
}

function unroll(value: Json, context: Pick<TransformContext, "parameters">): Json {
  if (isList(value)) return value.map((item) => unroll(item, context));
  if (!isObject(value)) return value;
  const members: [string, Json][] = [];
  for (const [key, item] of Object.entries(value)) {
    if (key.startsWith("Fn::ForEach::")) members.push(...loop(key, item, context));
    else members.push([key, unroll(item, context)]);
  }
  return Object.fromEntries(members);
}

function loop(
  key: string,
  argument: Json,
  context: Pick<TransformContext, "parameters">,
): readonly [string, Json][] {
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

function items(collection: Json, context: Pick<TransformContext, "parameters">): readonly string[] {
  if (isList(collection))
    return collection.map((one) => (isObject(one) ? items(one, context).join(",") : String(one)));
  const name = isObject(collection) ? collection["Ref"] : undefined;
  const parameter = context.parameters.find((one) => one.key === name);
  if (!parameter)
    throw failed("Fn::ForEach could not resolve its collection: use a list or a Ref to a list parameter");
  return (parameter.resolved ?? parameter.value).split(",").map((item) => item.trim());
}
