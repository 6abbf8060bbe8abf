/** Collects the names of exports that a template imports, as far as the parameters alone decide them. */

import { resolveValue } from "#cloud/cloudformation/intrinsics.ts";
import { isObject, type Json } from "#cloud/cloudformation/json.ts";
import type { Prepared } from "./prepare.ts";

export function importsOf(prepared: Prepared): ReadonlySet<string> {
  const names = new Set<string>();
  const scope = { ...prepared.scope, resource: () => undefined, importValue: (name: string) => name };
  const visit = (value: Json): void => {
    if (Array.isArray(value)) value.forEach(visit);
    if (!isObject(value)) return;
    const argument = value["Fn::ImportValue"];
    if (argument === undefined) Object.values(value).forEach(visit);
    else names.add(String(resolveValue(argument, scope)));
  };
  for (const resource of Object.values(prepared.resources)) visit(resource.Properties ?? null);
  for (const output of Object.values(prepared.template.Outputs ?? {})) visit(output.Value);
  return names;
}
