/** `Ref` and `Fn::GetAtt`: returns the value of a name in a template. */
import type { Json } from "./json.ts";
import { isList, member } from "./json.ts";
import { type noValue, pseudoNames, pseudoParameter, type Scope } from "./scope.ts";
import { functionError, templateError } from "./template-error.ts";

const unresolved = (name: string): Error =>
  templateError(`Unresolved resource dependencies [${name}] in the Resources block of the template`);

export function reference(name: Json, scope: Scope): Json | typeof noValue {
  if (typeof name !== "string") throw templateError("All Ref references must be of type string");
  if (pseudoNames.has(name)) return pseudoParameter(name, scope.pseudo) ?? "";
  const parameter = member(scope.parameters, name);
  if (parameter !== undefined) return parameter;
  const resource = scope.resource(name);
  if (resource) return resource.ref;
  throw unresolved(name);
}

/** Returns the two parts of a `Fn::GetAtt` argument, in either notation. */
export function attributeParts(argument: Json): readonly [logicalId: string, attribute: Json] {
  const parts = typeof argument === "string" ? splitFirst(argument) : argument;
  const [logicalId, attribute] = isList(parts) ? parts : [];
  if (!isList(parts) || parts.length !== 2 || typeof logicalId !== "string" || !logicalId || !attribute) {
    throw functionError(
      "every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute",
    );
  }
  return [logicalId, attribute];
}

const splitFirst = (text: string): readonly string[] => {
  const dot = text.indexOf(".");
  return dot < 0 ? [text] : [text.slice(0, dot), text.slice(dot + 1)];
};

export function attribute(logicalId: string, name: string, scope: Scope): Json {
  const resource = scope.resource(logicalId);
  if (!resource) throw functionError(`instance of Fn::GetAtt references undefined resource ${logicalId}`);
  const value = resource.attribute(name);
  if (value === undefined) {
    throw functionError(`resource ${logicalId} does not support attribute type ${name} in Fn::GetAtt`);
  }
  return value;
}
