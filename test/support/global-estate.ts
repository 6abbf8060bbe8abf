/**
 * Boots the estates for the journeys and the tests of the command line, once for the whole run: the estate of
 * the examples, and a strict estate. The strict estate rejects tombstones of protected lines, never supersedes a
 * pending approval, and has an anchor whose duties are separate. Each estate has a process of its own, because this process serves the
 * workers of the run.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type CloudProcess, startProcess } from "@kedge/local-cloud/testing/cloud-process";
import type { TestProject } from "vitest/node";
import type { BootedEstate } from "#local-estate/boot.ts";
import { bundlesFolder } from "./bundles.ts";
import { runFolder } from "./global-folder.ts";

/** The facts that a test needs to call the estate over HTTP. */
export type EstateFacts = Pick<BootedEstate, "endpoint" | "region" | "bucket" | "accounts">;

declare module "vitest" {
  interface ProvidedContext {
    readonly estate: EstateFacts;
    readonly strictEstate: EstateFacts;
  }
}

const estateFile = "examples/estate.yml";

const vault = `
  vault:
    account: "131313131313"
    separateDuties: true
    sessionNames: { uploaders: tag/kedge-person, people: tag/kedge-person }
    environments:
      - { name: prod, account: "464646464646", order: 1, branches: [main], approval: true }
`;

/** Vitest calls this function before the first of these tests, and the returned function after the last. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const work = runFolder();
  await mkdir(work, { recursive: true });
  const strictFile = join(work, "strict-estate.yml");
  const text = await readFile(estateFile, "utf8");
  const strictText = text
    .replace(/^allowTombstone:.*$/m, "")
    .replace("supersedePendingApproval: true", "supersedePendingApproval: false");
  await writeFile(strictFile, strictText.trimEnd() + vault);
  const bundles = await bundlesFolder(work);
  const start = (file: string) =>
    startProcess("bin/local.ts", undefined, ["--estate", file, "--bundles", bundles]);
  const [estate, strict] = await Promise.all([start(estateFile), start(strictFile)]);
  project.provide("estate", await factsOf(estate));
  project.provide("strictEstate", await factsOf(strict));
  return async () => {
    await Promise.all([estate.stop(), strict.stop()]);
  };
}

/** Reads the facts of an estate that `bin/local.ts` has booted. */
export async function factsOf(cloud: CloudProcess): Promise<EstateFacts> {
  const health = await fetch(`${cloud.endpoint}/_cloud/health`, { headers: { "x-local-cloud": "1" } });
  const facts = (await health.json()) as Omit<EstateFacts, "bucket"> & { readonly artifactBucket: string };
  return { ...facts, bucket: facts.artifactBucket };
}
