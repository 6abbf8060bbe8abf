/** The release templates this checkout has, for commands that look at an artifact without asking the registry. */
import type { LoadedTemplate } from "#release/template/template.ts";
import { releaseTemplates } from "#templates/index.ts";

/** What was not loaded from the registry has no digest; a plan drawn for people needs none. */
export const ownTemplates: readonly LoadedTemplate[] = releaseTemplates.map((template) => ({
  template,
  ref: { name: template.name, version: template.version, sha256: "" },
}));
