/** Loads a release template that a person names: a folder with its source, or a published version. */

import { OperateError } from "#operate/operate-error.ts";
import type { BundledTemplate, TemplateFolders } from "#ports/template-folders.ts";
import type { LoadedTemplate } from "#release/template/template.ts";
import { findVersion } from "#release/template/template-publish.ts";
import type { CandidateDeps } from "./deps.ts";

/** `wanted` is a folder, a name, or `name@version`. */
export async function loadCandidate(
  { registry, folders }: CandidateDeps,
  wanted: string,
): Promise<LoadedTemplate> {
  if (await folders.has(wanted)) return (await bundleFolder(folders, wanted)).loaded;
  const { name, version, sha256 } = findVersion(await registry.index(), wanted);
  return registry.load({ name, version, sha256 });
}

/** Throws `TemplateRefused` for a folder that cannot be bundled. */
export async function bundleFolder(
  folders: Pick<TemplateFolders, "bundle">,
  folder: string,
): Promise<BundledTemplate> {
  const bundled = await folders.bundle(folder);
  if ("rejected" in bundled) throw new OperateError("TemplateRefused", bundled.rejected);
  return bundled;
}
