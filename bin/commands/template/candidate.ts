/** A release template as a command names it: a folder with its source, or a published version. */
import { stat } from "node:fs/promises";
import { bundleFolder } from "#operate/templates/bundle-folder.ts";
import type { Central } from "#operate/templates/central.ts";
import { evaluateModule } from "#operate/templates/evaluate.ts";
import type { LoadedTemplate } from "#release/template/template.ts";
import { findVersion } from "#release/template/template-publish.ts";

export async function candidate(wanted: string, { registry }: Central): Promise<LoadedTemplate> {
  if (await isFolder(wanted)) return (await bundleFolder(wanted)).loaded;
  return evaluateModule(await registry.module(findVersion(await registry.index(), wanted)));
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
