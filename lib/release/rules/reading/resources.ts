/** Lists the resources of a template that can be deployed, with their properties as SAM's globals complete them. */
import { isObject, type PlainObject, type PlainValue } from "#release/document/template-document.ts";
import { type Scope, sectionOf } from "./scope.ts";
import type { Doubt } from "./seen.ts";
import { holdsIn } from "./values.ts";

export type ReadResource = {
  readonly id: string;
  readonly type: string;
  readonly properties: PlainObject;
  /** A condition that cannot be evaluated decides whether the resource is made. */
  readonly maybe?: Doubt;
};

/** Includes the resources that a `Fn::ForEach` makes. */
export function readResources(scope: Scope): readonly ReadResource[] {
  return listed(scope.document["Resources"]).flatMap(([id, resource]) => {
    const condition = resource["Condition"];
    const holds = typeof condition === "string" ? holdsIn(condition, scope) : true;
    if (holds === false || typeof resource["Type"] !== "string") return [];
    const type = resource["Type"];
    const given = isObject(resource["Properties"]) ? resource["Properties"] : {};
    const properties = merged(globalsFor(type, scope), given);
    return [{ id, type, properties, ...(typeof holds === "object" && { maybe: holds }) }];
  });
}

function listed(resources: PlainValue | undefined): readonly (readonly [string, PlainObject])[] {
  if (!isObject(resources)) return [];
  return Object.entries(resources).flatMap(([id, resource]): readonly (readonly [string, PlainObject])[] => {
    if (isObject(resource)) return [[id, resource]];
    return Array.isArray(resource) ? (resource as readonly PlainValue[]).flatMap(listed) : [];
  });
}

function globalsFor(type: string, { document }: Scope): PlainObject {
  const [, kind] = /^AWS::Serverless::(\w+)$/.exec(type) ?? [];
  const section = kind === undefined ? undefined : sectionOf(document, "Globals")[kind];
  return isObject(section) ? section : {};
}

/** SAM merges maps of a resource into those of the globals; any other value replaces. */
function merged(general: PlainObject, own: PlainObject): PlainObject {
  const keys = [...new Set([...Object.keys(general), ...Object.keys(own)])];
  return Object.fromEntries(
    keys.map((key): [string, PlainValue] => {
      const [from, to] = [general[key], own[key]];
      if (to === undefined) return [key, from ?? null];
      return [key, isObject(from) && isObject(to) && !isFunction(to) ? merged(from, to) : to];
    }),
  );
}

const isFunction = (value: PlainObject): boolean =>
  Object.keys(value).some((key) => key === "Ref" || key.startsWith("Fn::"));
