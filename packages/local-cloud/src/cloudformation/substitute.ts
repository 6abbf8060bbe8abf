/** `Fn::Sub`: text with `${Name}`, `${Resource.Attribute}` and `${!Literal}`. */

import { isList, isObject, type Json, member } from "./json.ts";
import { attribute, reference } from "./reference.ts";
import { functionError } from "./template-error.ts";
import type { TemplateFunction } from "./template-function.ts";

const placeholder = /\$\{([^}]*)\}/g;
const validName = /^[a-zA-Z0-9_.:]+$/;

/** Returns the text and the variables of a `Fn::Sub` argument. */
export function subParts(argument: Json): {
  readonly text: string;
  readonly variables: Readonly<Record<string, Json>>;
} {
  if (typeof argument === "string") return { text: argument, variables: {} };
  const [text, variables] = isList(argument) ? argument : [];
  if (!isList(argument) || argument.length !== 2 || typeof text !== "string" || !isObject(variables)) {
    throw functionError(
      "One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as first argument, and an optional second argument to specify a mapping of values to replace in the string",
    );
  }
  return { text, variables };
}

/** Returns the names that a text references, without the literals (`${!x}`). */
export function subNames(text: string): readonly string[] {
  return [...text.matchAll(placeholder)]
    .map((match) => (match[1] ?? "").trim())
    .filter((name) => !name.startsWith("!"));
}

export const substitute: TemplateFunction = (argument, resolve, scope) => {
  const { text, variables } = subParts(argument);
  return text.replace(placeholder, (_, inside: string) => {
    const name = inside.trim();
    if (name.startsWith("!")) return `\${${name.slice(1)}}`;
    if (!validName.test(name)) {
      throw functionError(
        "variable names in Fn::Sub syntax must contain only alphanumeric characters, underscores, periods, and colons",
      );
    }
    const variable = member(variables, name);
    const dot = name.indexOf(".");
    const value =
      variable !== undefined
        ? resolve(variable)
        : dot > 0
          ? attribute(name.slice(0, dot), name.slice(dot + 1), scope)
          : reference(name, scope);
    if (isList(value) && value.every((item) => typeof item === "string")) return value.join(",");
    if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") {
      throw functionError(`Fn::Sub expression does not resolve to a string`);
    }
    return String(value);
  });
};
