/** The ports to the published release templates: one for readers, one for the publisher. */
import type { JsonSchema } from "#release/document/shape.ts";
import type { TemplateRef } from "#release/plan/plan.ts";
import type { LoadedTemplate } from "#release/template/template.ts";
import type { TemplateIndex } from "#release/template/template-index.ts";

export type TemplateRegistry = {
  readonly index: () => Promise<TemplateIndex>;
  /** Throws `TemplateUnavailable` for a module with another digest, and `TemplateUnconfirmed` before it runs the module. */
  readonly load: (ref: TemplateRef) => Promise<LoadedTemplate>;
};

export type WritableTemplateRegistry = TemplateRegistry & {
  /** Reads the index, changes it and writes it. Tries again when another writer was faster. Answers the new index. */
  readonly change: (change: (index: TemplateIndex) => TemplateIndex) => Promise<TemplateIndex>;
  /** The JSON Schema of the version's settings. */
  readonly settings: (ref: TemplateRef) => Promise<JsonSchema>;
  /** The key holds the digest of the module, so a schema that exists is left as it is. */
  readonly putSettings: (ref: TemplateRef, settings: JsonSchema) => Promise<void>;
  /** True when enough people have signed the module. Throws `TemplateUnavailable`. */
  readonly confirmed: (ref: TemplateRef) => Promise<boolean>;
  /** The bytes of a published module. Throws `TemplateUnavailable`. */
  readonly module: (ref: TemplateRef) => Promise<Uint8Array>;
};

/** Evaluates a module that is not published yet. Throws `TemplateFailed` for a module that exports no template. */
export type EvaluateModule = (module: Uint8Array) => Promise<LoadedTemplate>;
