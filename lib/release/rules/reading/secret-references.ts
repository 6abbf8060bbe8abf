/**
 * Finds the secrets that a resource takes: dynamic references in its properties, also references that functions
 * put together, and secrets that ECS and CodeBuild read for it.
 */
import { isObject, type PlainValue } from "#release/document/template-document.ts";
import type { ReadResource } from "./resources.ts";
import { type Scope, sectionOf } from "./scope.ts";
import { type Doubt, hole, type Seen, textOf } from "./seen.ts";
import { made, textsOf, withOwnNames } from "./texts.ts";
import { propertyValues, valuesOf } from "./values.ts";

export type SecretReference = {
  readonly property: string;
  /** The secret's name or ARN, without a leading slash. It may contain holes. */
  readonly name: string;
  /** True when the reference begins with the name of a resource that the template makes. */
  readonly own: boolean;
  readonly doubt?: Doubt;
};

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
  if (Array.isArray(value))
    return (value as readonly PlainValue[]).flatMap((item) => within(item, property, scope));
  if (!isObject(value)) return found;
  const inner = Object.entries(value).flatMap(([name, each]) =>
    within(each, name.startsWith("Fn::") || name === "Ref" ? property : `${property}.${name}`, scope),
  );
  return found.length === 0
    ? inner
    : withoutRepeats([...found, ...inner.filter((each) => !isFragment(each))]);
}

/**
 * A joined text may have a part that is a reference of its own, for example in a branch of `Fn::If`. A literal part that begins a
 * reference causes no doubt, because the part was read with the text around it.
 */
const isFragment = ({ name, doubt }: SecretReference): boolean => name === hole && doubt === undefined;

const withoutRepeats = (references: readonly SecretReference[]): readonly SecretReference[] =>
  [...new Map(references.map((each) => [each.name, each] as const).toReversed()).values()].toReversed();

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
  const rest = text.replaceAll(reference, " ");
  return unclear.test(rest) ? [...found, referenceTo(property, { ...seen, value: hole })] : found;
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
