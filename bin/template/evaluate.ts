/** A release template's module, evaluated: the way reconcile does it, guard and all. */

import { guarded } from "#aws/guarded-template.ts";
import { sha256Hex } from "#release/digest.ts";
import { ReleaseError } from "#release/errors.ts";
import type { LoadedTemplate, ReleaseTemplate } from "#release/template.ts";

/** Throws `TemplateFailed` for a module without a template. */
export async function evaluateModule(module: Uint8Array): Promise<LoadedTemplate> {
  const source = `data:text/javascript;base64,${Buffer.from(module).toString("base64")}`;
  const { template } = (await import(source)) as { readonly template?: ReleaseTemplate };
  if (template === undefined) throw new ReleaseError("TemplateFailed", "The module exports no template.");
  const { name, version } = template;
  return guarded({ template, ref: { name, version, sha256: sha256Hex(module) } });
}
