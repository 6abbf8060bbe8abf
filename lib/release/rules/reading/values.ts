/**
 * Evaluates the expressions of a template as CloudFormation would, as far as the template and the parameters
 * tell. Rules read templates through it, because a policy may be written with parameters and functions.
 */
import { isObject, type PlainValue } from "#release/document/template-document.ts";
import { conditionHolds } from "./conditions.ts";
import { attributeOf, referenceOf } from "./references.ts";
import { type Scope, sectionOf } from "./scope.ts";
import { type Doubt, joined, type Seen, textOf, unknown } from "./seen.ts";

/** Every value that an expression can have; none for an absent property or `AWS::NoValue`. */
export function valuesOf(expression: PlainValue | undefined, scope: Scope): readonly Seen[] {
  if (expression === undefined) return [];
  if (typeof expression === "string") return [plainText(expression)];
  if (!isObject(expression)) return [{ value: expression }];
  const [name = "", ...others] = Object.keys(expression);
  if (others.length > 0 || !(name === "Ref" || name.startsWith("Fn::"))) return [{ value: expression }];
  const evaluate = Object.hasOwn(functions, name) ? functions[name] : undefined;
  const values = evaluate?.(expression[name] ?? null, scope) ?? [
    unknown(`${name} is evaluated in the account`),
  ];
  return values.length > mostValues ? [unknown(`${name} has too many possible values`)] : values;
}

/** A hostile template could multiply values without end. */
const mostValues = 256;

/** True, false, or the reason why the condition cannot be evaluated. */
export const holdsIn = (condition: string, scope: Scope): boolean | Doubt =>
  conditionHolds(condition, scope, valuesOf);

/** The items of a list, or the one value, each with its possible values. */
export function itemsOf(expression: PlainValue | undefined, scope: Scope): readonly Seen[] {
  return valuesOf(expression, scope).flatMap((seen) =>
    Array.isArray(seen.value)
      ? (seen.value as readonly PlainValue[]).flatMap((item) => within(seen, itemsOf(item, scope)))
      : [seen],
  );
}

/** The values of a property by its path. `*` in a path stands for each item or field. */
export function propertyValues(expression: PlainValue, path: string, scope: Scope): readonly Seen[] {
  const steps = path.split(".");
  return steps.reduce<readonly Seen[]>(
    (seen, step) => seen.flatMap((each) => within(each, childrenOf(each, step, scope))),
    valuesOf(expression, scope),
  );
}

function childrenOf({ value }: Seen, step: string, scope: Scope): readonly Seen[] {
  if (step !== "*") return isObject(value) ? valuesOf(value[step], scope) : [];
  if (Array.isArray(value)) return (value as readonly PlainValue[]).flatMap((item) => valuesOf(item, scope));
  return isObject(value) ? Object.values(value).flatMap((item) => valuesOf(item, scope)) : [];
}

const within = (outer: Seen, inner: readonly Seen[]): readonly Seen[] =>
  outer.maybe === undefined ? inner : inner.map((seen) => ({ maybe: outer.maybe as Doubt, ...seen }));

/** A text may hold a dynamic reference, or the variable of a Fn::ForEach. */
function plainText(text: string): Seen {
  if (text.includes("{{resolve:")) return unknown("CloudFormation resolves a dynamic reference");
  return /[$&]\{[A-Za-z0-9]+\}/.test(text) ? unknown("it contains the variable of a loop") : { value: text };
}

type Evaluate = (argument: PlainValue, scope: Scope) => readonly Seen[];

const functions: Readonly<Record<string, Evaluate>> = {
  Ref: (name, scope) =>
    typeof name === "string" ? referenceOf(name, scope) : [unknown("Ref names nothing")],
  "Fn::GetAtt": (argument, scope) => attributeOf(argument, scope),
  "Fn::Sub": substituted,
  "Fn::Join": joinedList,
  "Fn::If": chosen,
  "Fn::FindInMap": mapped,
  "Fn::Select": selected,
  "Fn::Split": splitText,
  "Fn::ToJsonString": valuesOf,
};

const variable = /\$\{(!?)([^}]*)\}/g;

