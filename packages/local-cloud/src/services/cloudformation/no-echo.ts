/**
 * Masks the values of NoEcho parameters in the properties that events and change sets show (CloudFormation User Guide,
 * "Parameters syntax", NoEcho: "the value is masked as asterisks").
 */
import { isObject, type JsonObject } from "#cloud/cloudformation/json.ts";
import { referencesIn } from "#cloud/cloudformation/references.ts";
import type { Scope } from "#cloud/cloudformation/scope.ts";
import type { Template } from "#cloud/cloudformation/template.ts";
import { resolveProperties } from "./worker.ts";

const mask = "****";

/** Returns the properties with masks, or undefined when they use no NoEcho parameter. */
export function shownProperties(
  properties: JsonObject | undefined,
  scope: Scope,
  template: Template,
): JsonObject | undefined {
  if (!isObject(properties)) return undefined;
  const used = new Set(referencesIn(properties, scope.conditions).map((one) => one.name));
  const hidden = Object.entries(template.Parameters ?? {}).filter(
    ([name, { NoEcho }]) => String(NoEcho ?? false) === "true" && used.has(name),
  );
  if (hidden.length === 0) return undefined;
  const parameters = { ...scope.parameters, ...Object.fromEntries(hidden.map(([name]) => [name, mask])) };
  try {
    return resolveProperties(properties, { ...scope, parameters });
  } catch {
    // A function cannot work on the mask, e.g. `Fn::Select` on a list: then every property is masked.
    return Object.fromEntries(Object.keys(properties).map((name) => [name, mask]));
  }
}
