/**
 * Lists the release templates of this checkout, for commands that inspect an artifact without the registry.
 */
import type { LoadedTemplate } from "#release/template/template.ts";
import { releaseTemplates } from "#templates/index.ts";

/** Only templates from the registry have a digest; a plan drawn for people needs none. */
export const ownTemplates: readonly LoadedTemplate[] = releaseTemplates.map((template) => ({
  template,
  ref: { name: template.name, version: template.version, sha256: "" },
}));
