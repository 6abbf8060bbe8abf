/** Builds everything that is published into one folder: the command line, the Lambdas, the release templates. */
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readCallTable } from "#access/calls/call-table.ts";
import { bundleAll } from "./bundle.ts";
import { bundleCli } from "./bundle-cli.ts";
import { packRelease } from "./pack-release.ts";
import { callTableFile } from "./prebuilt.ts";

type ReleaseBuild = {
  readonly root: string;
  readonly to: string;
  readonly scope?: string;
  readonly onStep: (step: string) => void;
};

/** Empties the folder first. Answers the packed file. */
export async function buildRelease({ root, to, scope, onStep }: ReleaseBuild): Promise<string> {
  const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { version: string };
  await rm(to, { recursive: true, force: true });
  const { lambdas, templates } = await bundleAll(to);
  // The zips are what is published; the folders they were made of are as large again.
  for (const name of Object.keys(lambdas)) await rm(join(to, "lambdas", name), { recursive: true });
  onStep(`bundled ${Object.keys(lambdas).length} Lambdas and ${templates.length} release templates`);
  await bundleCli({ root, to, version });
  await writeFile(join(to, callTableFile), `${JSON.stringify(await readCallTable(root))}\n`);
  onStep(`bundled the command line ${version}`);
  const packed = await packRelease({ root, to, version, ...(scope !== undefined && { scope }) });
  onStep(`packed ${packed}`);
  return packed;
}
