/**
 * Evaluates the modules of release templates. A published module must have the digest it was published under, and the
 * functions of every evaluated template are guarded.
 */
import { ReleaseError } from "#release/errors/errors.ts";
import { sha256Hex } from "#release/names/digest.ts";
import type { TemplateRef } from "#release/plan/plan.ts";
import type { LoadedTemplate, ReleaseTemplate } from "#release/template/template.ts";
import { guarded } from "./guarded-template.ts";

/** `key` names the module in the error. Throws `TemplateUnavailable` for other bytes or another template. */
export async function evaluateAs(bytes: Uint8Array, ref: TemplateRef, key: string): Promise<LoadedTemplate> {
  const found = sha256Hex(bytes);
  if (found !== ref.sha256) {
    throw new ReleaseError("TemplateUnavailable", `${key} has the digest ${found}; it was not evaluated.`);
  }
  const template = await evaluate(bytes);
  if (template?.name === ref.name) return guarded({ template, ref });
  throw new ReleaseError("TemplateUnavailable", `${key} does not export the template ${ref.name}.`);
}

/** A module that is not published yet. Throws `TemplateFailed` when it exports no template. */
export async function evaluateNew(bytes: Uint8Array): Promise<LoadedTemplate> {
  const template = await evaluate(bytes);
  if (template === undefined) throw new ReleaseError("TemplateFailed", "The module exports no template.");
  const { name, version } = template;
  return guarded({ template, ref: { name, version, sha256: sha256Hex(bytes) } });
}

async function evaluate(bytes: Uint8Array): Promise<ReleaseTemplate | undefined> {
  const source = `data:text/javascript;base64,${Buffer.from(bytes).toString("base64")}`;
  return ((await import(/* @vite-ignore */ source)) as { readonly template?: ReleaseTemplate }).template;
}
