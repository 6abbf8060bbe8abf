/** The port to the published release templates. */
import type { TemplateRef } from "#release/plan/plan.ts";
import type { LoadedTemplate } from "#release/template/template.ts";
import type { TemplateIndex } from "#release/template/template-index.ts";

export type TemplateRegistry = {
  readonly index: () => Promise<TemplateIndex>;
  /** Throws `TemplateUnavailable` for a module whose bytes are not those of its digest. */
  readonly load: (ref: TemplateRef) => Promise<LoadedTemplate>;
};
