/** Reads the bundles in a folder for `publish`: names and digests, and the content on demand. */
import { readFile } from "node:fs/promises";
import type { PublishableCode } from "#operate/publish.ts";
import type { Bundles } from "./bundle.ts";

export const publishableCode = ({ lambdas, templates }: Bundles): PublishableCode => ({
  lambdas: Object.entries(lambdas).map(([name, { zip, digest }]) => ({
    name,
    digest,
    read: () => readFile(zip),
  })),
  templates: templates.map(({ file, ...ref }) => ({ ...ref, read: () => readFile(file) })),
});