function substituted(argument: PlainValue, scope: Scope): readonly Seen[] {
  const [text, given] = Array.isArray(argument)
    ? (argument as readonly PlainValue[])
    : ([argument] as readonly PlainValue[]);
  if (typeof text !== "string") return [unknown("Fn::Sub has no text")];
  const own = isObject(given) ? given : {};
  const segments: (readonly Seen[])[] = [];
  let at = 0;
  for (const match of text.matchAll(variable)) {
    const [whole, literal, name = ""] = match;
    segments.push([{ value: text.slice(at, match.index) }]);
    if (literal === "!") segments.push([{ value: `\${${name}}` }]);
    else if (Object.hasOwn(own, name)) segments.push(valuesOf(own[name], scope));
    else segments.push(name.includes(".") ? attributeOf(name, scope) : referenceOf(name, scope));
    at = match.index + whole.length;
  }
  const made = joined([...segments, [{ value: text.slice(at) }]]);
  return made.map((seen) => (textOf(seen).includes("{{resolve:") ? plainText(textOf(seen)) : seen));
}

function joinedList(argument: PlainValue, scope: Scope): readonly Seen[] {
  const [separator, list] = Array.isArray(argument) ? (argument as readonly PlainValue[]) : [];
  const lists = valuesOf(list, scope);
  return lists.flatMap((seen) => {
    if (!Array.isArray(seen.value)) return [unknown("the list of a Fn::Join is not known")];
    const items = (seen.value as readonly PlainValue[]).map((item) => valuesOf(item, scope));
    const between = items.flatMap((item, index) =>
      index === 0 ? [item] : [[{ value: String(separator ?? "") }], item],
    );
    return within(
      seen,
      joined(between).map((made) => (textOf(made).includes("{{resolve:") ? plainText(textOf(made)) : made)),
    );
  });
}

function chosen(argument: PlainValue, scope: Scope): readonly Seen[] {
  const [condition, yes, no] = Array.isArray(argument) ? (argument as readonly PlainValue[]) : [];
  const holds = holdsIn(String(condition), scope);
  if (holds === true) return valuesOf(yes, scope);
  if (holds === false) return valuesOf(no, scope);
  return [...valuesOf(yes, scope), ...valuesOf(no, scope)].map((seen) => ({ ...seen, maybe: holds }));
}

function mapped(argument: PlainValue, scope: Scope): readonly Seen[] {
  const [name, ...keys] = Array.isArray(argument) ? (argument as readonly PlainValue[]) : [];
  const map = typeof name === "string" ? sectionOf(scope.document, "Mappings")[name] : undefined;
  const steps = keys.slice(0, 2).map((key) => valuesOf(key, scope));
  const found = steps.reduce<readonly Seen[]>(
    (seen, step) => seen.flatMap((each) => step.flatMap((key) => entries(each, key))),
    map === undefined ? [] : [{ value: map }],
  );
  const ends = found.flatMap((seen) => within(seen, valuesOf(seen.value, scope)));
  const otherwise = isObject(keys[2]) ? valuesOf(keys[2]["DefaultValue"], scope) : [];
  return ends.length + otherwise.length === 0
    ? [unknown("Fn::FindInMap finds nothing")]
    : [...ends, ...otherwise];
}

/** All entries of the map if the key is not known. */
function entries(map: Seen, key: Seen): readonly Seen[] {
  if (!isObject(map.value)) return [];
  const maybe = key.doubt ?? key.maybe ?? map.maybe;
  const values = key.doubt ? Object.values(map.value) : [map.value[textOf(key)]];
  return values.flatMap((value) => (value === undefined ? [] : [{ value, ...(maybe && { maybe }) }]));
}

function selected(argument: PlainValue, scope: Scope): readonly Seen[] {
  const [index, list] = Array.isArray(argument) ? (argument as readonly PlainValue[]) : [];
  return valuesOf(list, scope).flatMap((seen) => {
    const item = Array.isArray(seen.value) ? (seen.value as readonly PlainValue[])[Number(index)] : undefined;
    return item === undefined ? [unknown("Fn::Select takes from an unknown list")] : valuesOf(item, scope);
  });
}

function splitText(argument: PlainValue, scope: Scope): readonly Seen[] {
  const [separator, text] = Array.isArray(argument) ? (argument as readonly PlainValue[]) : [];
  return valuesOf(text, scope).map((seen) =>
    seen.doubt ? seen : { ...seen, value: textOf(seen).split(String(separator)) },
  );
}
