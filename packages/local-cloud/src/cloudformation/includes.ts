/** `AWS::Include`: pastes a document from S3 into the template, at its top or in place of `Fn::Transform`. */
import { isList, isObject, type Json, type JsonObject } from "./json.ts";
import { parseTemplate } from "./parse-template.ts";
import { validationError } from "./template-error.ts";

type Read = (location: string) => Promise<string>;

export async function expandIncludes(
  document: JsonObject,
  transform: Json | undefined,
  read: Read,
): Promise<JsonObject> {
  const expanded = await expand(document, read);
  let result = isObject(expanded) ? expanded : document;
  const declared = transform === undefined ? [] : isList(transform) ? transform : [transform];
  for (const one of declared) {
    if (isObject(one) && one["Name"] === "AWS::Include")
      result = { ...result, ...(await fetched(one, read)) };
  }
  return result;
}

async function expand(value: Json, read: Read): Promise<Json> {
  if (isList(value)) return await Promise.all(value.map((item) => expand(item, read)));
  if (!isObject(value)) return value;
  const members: [string, Json][] = [];
  for (const [key, item] of Object.entries(value)) {
    if (key === "Fn::Transform" && isObject(item)) members.push(...Object.entries(await fetched(item, read)));
    else members.push([key, await expand(item, read)]);
  }
  return Object.fromEntries(members);
}

async function fetched(call: JsonObject, read: Read): Promise<JsonObject> {
  const parameters = call["Parameters"];
  const location = isObject(parameters) ? parameters["Location"] : undefined;
  if (call["Name"] !== "AWS::Include")
    throw validationError(`No transform named ${String(call["Name"])} found.`);
  if (typeof location !== "string") {
    throw validationError(
      "Transform AWS::Include failed with: The location parameter is not a valid S3 uri.",
    );
  }
  return parseTemplate(await read(location));
}
