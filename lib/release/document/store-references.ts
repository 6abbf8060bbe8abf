/**
 * Fixes the versions of the stored parameters that a template refers to. Prepare does it in an environment with an
 * approval, so the value that the approval clears is the value that CloudFormation reads.
 *
 * A dynamic reference gets a version. A template parameter of the type `AWS::SSM::Parameter::Value<…>` becomes a plain
 * parameter with the value of now, because its type has no place for a version.
 */
import {
  isObject,
  type PlainObject,
  type PlainValue,
  type TemplateDocument,
} from "#release/document/template-document.ts";

type StoreKind = "ssm" | "ssm-secure";

/** `name` may end in a colon and a version. */
type StoreReference = { readonly kind: StoreKind; readonly name: string };

const reference = /\{\{resolve:(ssm|ssm-secure):([\w.\-/]+(?::\d+)?)\}\}/g;
const version = /:\d+$/;

export const hasVersion = (name: string): boolean => version.test(name);
export const withoutVersion = (name: string): string => name.replace(version, "");

/** The dynamic references of a value, once each. */
export function storeReferencesIn(value: PlainValue): readonly StoreReference[] {
  const found = new Map<string, StoreReference>();
  for (const [whole, kind, name = ""] of JSON.stringify(value).matchAll(reference))
    found.set(whole, { kind: kind as StoreKind, name });
  return [...found.values()];
}

/** The rest of a text without its references to the parameter store. */
export const withoutReferences = (text: string): string => text.replace(reference, "");

/** The value with versions in its dynamic references. A name without a known version keeps its form. */
export const withVersions = <Value extends PlainValue>(
  value: Value,
  versionOf: (name: string) => number | undefined,
): Value =>
  JSON.parse(
    JSON.stringify(value).replace(reference, (whole, kind: string, name: string) => {
      const fixed = hasVersion(name) ? undefined : versionOf(name);
      return fixed === undefined ? whole : `{{resolve:${kind}:${name}:${fixed}}}`;
    }),
  ) as Value;

/** Variables of `Fn::Sub` inside a dynamic reference, such as `{{resolve:ssm:/${Stage}/size}}`. */
const inside = /\{\{resolve:ssm(?:-secure)?:[^{}]*(?:\$\{[\w:]+\}[^{}]*)+\}\}/g;

/** Writes the known variables of `Fn::Sub` into dynamic references. Any other variable stays. */
export function withKnownNames<Value extends PlainValue>(
  value: Value,
  known: Readonly<Record<string, string>>,
): Value {
  const map = (each: PlainValue, names: Readonly<Record<string, string>>): PlainValue => {
    if (typeof each === "string") {
      return each.replace(inside, (text) =>
        text.replace(/\$\{([\w:]+)\}/g, (whole, name: string) => names[name] ?? whole),
      );
    }
    if (Array.isArray(each)) return (each as readonly PlainValue[]).map((item) => map(item, names));
    if (!isObject(each)) return each;
    return Object.fromEntries(
      Object.entries(each).map(([key, inner]) => [key, map(inner, key === "Fn::Sub" ? own(inner) : names)]),
    );
  };
  /** The map of a `Fn::Sub` comes before the parameters. */
  const own = (argument: PlainValue): Readonly<Record<string, string>> => {
    const [, given] = Array.isArray(argument) ? (argument as readonly PlainValue[]) : [];
    const hidden = isObject(given) ? Object.keys(given) : [];
    return Object.fromEntries(Object.entries(known).filter(([name]) => !hidden.includes(name)));
  };
  return map(value, known) as Value;
}

const storeType = /^AWS::SSM::Parameter::Value<(.+)>$/;

/** The template parameters that CloudFormation would look up, with their types after the lookup. */
export function storeParametersOf(document: TemplateDocument): ReadonlyMap<string, string> {
  const declared = isObject(document["Parameters"]) ? document["Parameters"] : {};
  return new Map(
    Object.entries(declared).flatMap(([name, parameter]): [string, string][] => {
      const [, type] = storeType.exec(isObject(parameter) ? String(parameter["Type"]) : "") ?? [];
      return type === undefined ? [] : [[name, type === "List<String>" ? "CommaDelimitedList" : type]];
    }),
  );
}

/** Constraints that CloudFormation would apply to the name, and not to the value. */
const ofName = ["Default", "AllowedPattern", "AllowedValues", "MinLength", "MaxLength"];

/** Returns the template with plain parameters in the place of the types of the parameter store, for these names. */
export function withPlainParameters(
  document: TemplateDocument,
  names: ReadonlySet<string>,
): TemplateDocument {
  const types = new Map([...storeParametersOf(document)].filter(([name]) => names.has(name)));
  if (types.size === 0) return document;
  const declared = document["Parameters"] as PlainObject;
  const plain = Object.entries(declared).map(([name, parameter]): [string, PlainValue] => {
    const Type = types.get(name);
    if (Type === undefined || !isObject(parameter)) return [name, parameter];
    const kept = Object.entries(parameter).filter(([field]) => !ofName.includes(field));
    return [name, { ...Object.fromEntries(kept), Type }];
  });
  return { ...document, Parameters: Object.fromEntries(plain) };
}

/**
 * True if a text names the parameter store in a way that no version can be written to. `known` are the variables of
 * `Fn::Sub` whose values are known.
 */
export function isUnpinnable(text: string, known: readonly string[]): boolean {
  const named = text.replace(inside, (whole) =>
    whole.replace(/\$\{([\w:]+)\}/g, (variable, name: string) => (known.includes(name) ? "x" : variable)),
  );
  return /\{\{resolve:ssm(?:-secure)?:/.test(withoutReferences(named));
}
