/** The folders of release templates in a checkout. Bundling loads esbuild, so it is loaded when a folder is bundled. */
import { stat } from "node:fs/promises";
import { evaluateNew } from "#aws/template-module.ts";
import type { TemplateFolders } from "#ports/template-folders.ts";

export const folders: TemplateFolders = {
  has: async (folder) => (await stat(folder).catch(() => undefined))?.isDirectory() ?? false,
  bundle: async (folder) => {
    const { bundleFolder } = await import("#bundle/template-folder.ts");
    return bundleFolder(folder, evaluateNew);
  },
};
