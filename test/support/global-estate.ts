/**
 * Boots the estates for the journeys and the tests of the command line, once for the whole run: the estate of
 * the examples, and a strict estate. The strict estate rejects tombstones of protected lines and never
 * supersedes a pending approval, and tests may make its calls fail.
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { type BootedEstate, bootEstate } from "#local-estate/boot.ts";

/** The facts that a test needs to call the estate over HTTP. */
export type EstateFacts = Pick<BootedEstate, "endpoint" | "region" | "bucket" | "accounts">;

declare module "vitest" {
  interface ProvidedContext {
    readonly estate: EstateFacts;
    readonly strictEstate: EstateFacts;
  }
}

const estateFile = "examples/estate.yml";

/** Vitest calls this function before the first of these tests, and the returned function after the last. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const work = await mkdtemp(join(tmpdir(), "kedge-strict-"));
  const strictFile = join(work, "estate.yml");
  const text = await readFile(estateFile, "utf8");
  const strictText = text
    .replace(/^allowTombstone:.*$/m, "")
    .replace("supersedePendingApproval: true", "supersedePendingApproval: false");
  await writeFile(strictFile, strictText);
  const [estate, strict] = await Promise.all([
    bootEstate({ port: 0, estateFile }),
    bootEstate({ port: 0, estateFile: strictFile }),
  ]);
  project.provide("estate", factsOf(estate));
  project.provide("strictEstate", factsOf(strict));
  return async () => {
    await Promise.all([estate.running.stop(), strict.running.stop()]);
    await rm(work, { recursive: true, force: true });
  };
}

const factsOf = ({ endpoint, region, bucket, accounts }: BootedEstate): EstateFacts => ({
  endpoint,
  region,
  bucket,
  accounts,
});
