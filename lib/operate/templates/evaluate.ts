/** A release template's module, evaluated: the way reconcile does it, guard and all. */

import { evaluateModule as evaluated } from "#aws/evaluate-module.ts";
import { guarded } from "#aws/guarded-template.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import { sha256Hex } from "#release/names/digest.ts";
import type { LoadedTemplate } from "#release/template/template.ts";

/** Throws `TemplateFailed` for a module without a template. */
export async function evaluateModule(module: Uint8Array): Promise<LoadedTemplate> {
  const template = await evaluated(module);
  if (template === undefined) throw new ReleaseError("TemplateFailed", "The module exports no template.");
  const { name, version } = template;
  return guarded({ template, ref: { name, version, sha256: sha256Hex(module) } });
}
