/**
 * Lists the parameters of the parameter store that a stack would read in one environment: dynamic references in
 * resources and outputs, also references that functions put together. A branch of a condition that does not hold is
 * not read, because CloudFormation does not create it. Metadata is not read, because CloudFormation resolves nothing
 * in it.
 */
import { storeReferencesIn, withoutReferences } from "#release/document/store-references.ts";
import { isObject, type PlainObject, type PlainValue } from "#release/document/template-document.ts";
import { readResources } from "./resources.ts";
import { type Scope, sectionOf } from "./scope.ts";
import { hole, textOf } from "./seen.ts";
import { made, textsOf } from "./texts.ts";
import { holdsIn, valuesOf } from "./values.ts";

export type StoreUse = {
  /** The resource or output, and the property. */
  readonly at: string;
  /** It may end in a colon and a version. Absent: the name cannot be told before the stack exists. */
  readonly name?: string;
};

export const storeUses = (scope: Scope): readonly StoreUse[] => [
  ...readResources(scope).flatMap(({ id, properties }) => usesIn(properties, id, scope)),
  ...Object.entries(sectionOf(scope.document, "Outputs")).flatMap(([id, output]) => {
    if (!isObject(output)) return [];
    const condition = output["Condition"];
    const isLive = typeof condition !== "string" || holdsIn(condition, scope) !== false;
    return isLive ? usesIn(output, `Outputs.${id}`, scope) : [];
  }),
];

/** The names of the parameters that the template certainly makes. */
export const storeParametersMade = (scope: Scope): readonly string[] =>
  readResources(scope).flatMap(({ type, properties, maybe }) => {
    if (type !== "AWS::SSM::Parameter" || maybe !== undefined) return [];
    const [name, ...others] = valuesOf(properties["Name"], scope);
    const isKnown = name !== undefined && others.length === 0 && !name.doubt && !name.maybe;
    return isKnown ? [textOf(name)] : [];
  });

function usesIn(value: PlainValue, at: string, scope: Scope): readonly StoreUse[] {
  if (typeof value === "string") return usesInText(value, at);
  if (Array.isArray(value))
    return (value as readonly PlainValue[]).flatMap((item) => usesIn(item, at, scope));
  if (!isObject(value)) return [];
  const { "Fn::If": choice, "Fn::FindInMap": lookup } = value;
  if (Array.isArray(choice)) return usesIn(liveBranches(choice as readonly PlainValue[], scope), at, scope);
  if (Array.isArray(lookup)) return usesIn(mapEntries(lookup as readonly PlainValue[], scope), at, scope);
  const texts = textsOf(value, scope).map(textOf);
  const isKnown = texts.length > 0 && texts.every((text) => text !== hole);
  return [
    ...texts.flatMap((text) => usesInText(text, at)),
    ...(isKnown ? functionsIn(value) : Object.entries(value)).flatMap(([name, inner]) =>
      usesIn(inner, name.startsWith("Fn::") || name === "Ref" ? at : `${at}.${name}`, scope),
    ),
  ];
}

function liveBranches([condition, yes = null, no = null]: readonly PlainValue[], scope: Scope): PlainValue {
  const holds = holdsIn(String(condition), scope);
  if (typeof holds === "boolean") return holds ? yes : no;
  return [yes, no];
}

/** All entries of a map if a key is not known. */
function mapEntries([map, ...keys]: readonly PlainValue[], scope: Scope): PlainValue {
  const maps = sectionOf(scope.document, "Mappings");
  const start: readonly PlainValue[] = typeof map === "string" ? [maps[map] ?? null] : Object.values(maps);
  const found = keys.slice(0, 2).reduce<readonly PlainValue[]>((entries, key) => {
    const names = valuesOf(key, scope);
    const isKnown = names.every(({ doubt }) => doubt === undefined);
    return entries.flatMap((entry) => {
      if (!isObject(entry)) return [];
      return isKnown ? names.map((name) => entry[textOf(name)] ?? null) : Object.values(entry);
    });
  }, start);
  return [...found, ...keys.slice(2)];
}

/** The functions inside a function whose text is known: the text has the plain segments already. */
function functionsIn(value: PlainObject): readonly (readonly [name: string, inner: PlainValue])[] {
  const inner = (each: PlainValue): readonly PlainObject[] => {
    if (Array.isArray(each)) return (each as readonly PlainValue[]).flatMap(inner);
    if (!isObject(each)) return [];
    const isFunction = Object.keys(each).some((key) => key === "Ref" || key.startsWith("Fn::"));
    return isFunction ? [each] : Object.values(each).flatMap(inner);
  };
  return Object.entries(value).flatMap(([name, argument]) =>
    inner(argument).map((each): [string, PlainValue] => [name, each]),
  );
}

/** A reference whose name, or whose beginning, is put together from segments that are not known. */
const unclear = new RegExp(
  [
    "\\{\\{resolve:ssm(?:-secure)?:",
    `\\{\\{resolve:[^:}]*[${hole}${made}]`,
    `\\{\\{[a-z]*[${hole}${made}]`,
    `[${hole}${made}][a-z]*:?ssm(?:-secure)?:[^{}]*\\}\\}`,
  ].join("|"),
);

const usesInText = (text: string, at: string): readonly StoreUse[] => [
  ...storeReferencesIn(text).map(({ name }) => ({ at, name })),
  ...(unclear.test(withoutReferences(text)) ? [{ at }] : []),
];
