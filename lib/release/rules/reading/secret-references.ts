/**
 * Finds the secrets that a resource takes: dynamic references in its properties, also references that functions
 * put together, and secrets that ECS and CodeBuild read for it.
 */
import { isObject, type PlainValue } from "#release/document/template-document.ts";
import type { ReadResource } from "./resources.ts";
import { type Scope, sectionOf } from "./scope.ts";
import { type Doubt, hole, joined, type Seen, textOf } from "./seen.ts";
import { propertyValues, valuesOf } from "./values.ts";

export type SecretReference = {
  readonly property: string;
  /** The secret's name or ARN, without a leading slash. It may contain holes. */
  readonly name: string;
  /** True when the reference begins with the name of a resource that the template makes. */
  readonly own: boolean;
  readonly doubt?: Doubt;
};

/** Stands for the name of a resource that the template makes. */
const made = "\uFFFB";

export function secretReferences(resource: ReadResource, scope: Scope): readonly SecretReference[] {
  const mapped = JSON.stringify(resource.properties).includes('"Fn::FindInMap"');
  return [
    ...Object.entries(resource.properties).flatMap(([name, value]) => within(value, name, scope)),
    ...(mapped ? within(sectionOf(scope.document, "Mappings"), "Mappings", scope) : []),
    ...(readers[resource.type] ?? []).flatMap(({ path, secret }) =>
      propertyValues(resource.properties, path, scope).flatMap((item) =>
        secret(item.value).flatMap((expression) =>
          valuesOf(expression, scope).map((seen) => referenceTo(path, withOwnNames(seen))),
        ),
      ),
    ),
  ];
}

type Reader = { readonly path: string; readonly secret: (item: PlainValue) => readonly PlainValue[] };

/** Properties whose service reads a secret by its name when a task or a build starts. */
const readers: Readonly<Record<string, readonly Reader[]>> = {
  "AWS::ECS::TaskDefinition": [{ path: "ContainerDefinitions.*.Secrets.*", secret: fieldOf("ValueFrom") }],
  "AWS::CodeBuild::Project": [
    {
      path: "Environment.EnvironmentVariables.*",
      secret: (item) =>
        isObject(item) && item["Type"] !== undefined && item["Type"] !== "PLAINTEXT"
          ? fieldOf("Value")(item)
          : [],
    },
  ],
};

function fieldOf(field: string): Reader["secret"] {
  return (item) => (isObject(item) && item[field] !== undefined ? [item[field]] : []);
}

function within(value: PlainValue, property: string, scope: Scope): readonly SecretReference[] {
  const found = textsOf(value, scope).flatMap((text) => inText(property, text));
  if (found.length > 0) return found;
  if (Array.isArray(value))
    return (value as readonly PlainValue[]).flatMap((item) => within(item, property, scope));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    within(inner, name.startsWith("Fn::") || name === "Ref" ? property : `${property}.${name}`, scope),
  );
}

/** The texts of a plain text, or of a function that puts a text together. */
function textsOf(value: PlainValue, scope: Scope): readonly Seen[] {
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
const withOwnNames = (seen: Seen): Seen => (seen.own && !seen.chosen ? { value: made } : seen);

const reference = /\{\{resolve:(?:secretsmanager|ssm-secure):([^{}]*)\}\}/g;
/** Finds a reference whose beginning or service is put together from parts that are not known. */
const unclear = new RegExp(
  [
    `\\{\\{resolve:[^:}]*[${hole}${made}]`,
    `\\{\\{?[a-z]*[${hole}${made}]`,
    `[${hole}${made}][a-z]*:?(?:secretsmanager|ssm-secure):`,
    "\\{\\{?r?e?s?o?l?v?e?$",
  ].join("|"),
);

function inText(property: string, seen: Seen): readonly SecretReference[] {
  const text = textOf(seen);
  const found = [...text.matchAll(reference)].map(([, body = ""]) =>
    referenceTo(property, { ...seen, value: body }),
  );
  return found.length === 0 && unclear.test(text) ? [referenceTo(property, { ...seen, value: hole })] : found;
}

function referenceTo(property: string, seen: Seen): SecretReference {
  const text = textOf(seen);
  // arn:aws:secretsmanager:<region>:<account>:secret:<name>, or arn:aws:ssm:<region>:<account>:parameter/<name>
  const [, , service, , , kind = "", ...rest] = text.startsWith("arn:") ? text.split(":") : [];
  const named = service === "ssm" ? kind.replace(/^parameter/, "") : rest[0];
  const name = (service === undefined ? text.split(":")[0] : named) ?? "";
  const doubt = seen.doubt ?? seen.maybe;
  return { property, name: name.replace(/^\//, ""), own: text.startsWith(made), ...(doubt && { doubt }) };
}

/** The beginning of the name, up to the first hole. */
export const knownSegment = (name: string): string => name.split(new RegExp(`[${hole}${made}]`))[0] ?? "";
