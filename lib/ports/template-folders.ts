/** The port to the sources of release templates, one folder each. */
import type { LoadedTemplate } from "#release/template/template.ts";

export type BundledTemplate = { readonly module: Uint8Array; readonly loaded: LoadedTemplate };

export type TemplateFolders = {
  readonly has: (folder: string) => Promise<boolean>;
  /** Type-checks, bundles and loads the template. `rejected` says why it cannot be published. */
  readonly bundle: (folder: string) => Promise<BundledTemplate | { readonly rejected: string }>;
};
