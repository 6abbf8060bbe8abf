/** The folders of release templates in a checkout. Bundling loads esbuild, so it is loaded when a folder is bundled. */
import { stat } from "node:fs/promises";
import { evaluateNew } from "#aws/template-module.ts";
import { CommandError } from "#bin/show/outcome.ts";
import type { TemplateFolders } from "#ports/template-folders.ts";
import { packedFolder } from "./packed-folder.ts";

export const folders: TemplateFolders = {
  has: async (folder) => (await stat(folder).catch(() => undefined))?.isDirectory() ?? false,
  bundle: async (folder) => {
    if (packedFolder() !== undefined) {
      throw new CommandError(
        "A release template is compiled from TypeScript, which the packed command line cannot do; run the command as npx kedge in a checkout of Kedge, after npm ci.",
      );
    }
    const { bundleFolder } = await import("#bundle/template-folder.ts");
    return bundleFolder(folder, evaluateNew);
  },
};
