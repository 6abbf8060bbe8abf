/**
 * Decides from a type's schema, nested definitions included, whether a changed property replaces the
 * resource.
 */
import { differsAt, type Recreation, type RecreationRule } from "#cloud/cloudformation/diff.ts";
import { isList, isObject, type Json } from "#cloud/cloudformation/json.ts";
import type { PropertySpec, TypeSpec } from "./spec.ts";

const rank = { Never: 0, Conditionally: 1, Always: 2 } as const satisfies Record<Recreation, number>;
const stronger = (one: Recreation, other: Recreation): Recreation => (rank[one] >= rank[other] ? one : other);

const own = (spec: PropertySpec): Recreation =>
  spec.replaces === "always" ? "Always" : spec.replaces === "maybe" ? "Conditionally" : "Never";

export function recreationRule(spec: TypeSpec | undefined): RecreationRule {
  return (name, before, after) => {
    const property = spec?.properties[name];
    return property && spec ? nested(property, before, after, spec) : "Never";
  };
}

function nested(
  property: PropertySpec,
  before: Json | undefined,
  after: Json | undefined,
  spec: TypeSpec,
): Recreation {
  const direct = own(property);
  if (direct === "Always" || !property.type.startsWith("@") || isList(before) || isList(after)) return direct;
  const definition = spec.definitions[property.type.slice(1)];
  if (!definition || !isObject(before) || !isObject(after)) return direct;
  return Object.entries(definition).reduce<Recreation>(
    (worst, [name, inner]) =>
      differsAt(before, after, name)
        ? stronger(worst, nested(inner, before[name], after[name], spec))
        : worst,
    direct,
  );
}
