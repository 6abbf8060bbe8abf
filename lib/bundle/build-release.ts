/**
 * Builds everything that is published into one folder: the command line, the Lambdas, the release templates, and the
 * embedded AWS in a folder of its own.
 */
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readCallTable } from "#access/calls/call-table.ts";
import { type Bundles, bundleAll } from "./bundle.ts";
import { bundleCli } from "./bundle-cli.ts";
import { bundleLocalCloud } from "./bundle-local-cloud.ts";
import { packRelease } from "./pack-release.ts";
import { callTableFile } from "./prebuilt.ts";

type ReleaseBuild = {
  readonly root: string;
  readonly to: string;
  readonly scope?: string;
  readonly onStep: (step: string) => void;
};

const cli = {
  name: "kedge",
  description: "The command line of Kedge: releases what your CI built.",
  node: ">=20",
  documents: ["LICENSE", "NOTICE", "CHANGELOG.md", "SECURITY.md"],
};

const cloudFolder = join("packages", "local-cloud");

const localCloud = {
  name: "local-cloud",
  documents: ["LICENSE", "NOTICE", join(cloudFolder, "README.md"), join(cloudFolder, "COVERAGE.md")],
  workspace: "@kedge/local-cloud",
};

type Manifest = {
  readonly version: string;
  readonly description: string;
  readonly engines: { readonly node: string };
};

const readManifest = async (folder: string): Promise<Manifest> =>
  JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as Manifest;

/** Empties the folder first. */
export async function buildRelease({ root, to, scope, onStep }: ReleaseBuild): Promise<void> {
  await rm(to, { recursive: true, force: true });
  const { lambdas, templates } = await bundleReleased(to);
  onStep(`bundled ${Object.keys(lambdas).length} Lambdas and ${templates.length} release templates`);
  const { packed, facts } = await packCli({ root, to, ...(scope !== undefined && { scope }) });
  onStep(`packed ${packed}`);
  // The package of the command line holds all of its folder, so the folder of the embedded AWS comes after it.
  const cloudTo = join(to, localCloud.name);
  await bundleLocalCloud({ root, to: cloudTo });
  const { description, engines } = await readManifest(join(root, cloudFolder));
  const program = { ...localCloud, description, node: engines.node };
  onStep(`packed ${await packRelease({ ...facts, to: cloudTo, program })}`);
}

/** Bundles Lambdas and release templates into the folder of a package. */
export async function bundleReleased(to: string): Promise<Bundles> {
  const bundles = await bundleAll(to);
  // The zips are what is published; the folders they were made of are as large again.
  for (const name of Object.keys(bundles.lambdas)) await rm(join(to, "lambdas", name), { recursive: true });
  return bundles;
}

/** Bundles the command line into a folder with Lambdas and release templates, and packs the folder. */
export async function packCli({ root, to, scope }: Omit<ReleaseBuild, "onStep">) {
  const { version } = await readManifest(root);
  await bundleCli({ root, to, version });
  await writeFile(join(to, callTableFile), `${JSON.stringify(await readCallTable(root))}\n`);
  const facts = { root, packedIn: to, version, ...(scope !== undefined && { scope }) };
  return { packed: await packRelease({ ...facts, to, program: cli }), facts };
}
