/**
 * Compares two versions of a resource's properties: it returns the changed properties, and whether they
 * replace the resource.
 */
import { isObject, type Json, type JsonObject, member, sameJson } from "./json.ts";

export type Recreation = "Always" | "Conditionally" | "Never";

export type PropertyChange = {
  /** The top-level property. */
  readonly name: string;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
  readonly recreation: Recreation;
};

/** Returns the effect of a change of a top-level property (or a nested path). The type's schema answers. */
export type RecreationRule = (
  property: string,
  before: Json | undefined,
  after: Json | undefined,
) => Recreation;

export function changedProperties(
  before: JsonObject,
  after: JsonObject,
  rule: RecreationRule,
): readonly PropertyChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name) => {
    const [old, next] = [member(before, name), member(after, name)];
    if (old !== undefined && next !== undefined && sameJson(old, next)) return [];
    if (old === undefined && next === undefined) return [];
    return [{ name, before: old, after: next, recreation: rule(name, old, next) }];
  });
}

export const replacement = (changes: readonly PropertyChange[]): "True" | "Conditional" | "False" =>
  changes.some((change) => change.recreation === "Always")
    ? "True"
    : changes.some((change) => change.recreation === "Conditionally")
      ? "Conditional"
      : "False";

/** True where two values differ at a nested path, for schemas whose nested members replace the resource. */
export const differsAt = (before: Json | undefined, after: Json | undefined, name: string): boolean =>
  !sameJson(
    isObject(before) ? member(before, name) : undefined,
    isObject(after) ? member(after, name) : undefined,
  );
