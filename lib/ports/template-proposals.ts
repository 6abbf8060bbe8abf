/** The port of the people who publish a release template: they sign a module, and `kedge-publish` publishes it. */
import type { TemplateRef } from "#release/plan/plan.ts";

export type ModuleAnswer =
  /** `confirmed`: enough people have signed it, so lines may use it. */
  | { readonly state: "published"; readonly confirmed: boolean }
  /** No proposal has bytes with this digest. */
  | { readonly state: "missing" }
  | { readonly state: "refused"; readonly why: string };

export type TemplateProposals = {
  /** Signs the module as the caller. */
  readonly sign: (ref: TemplateRef, module: Uint8Array) => Promise<void>;
  readonly publish: (ref: TemplateRef) => Promise<ModuleAnswer>;
};
