/**
 * Writes `spec.gz`, the slice of AWS's resource schemas that this cloud uses: a line per resource type. Run
 * `npx node packages/local-cloud/src/resource-types/extract-spec.ts` after an update of
 * @aws-cdk/aws-service-spec.
 */
import { writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { loadAwsServiceSpec } from "@aws-cdk/aws-service-spec";
import { specFile, type TypeLine } from "./spec.ts";

type SpecType =
  | { readonly type: "ref"; readonly reference: { readonly $ref: string } }
  | { readonly type: "array" | "map"; readonly element: SpecType }
  | { readonly type: "union"; readonly types: readonly SpecType[] }
  | { readonly type: string };

type SpecProperty = {
  readonly type: SpecType;
  readonly required?: boolean;
  readonly causesReplacement?: string;
};

type SpecResource = {
  readonly cloudFormationType: string;
  readonly primaryIdentifier?: readonly string[];
  readonly cfnRefIdentifier?: readonly string[];
  readonly properties: Readonly<Record<string, SpecProperty>>;
  readonly attributes: Readonly<Record<string, { readonly type: SpecType }>>;
  readonly arnTemplate?: string;
  readonly tagInformation?: { readonly tagPropertyName: string; readonly variant: string };
};

type SpecDefinition = {
  readonly name: string;
  readonly properties: Readonly<Record<string, SpecProperty>>;
};

type Definitions = (id: string) => SpecDefinition;

const scalars: Readonly<Record<string, string>> = {
  string: "s",
  integer: "i",
  number: "n",
  boolean: "b",
  "date-time": "s",
  tag: "t",
};

/**
 * Returns the type of a property in the notation of `spec.ts`, and collects nested definitions on the way.
 */
function encode(type: SpecType, definitions: Definitions, nested: Map<string, string>): string {
  if ("reference" in type) return `@${nest(type.reference.$ref, definitions, nested)}`;
  if ("element" in type)
    return `${type.type === "array" ? "[" : "{"}${encode(type.element, definitions, nested)}`;
  return scalars[type.type] ?? "j";
}

function nest(id: string, definitions: Definitions, nested: Map<string, string>): string {
  const known = nested.get(id);
  if (known !== undefined) return known;
  const base = definitions(id).name;
  const taken = [...nested.values()].filter((name) => name === base || name.startsWith(`${base}#`)).length;
  const name = taken === 0 ? base : `${base}#${taken}`;
  nested.set(id, name);
  for (const property of Object.values(definitions(id).properties))
    encode(property.type, definitions, nested);
  return name;
}

const encodeAll = (
  properties: Readonly<Record<string, SpecProperty>>,
  definitions: Definitions,
  nested: Map<string, string>,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(properties)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, property]) => {
        const replaces =
          property.causesReplacement === "yes" ? "^" : property.causesReplacement === "maybe" ? "~" : "";
        return [
          name,
          `${property.required ? "!" : ""}${replaces}${encode(property.type, definitions, nested)}`,
        ];
      }),
  );

const sameList = (one: readonly string[] | undefined, other: readonly string[] | undefined): boolean =>
  JSON.stringify(one ?? []) === JSON.stringify(other ?? []);

function line(resource: SpecResource, definitions: Definitions): TypeLine {
  const nested = new Map<string, string>();
  const p = encodeAll(resource.properties, definitions, nested);
  const d = Object.fromEntries(
    [...nested].map(([id, name]) => [name, encodeAll(definitions(id).properties, definitions, nested)]),
  );
  const a = Object.fromEntries(
    Object.entries(resource.attributes).map(([name, attribute]) => [
      name,
      encode(attribute.type, () => ({ name: "", properties: {} }), new Map()),
    ]),
  );
  const identifier = resource.cfnRefIdentifier ?? resource.primaryIdentifier;
  return {
    p,
    a,
    ...(nested.size > 0 ? { d } : {}),
    ...(identifier === undefined ? {} : { id: [...identifier] }),
    ...(sameList(identifier, resource.primaryIdentifier) ? {} : { pid: resource.primaryIdentifier ?? [] }),
    ...(resource.arnTemplate === undefined ? {} : { arn: resource.arnTemplate }),
    ...(resource.tagInformation === undefined
      ? {}
      : { tag: [resource.tagInformation.tagPropertyName, resource.tagInformation.variant] as const }),
  };
}

/** Returns the text of the slice, before compression. */
export async function extractSpec(): Promise<string> {
  const database = await loadAwsServiceSpec();
  const definitions = new Map<string, SpecDefinition>(
    (database.all("typeDefinition") as readonly (SpecDefinition & { readonly $id: string })[]).map(
      (definition) => [definition.$id, definition],
    ),
  );
  const find: Definitions = (id) => definitions.get(id) ?? { name: "Unknown", properties: {} };
  const resources = [...(database.all("resource") as unknown as readonly SpecResource[])];
  resources.sort((a, b) => (a.cloudFormationType < b.cloudFormationType ? -1 : 1));
  return resources
    .map((resource) => `${resource.cloudFormationType}\t${JSON.stringify(line(resource, find))}`)
    .join("\n");
}

if (import.meta.main) writeFileSync(specFile, gzipSync(await extractSpec(), { level: 9 }));
