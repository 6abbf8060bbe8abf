/**
 * Defines the sections of a template and checks their structure. Every call that takes a template runs
 * these checks first.
 */
import { isList, isObject, type Json, type JsonObject } from "./json.ts";
import { templateError, validationError } from "./template-error.ts";

export type ParameterDeclaration = {
  readonly Type: string;
  readonly Default?: Json;
  readonly NoEcho?: Json;
  readonly Description?: string;
  readonly ConstraintDescription?: string;
  readonly AllowedValues?: readonly Json[];
  readonly AllowedPattern?: string;
  readonly MinLength?: Json;
  readonly MaxLength?: Json;
  readonly MinValue?: Json;
  readonly MaxValue?: Json;
};

export type ResourceDeclaration = {
  readonly Type: string;
  readonly Properties?: JsonObject;
  readonly DependsOn?: string | readonly string[];
  readonly Condition?: string;
  readonly DeletionPolicy?: Json;
  readonly UpdateReplacePolicy?: Json;
  readonly CreationPolicy?: JsonObject;
  readonly UpdatePolicy?: JsonObject;
  readonly Metadata?: JsonObject;
};

type OutputDeclaration = {
  readonly Value: Json;
  readonly Description?: Json;
  readonly Condition?: string;
  readonly Export?: { readonly Name: Json };
};

export type Template = {
  readonly AWSTemplateFormatVersion?: string;
  readonly Description?: string;
  readonly Transform?: Json;
  readonly Metadata?: JsonObject;
  readonly Parameters?: Readonly<Record<string, ParameterDeclaration>>;
  readonly Mappings?: Readonly<Record<string, JsonObject>>;
  readonly Conditions?: JsonObject;
  readonly Rules?: Readonly<Record<string, JsonObject>>;
  readonly Resources: Readonly<Record<string, ResourceDeclaration>>;
  readonly Outputs?: Readonly<Record<string, OutputDeclaration>>;
};

const sections = new Set([
  "AWSTemplateFormatVersion",
  "Description",
  "Transform",
  "Metadata",
  "Parameters",
  "Mappings",
  "Conditions",
  "Rules",
  "Resources",
  "Outputs",
  "Hooks",
  "Globals",
]);

const limits = { Parameters: 200, Mappings: 200, Resources: 500, Outputs: 200 } as const;

const resourceAttributes = new Set([
  "Type",
  "Properties",
  "DependsOn",
  "Condition",
  "DeletionPolicy",
  "UpdateReplacePolicy",
  "CreationPolicy",
  "UpdatePolicy",
  "Metadata",
  "Version",
  "Connectors",
  "IgnoreGlobals",
]);

const logicalId = /^[a-zA-Z0-9]+$/;

/**
 * Checks the structure of the whole document. A `source` template may still hold a transform's own types
 * and `Fn::ForEach`.
 */
export function checkStructure(raw: JsonObject, source: "source" | "processed"): Template {
  for (const section of Object.keys(raw)) {
    if (!sections.has(section)) throw validationError(`Invalid template property or properties [${section}]`);
  }
  const version = raw["AWSTemplateFormatVersion"];
  if (version !== undefined && version !== "2010-09-09") {
    throw templateError(`Template version is not supported. Expected "2010-09-09".`);
  }
  const description = raw["Description"];
  if (description !== undefined && typeof description !== "string") {
    throw templateError("[/Description] 'Description' must be a string.");
  }
  if (description !== undefined && Buffer.byteLength(description) > 1024) {
    throw templateError("'Description' length is greater than 1024.");
  }
  for (const [section, max] of Object.entries(limits)) {
    const value = raw[section];
    if (value === undefined || value === null) continue;
    if (!isObject(value)) throw templateError(`[/${section}] '${section}' must be an object.`);
    const count = Object.keys(value).length;
    if (count > max) {
      throw templateError(
        `Number of ${section.toLowerCase()}, ${count}, is greater than maximum allowed, ${max}`,
      );
    }
  }
  const resources = raw["Resources"];
  if (!isObject(resources) || Object.keys(resources).length === 0) {
    throw templateError("At least one Resources member must be defined.");
  }
  for (const [id, resource] of Object.entries(resources)) checkResource(id, resource, source);
  for (const [name, parameter] of Object.entries((raw["Parameters"] as JsonObject | undefined) ?? {})) {
    checkParameter(name, parameter);
  }
  for (const [name, output] of Object.entries((raw["Outputs"] as JsonObject | undefined) ?? {})) {
    checkOutput(name, output, source);
  }
  return Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== null)) as unknown as Template;
}

