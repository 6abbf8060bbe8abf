/**
 * Adds the permissions boundary to every role of a template. The targets require it, and authors of CDK, SAM
 * or Serverless applications do not know it. It also finds role names that a target would deny.
 */

import {
  isObject,
  isServerless,
  type PlainObject,
  type PlainValue,
  type TemplateDocument,
} from "#release/document/template-document.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import { applicationPrefix } from "#release/names/deployed-names.ts";

/** Of every role an application brings; templates that make roles themselves name it as well. */
export const boundary: PlainObject = {
  "Fn::Sub": `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:policy/${applicationPrefix}boundary`,
};

const principals = ["AWS::IAM::Role", "AWS::IAM::User"];

/**
 * Leaves a boundary that is already set. Throws `RoleNameRefused` with every role that needs another name.
 */
export function withBoundary(document: TemplateDocument, path: string): TemplateDocument {
  const rejected: string[] = [];
  const bounded = eachResource(document["Resources"], (id, resource) => {
    const named = rejectedName(resource);
    if (named !== undefined) rejected.push(`${id} is named ${named}`);
    return boundedResource(resource);
  });
  if (rejected.length > 0) {
    const seen = `${path}: ${rejected.join(", ")}. Roles of applications begin with ${applicationPrefix} and have no path.`;
    throw new ReleaseError("RoleNameRefused", seen);
  }
  const made = bounded === undefined ? document : { ...document, Resources: bounded };
  return isServerless(document) ? { ...made, Globals: boundedGlobals(document["Globals"]) } : made;
}

type Change = (id: string, resource: PlainObject) => PlainObject;

/** Also those a `Fn::ForEach` makes. */
function eachResource(resources: PlainValue | undefined, change: Change): PlainObject | undefined {
  if (!isObject(resources)) return undefined;
  return Object.fromEntries(
    Object.entries(resources).map(([id, resource]): [string, PlainValue] => {
      if (isObject(resource)) return [id, change(id, resource)];
      if (!Array.isArray(resource)) return [id, resource];
      return [id, (resource as readonly PlainValue[]).map((item) => eachResource(item, change) ?? item)];
    }),
  );
}

function boundedResource(resource: PlainObject): PlainObject {
  const type = resource["Type"];
  if (typeof type !== "string") return resource;
  const properties = isObject(resource["Properties"]) ? resource["Properties"] : {};
  if (principals.includes(type)) return { ...resource, Properties: bounded(properties) };
  // SAM makes a role for it unless it is given one.
  if (type === "AWS::Serverless::StateMachine") {
    return {
      ...resource,
      Properties: withSchedules(properties["Role"] === undefined ? bounded(properties) : properties),
    };
  }
  return type === "AWS::Serverless::Function"
    ? { ...resource, Properties: withSchedules(properties) }
    : resource;
}

/** A schedule has a role of its own. */
function withSchedules(properties: PlainObject): PlainObject {
  const events = properties["Events"];
  if (!isObject(events)) return properties;
  const changed = Object.entries(events).map(([name, event]): [string, PlainValue] => {
    if (!isObject(event) || event["Type"] !== "ScheduleV2") return [name, event];
    const given = isObject(event["Properties"]) ? event["Properties"] : {};
    return [name, given["RoleArn"] === undefined ? { ...event, Properties: bounded(given) } : event];
  });
  return { ...properties, Events: Object.fromEntries(changed) };
}

function boundedGlobals(globals: PlainValue | undefined): PlainObject {
  const given = isObject(globals) ? globals : {};
  return { ...given, Function: bounded(isObject(given["Function"]) ? given["Function"] : {}) };
}

const bounded = (properties: PlainObject): PlainObject => ({ PermissionsBoundary: boundary, ...properties });

/** Undefined as well where only the deployment can tell. */
function rejectedName(resource: PlainObject): string | undefined {
  if (resource["Type"] !== "AWS::IAM::Role" || !isObject(resource["Properties"])) return undefined;
  const { RoleName: name, Path: path } = resource["Properties"];
  const begin = knownBegin(name);
  const common = Math.min(begin.length, applicationPrefix.length);
  if (begin.slice(0, common) !== applicationPrefix.slice(0, common)) return `${begin}…`;
  return typeof path === "string" && path !== "/" ? `${path}${begin}…` : undefined;
}

/** The text a value begins with, as far as it can be told without deploying it. */
function knownBegin(value: PlainValue | undefined): string {
  if (typeof value === "string") return value;
  if (!isObject(value)) return "";
  const sub = value["Fn::Sub"];
  const text = Array.isArray(sub) ? (sub as readonly PlainValue[])[0] : sub;
  if (typeof text === "string") return /^[^$]*/.exec(text)?.[0] ?? "";
  const join = value["Fn::Join"] as readonly PlainValue[] | undefined;
  const items = Array.isArray(join) ? join[1] : undefined;
  return Array.isArray(items) ? knownBegin((items as readonly PlainValue[])[0]) : "";
}
