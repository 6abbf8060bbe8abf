/** Rejects templates that name unknown resource types, or attributes that no resource of that type has. */
import { isObject, type Json, member } from "#cloud/cloudformation/json.ts";
import { referencesIn } from "#cloud/cloudformation/references.ts";
import type { Template } from "#cloud/cloudformation/template.ts";
import { functionError, templateError } from "#cloud/cloudformation/template-error.ts";
import { spec } from "./known-spec.ts";

export const isCustomResource = (type: string): boolean =>
  type.startsWith("Custom::") || type === "AWS::CloudFormation::CustomResource";

/** Types that CloudFormation knows although the published schemas leave them out. */
const unlisted = new Set(["AWS::CDK::Metadata", "AWS::CloudFormation::WaitConditionHandle"]);

const isKnownType = (type: string): boolean => isCustomResource(type) || unlisted.has(type) || spec.has(type);

export function checkTypes(template: Template): void {
  const unknown = [...new Set(Object.values(template.Resources).map((resource) => resource.Type))].filter(
    (type) => !isKnownType(type),
  );
  if (unknown.length > 0) throw templateError(`Unrecognized resource types: [${unknown.sort().join(", ")}]`);
}

/** True for attributes whose names differ from resource to resource. */
const openAttributes = (type: string, name: string): boolean =>
  isCustomResource(type) ||
  ((type === "AWS::CloudFormation::Stack" ||
    type === "AWS::ServiceCatalog::CloudFormationProvisionedProduct") &&
    name.startsWith("Outputs.")) ||
  unlisted.has(type);

function hasAttribute(type: string, name: string): boolean {
  if (openAttributes(type, name)) return true;
  const known = spec.get(type);
  if (!known) return true;
  // Nested members and read-only identifiers are addressed by path. The ids of registry types are valid
  // too.
  // A handler that is in the registry returns its properties, too, so they can be read.
  return [...Object.keys(known.attributes), ...known.identifier, ...Object.keys(known.properties)].some(
    (one) => one === name || name.startsWith(`${one}.`),
  );
}

export function checkAttributes(template: Template): void {
  const check = (value: Json): void => {
    for (const { name, attribute } of referencesIn(value)) {
      const type = member(template.Resources, name)?.Type;
      if (attribute !== undefined && type !== undefined && !hasAttribute(type, attribute)) {
        throw functionError(`resource ${name} does not support attribute type ${attribute} in Fn::GetAtt`);
      }
    }
  };
  for (const resource of Object.values(template.Resources)) {
    if (isObject(resource.Properties)) check(resource.Properties);
  }
  for (const output of Object.values(template.Outputs ?? {})) check(output.Value);
}