function checkResource(id: string, resource: Json, source: "source" | "processed"): void {
  if (source === "source" && id.startsWith("Fn::")) return;
  if (!logicalId.test(id)) throw templateError(`Resource name ${id} is non alphanumeric.`);
  if (id.length > 255) throw templateError(`Resource name ${id} exceeds 255 characters.`);
  if (!isObject(resource)) throw templateError(`[/Resources/${id}] resource definition is malformed`);
  // A macro or an include may give the whole resource.
  if (source === "source" && Object.hasOwn(resource, "Fn::Transform")) return;
  if (typeof resource["Type"] !== "string")
    throw templateError(`[/Resources/${id}] Every Resources object must contain a Type member.`);
  for (const key of Object.keys(resource)) {
    if (!resourceAttributes.has(key)) throw validationError(`Invalid template resource property '${key}'`);
  }
  const { Properties: properties, DependsOn: depends, Condition: condition } = resource;
  if (properties !== undefined && properties !== null && !isObject(properties)) {
    throw templateError(`[/Resources/${id}/Properties] 'Properties' must be an object.`);
  }
  const dependsIsText =
    typeof depends === "string" || (isList(depends) && depends.every((one) => typeof one === "string"));
  if (depends !== undefined && !dependsIsText) {
    throw templateError("Every DependsOn value must be a string.");
  }
  if (condition !== undefined && typeof condition !== "string")
    throw templateError("Every Condition member must be a string.");
  for (const policy of ["DeletionPolicy", "UpdateReplacePolicy"] as const) {
    const value = resource[policy];
    const allowed = [
      "Delete",
      "Retain",
      "Snapshot",
      ...(policy === "DeletionPolicy" ? ["RetainExceptOnCreate"] : []),
    ];
    if (typeof value === "string" && !allowed.includes(value)) {
      throw templateError(`Unrecognized ${policy} ${value} for resource ${id}`);
    }
  }
}

const scalarTypes = new Set(["String", "Number", "CommaDelimitedList", "List<Number>", "List<String>"]);
const awsTypes =
  /^(List<)?AWS::(EC2::(AvailabilityZone::Name|Image::Id|Instance::Id|KeyPair::KeyName|SecurityGroup::(GroupName|Id)|Subnet::Id|Volume::Id|VPC::Id)|Route53::HostedZone::Id)>?$/;
const ssmTypes =
  /^AWS::SSM::Parameter::(Name|Value<(String|List<String>|CommaDelimitedList|(List<)?AWS::.+)>)$/;

function checkParameter(name: string, parameter: Json): void {
  if (!logicalId.test(name)) throw templateError(`Parameter name ${name} is non alphanumeric.`);
  if (name.length > 255) throw templateError(`Parameter name ${name} exceeds 255 characters.`);
  if (!isObject(parameter) || typeof parameter["Type"] !== "string") {
    throw templateError("Every Parameters object must contain a Type member.");
  }
  const type = parameter["Type"];
  if (!scalarTypes.has(type) && !awsTypes.test(type) && !ssmTypes.test(type)) {
    throw templateError(`Unrecognized parameter type: ${type}`);
  }
  const fallback = parameter["Default"];
  if (isList(fallback) || isObject(fallback)) {
    throw templateError("Every Default member must be a string.");
  }
}

function checkOutput(name: string, output: Json, source: "source" | "processed"): void {
  if (source === "source" && name.startsWith("Fn::")) return;
  if (!logicalId.test(name)) throw templateError(`Output name ${name} is non alphanumeric.`);
  if (!isObject(output) || output["Value"] === undefined) {
    throw templateError(`[/Outputs/${name}] Every Outputs member must contain a Value object`);
  }
  const description = output["Description"];
  if (description !== undefined && typeof description !== "string") {
    throw templateError(`Every Description member must be a string.`);
  }
  const exported = output["Export"];
  if (exported !== undefined && (!isObject(exported) || exported["Name"] === undefined)) {
    throw templateError(`[/Outputs/${name}/Export] The Name field of every Export member must be specified.`);
  }
}
