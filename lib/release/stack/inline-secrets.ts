/**
 * Moves secrets from parameters into the template. AWS documents dynamic references for resource properties,
 * not for parameter values, and every principal that may describe the stack can read parameter values. So the
 * reference replaces each use of the parameter, and the parameter becomes unused.
 */

import {
  isObject,
  type PlainObject,
  type PlainValue,
  type TemplateDocument,
} from "#release/document/template-document.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import { holdsSecret, holdsSecureParameter } from "./dynamic-reference.ts";
import { misplaced } from "./secret-locations.ts";

type Values = Readonly<Record<string, string>>;

type Inlined = { readonly document: TemplateDocument; readonly values: Values };

/** Throws `SecretMisplaced`, naming every place that cannot have its secret. */
export function inlineSecrets(document: TemplateDocument, values: Values): Inlined {
  const all = Object.entries(values);
  const secrets = new Map(all.filter(([, value]) => holdsSecret(value)));
  if (secrets.size === 0) return { document, values };
  const faults: string[] = [];
  const visit = (name: string, at: readonly string[]): string => {
    const value = secrets.get(name) ?? "";
    const why = misplaced(document, at, holdsSecureParameter(value));
    if (why !== undefined) faults.push(`${name} is used at ${at.join(".")}, ${why}.`);
    return value;
  };
  const { Parameters: declared, ...rest } = document;
  const rewritten = rewrite(rest, [], new Set(secrets.keys()), visit) as PlainObject;
  if (faults.length > 0) throw new ReleaseError("SecretMisplaced", faults.join(" "));
  return {
    document: { ...rewritten, Parameters: withoutMeaning(declared, secrets) },
    values: Object.fromEntries(all.filter(([name]) => !secrets.has(name))),
  };
}

/** Still declared, because descriptions of the parameters for people may name it. */
function withoutMeaning(declared: PlainValue | undefined, secrets: ReadonlyMap<string, string>): PlainObject {
  const Description = "A secret; a reference to it is written where it is used.";
  return Object.fromEntries(
    Object.entries(isObject(declared) ? declared : {}).map(([name, declaration]) => [
      name,
      secrets.has(name) ? { Type: "String", Default: "-", Description } : declaration,
    ]),
  );
}

type Visit = (name: string, at: readonly string[]) => string;

function rewrite(
  value: PlainValue,
  at: readonly string[],
  names: ReadonlySet<string>,
  visit: Visit,
): PlainValue {
  if (Array.isArray(value))
    return (value as readonly PlainValue[]).map((item, index) =>
      rewrite(item, [...at, String(index)], names, visit),
    );
  if (!isObject(value)) return value;
  const { Ref, "Fn::Sub": sub } = value;
  if (typeof Ref === "string" && names.has(Ref)) return visit(Ref, at);
  if (typeof sub === "string") return { ...value, "Fn::Sub": substitute(sub, at, names, visit) };
  if (Array.isArray(sub) && typeof sub[0] === "string") {
    const [text, own = {}] = sub as readonly PlainValue[] as readonly [string, PlainValue?];
    const hidden = new Set(isObject(own) ? Object.keys(own) : []);
    const left = new Set([...names].filter((name) => !hidden.has(name)));
    return { ...value, "Fn::Sub": [substitute(text, at, left, visit), rewrite(own, at, names, visit)] };
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, rewrite(inner, [...at, key], names, visit)]),
  );
}

const substitute = (text: string, at: readonly string[], names: ReadonlySet<string>, visit: Visit): string =>
  text.replace(/\$\{([A-Za-z0-9]+)\}/g, (whole, name: string) => (names.has(name) ? visit(name, at) : whole));
