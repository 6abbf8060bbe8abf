/**
 * Finds the names that a value references: the edges of the dependency graph. Rejects unknown names with
 * AWS's errors.
 */
import { calledFunction } from "./intrinsics.ts";
import { isList, isObject, type Json, member } from "./json.ts";
import { attributeParts } from "./reference.ts";
import { pseudoNames } from "./scope.ts";
import { subNames, subParts } from "./substitute.ts";
import type { Template } from "./template.ts";
import { functionError, templateError } from "./template-error.ts";

type Reference = {
  readonly name: string;
  /** The attribute of a `Fn::GetAtt` or `${A.B}`. Absent for `Ref`. */
  readonly attribute?: string;
};

/** With `conditions`, only the chosen branch of each `Fn::If` counts. */
export function referencesIn(
  value: Json,
  conditions?: Readonly<Record<string, boolean>>,
): readonly Reference[] {
  const within = (part: Json): readonly Reference[] => referencesIn(part, conditions);
  if (isList(value)) return value.flatMap(within);
  if (!isObject(value)) return [];
  const [name, argument = null] = calledFunction(value) ?? [];
  if (name === "Ref") {
    if (typeof argument !== "string") throw templateError("All Ref references must be of type string");
    return pseudoNames.has(argument) ? [] : [{ name: argument }];
  }
  if (name === "Fn::GetAtt") {
    const [logicalId, attribute] = attributeParts(argument);
    const known = typeof attribute === "string" ? { attribute } : {};
    return [{ name: logicalId, ...known }, ...within(attribute)];
  }
  if (name === "Fn::Sub") return subReferences(argument, within);
  if (name === "Fn::If" && isList(argument) && conditions && typeof argument[0] === "string") {
    const chosen = member(conditions, argument[0]) ? argument[1] : argument[2];
    return within(chosen ?? null);
  }
  return Object.values(value).flatMap(within);
}

function subReferences(argument: Json, within: (part: Json) => readonly Reference[]): readonly Reference[] {
  const { text, variables } = subParts(argument);
  const named = subNames(text)
    .filter((name) => !pseudoNames.has(name) && member(variables, name) === undefined)
    .map((name): Reference => {
      const dot = name.indexOf(".");
      return dot > 0 ? { name: name.slice(0, dot), attribute: name.slice(dot + 1) } : { name };
    });
  return [...named, ...Object.values(variables).flatMap(within)];
}

/** Rejects names that are neither parameter nor resource, in AWS's words for each block. */
export function checkReferences(template: Template): void {
  const parameters = template.Parameters ?? {};
  const conditions = template.Conditions ?? {};
  const resources = template.Resources;
  const missing = (value: Json): readonly string[] =>
    referencesIn(value)
      .filter((one) => {
        if (one.attribute !== undefined && member(resources, one.name) === undefined) {
          throw functionError(`instance of Fn::GetAtt references undefined resource ${one.name}`);
        }
        return member(parameters, one.name) === undefined && member(resources, one.name) === undefined;
      })
      .map((one) => one.name);
  const reject = (names: readonly string[], block: string): void => {
    if (names.length === 0) return;
    const list = [...new Set(names)].sort().join(", ");
    throw templateError(`Unresolved resource dependencies [${list}] in the ${block} block of the template`);
  };

  for (const definition of Object.values(conditions)) {
    const unknown = referencesIn(definition).filter((one) => member(parameters, one.name) === undefined);
    if (unknown.length > 0) {
      const list = [...new Set(unknown.map((one) => one.name))].sort().join(", ");
      throw templateError(
        `Unresolved dependencies [${list}]. Cannot reference resources in the Conditions block of the template`,
      );
    }
  }
  reject(
    Object.values(resources).flatMap((resource) => [
      ...missing(resource.Properties ?? null),
      ...missing(resource.Metadata ?? null),
      ...dependsOn(resource.DependsOn).filter((name) => member(resources, name) === undefined),
    ]),
    "Resources",
  );
  reject(
    Object.values(template.Outputs ?? {}).flatMap((output) => [
      ...missing(output.Value),
      ...missing(output.Export?.Name ?? null),
    ]),
    "Outputs",
  );
  for (const [name, block] of conditionUses(template)) {
    if (member(conditions, name) === undefined) {
      throw templateError(`Unresolved condition dependency ${name} in the ${block} block of the template`);
    }
  }
}

const conditionUses = (template: Template): readonly (readonly [string, string])[] => [
  ...Object.values(template.Resources).flatMap((resource) =>
    resource.Condition === undefined ? [] : [[resource.Condition, "Resources"] as const],
  ),
  ...Object.values(template.Outputs ?? {}).flatMap((output) =>
    output.Condition === undefined ? [] : [[output.Condition, "Outputs"] as const],
  ),
];

export const dependsOn = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === "string" ? [value] : value;
