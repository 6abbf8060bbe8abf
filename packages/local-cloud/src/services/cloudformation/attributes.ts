/**
 * Resolves `Fn::GetAtt`: from the resource's attributes, then a nested member, then its identifying property.
 */
import { isObject, type Json, member } from "#cloud/cloudformation/json.ts";
import { recordedAttribute } from "#cloud/resource-types/recorded.ts";
import type { ResourceRow } from "./state.ts";

export function attributeOf(
  row: ResourceRow,
  name: string,
  location: { readonly account: string; readonly region: string },
): Json | undefined {
  const own =
    member(row.attributes, name) ?? nestedMember(row.attributes, name) ?? nestedMember(row.properties, name);
  if (own !== undefined) return own;
  return recordedAttribute(
    {
      type: row.type,
      physicalId: row.physicalId ?? "",
      properties: row.properties,
      random: row.random,
      ...location,
    },
    name,
  );
}

function nestedMember(value: Json, path: string): Json | undefined {
  return path
    .split(".")
    .reduce<Json | undefined>((found, key) => (isObject(found) ? member(found, key) : undefined), value);
}
