/**
 * Builds everything that is published into one folder: the command line, the Lambdas, the release templates, and the
 * embedded AWS in a folder of its own.
 */
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readCallTable } from "#access/calls/call-table.ts";
import { bundleAll } from "./bundle.ts";
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

const localCloud = {
  name: "local-cloud",
  description:
    "An embedded AWS for laptops and tests: many accounts, IAM enforced, CloudFormation and CodePipeline included.",
  node: ">=24",
  documents: [
    "LICENSE",
    "NOTICE",
    ...["README.md", "COVERAGE.md"].map((name) => join("packages", "local-cloud", name)),
  ],
  workspace: "@kedge/local-cloud",
};

/** Empties the folder first. */
export async function buildRelease({ root, to, scope, onStep }: ReleaseBuild): Promise<void> {
  const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { version: string };
  await rm(to, { recursive: true, force: true });
  const { lambdas, templates } = await bundleAll(to);
  // The zips are what is published; the folders they were made of are as large again.
  for (const name of Object.keys(lambdas)) await rm(join(to, "lambdas", name), { recursive: true });
  onStep(`bundled ${Object.keys(lambdas).length} Lambdas and ${templates.length} release templates`);
  await bundleCli({ root, to, version });
  await writeFile(join(to, callTableFile), `${JSON.stringify(await readCallTable(root))}\n`);
  onStep(`bundled the command line ${version}`);
  const facts = { root, packedIn: to, version, ...(scope !== undefined && { scope }) };
  onStep(`packed ${await packRelease({ ...facts, to, program: cli })}`);
  // The package of the command line holds all of its folder, so the folder of the embedded AWS comes after it.
  const cloudFolder = join(to, localCloud.name);
  await bundleLocalCloud({ root, to: cloudFolder });
  onStep(`packed ${await packRelease({ ...facts, to: cloudFolder, program: localCloud })}`);
}
