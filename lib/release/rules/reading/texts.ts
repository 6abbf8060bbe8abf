/**
 * Puts together the texts of a template that may hold dynamic references. `values.ts` calls such a text unknown,
 * because CloudFormation resolves it; here the reference itself is read.
 */
import { isObject, type PlainValue } from "#release/document/template-document.ts";
import { type Scope, sectionOf } from "./scope.ts";
import { joined, type Seen } from "./seen.ts";
import { valuesOf } from "./values.ts";

/** Stands for the name of a resource that the template makes. */
export const made = "\uFFFB";

/** The texts of a plain text, or of a function that puts a text together. */
export function textsOf(value: PlainValue, scope: Scope): readonly Seen[] {
  if (typeof value === "string") return [{ value }];
  if (!isObject(value)) return [];
  const parameter = parameterText(value["Ref"], scope);
  if (parameter !== undefined) return [{ value: parameter }];
  const join = value["Fn::Join"];
  const sub = value["Fn::Sub"];
  if (Array.isArray(join)) return joinedTexts(join as readonly PlainValue[], scope);
  if (sub !== undefined) return substitutedTexts(sub, scope);
  return [];
}

function joinedTexts([separator, list]: readonly PlainValue[], scope: Scope): readonly Seen[] {
  if (!Array.isArray(list)) return [];
  const between: readonly Seen[] = [{ value: String(separator ?? "") }];
  const items = (list as readonly PlainValue[]).map((item) => segment(item, scope));
  return joined(items.flatMap((item, index) => (index === 0 ? [item] : [between, item])));
}

function substitutedTexts(sub: PlainValue, scope: Scope): readonly Seen[] {
  const [text, given] = Array.isArray(sub) ? (sub as readonly PlainValue[]) : [sub];
  if (typeof text !== "string") return [];
  const own = isObject(given) ? given : {};
  return joined(
    text.split(/(\$\{[^}]*\})/).map((piece) => {
      const [, name] = /^\$\{([^!}][^}]*)\}$/.exec(piece) ?? [];
      if (name === undefined) return [{ value: piece }];
      if (Object.hasOwn(own, name)) return segment(own[name], scope);
      return segment(name.includes(".") ? { "Fn::Sub": piece } : { Ref: name }, scope);
    }),
  );
}

function segment(value: PlainValue | undefined, scope: Scope): readonly Seen[] {
  if (typeof value === "string") return [{ value }];
  const parameter = isObject(value) ? parameterText(value["Ref"], scope) : undefined;
  return parameter === undefined ? valuesOf(value, scope).map(withOwnNames) : [{ value: parameter }];
}

/** The value of a parameter that is a dynamic reference. */
function parameterText(name: PlainValue | undefined, { document, values }: Scope): string | undefined {
  if (typeof name !== "string") return undefined;
  const declared = sectionOf(document, "Parameters")[name];
  const value =
    (Object.hasOwn(values, name) ? values[name] : undefined) ?? (isObject(declared) && declared["Default"]);
  return typeof value === "string" && value.includes("{{resolve:") ? value : undefined;
}

/** The ARN of a secret that the template makes causes no doubt here. A name that the team chooses does. */
export const withOwnNames = (seen: Seen): Seen => (seen.own && !seen.chosen ? { value: made } : seen);
