/**
 * Runs the account's macros on a template: snippets first, the innermost before those around it, then the whole template
 * (CloudFormation User Guide, "Perform custom processing on CloudFormation templates with template macros").
 */
import { isList, isObject, type Json, type JsonObject } from "./json.ts";

/** Runs one macro: gives it a part of the template with its parameters, and returns the macro's result. */
export type RunMacro = (name: string, fragment: JsonObject, params: JsonObject) => Promise<Json>;

const include = "AWS::Include";

/** Replaces each object that has `Fn::Transform` by the result of its macro. `AWS::Include` is no macro. */
export async function expandSnippets(value: Json, run: RunMacro): Promise<Json> {
  if (isList(value)) return await Promise.all(value.map((item) => expandSnippets(item, run)));
  if (!isObject(value)) return value;
  const { "Fn::Transform": call, ...siblings } = value;
  const members: [string, Json][] = [];
  for (const [key, item] of Object.entries(siblings)) members.push([key, await expandSnippets(item, run)]);
  const fragment = Object.fromEntries(members);
  if (!isObject(call)) return call === undefined ? fragment : { ...fragment, "Fn::Transform": call };
  if (call["Name"] === include) return { ...fragment, "Fn::Transform": call };
  return await run(String(call["Name"]), fragment, paramsOf(call));
}

export const paramsOf = (call: Json): JsonObject => {
  const params = isObject(call) ? call["Parameters"] : undefined;
  return isObject(params) ? params : {};
};
