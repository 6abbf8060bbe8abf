/**
 * Boots the estate in an embedded cloud the way a cloud team would on AWS: launch roles, control plane, publishing, and
 * each account's product through Service Catalog. What is there already is left as it is, so a restart finds its state.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { S3Client } from "@aws-sdk/client-s3";
import { ServiceCatalogClient } from "@aws-sdk/client-service-catalog";
import { bundleAll } from "#build/bundle.ts";
import { type CloudOptions, type RunningCloud, startCloud } from "#cloud/cloud.ts";
import { synthesizeControlPlane, synthesizeLaunchRoles } from "#bin/synthesize.ts";
import { parseEstate } from "#release/estate-parse.ts";
import type { Estate } from "#release/estate.ts";
import { artifactsBucket, registryBucket } from "#release/places.ts";
import { createClients, type Clients } from "./clients.ts";
import { deployAssembly } from "./deploy-assembly.ts";
import { deployStack } from "./deploy-stack.ts";
import { provision } from "./provision.ts";
import { publish } from "./publish.ts";

export type BootOptions = CloudOptions & {
  readonly estateFile: string;
  /** Told of each step, for people who wait. */
  readonly onStep?: (step: string) => void;
};

export type BootedEstate = AsyncDisposable & {
  readonly running: RunningCloud;
  readonly clients: Clients;
  readonly estate: Estate;
  readonly bucket: string;
  /** Account ids by name: `central`, the anchors, and `<anchor>-<environment>`. */
  readonly accounts: Readonly<Record<string, string>>;
};

export async function bootEstate({ estateFile, onStep = () => undefined, ...options }: BootOptions): Promise<BootedEstate> {
  const text = await readFile(estateFile, "utf8");
  const estate = parseEstate(text);
  const work = await mkdtemp(join(tmpdir(), "kedge-boot-"));
  const running = await startCloud({ ...options, defaultRegion: estate.region });
  running.setHealth({ status: "starting" });
  try {
    const clients = createClients(running.endpoint, estate.region);
    await createEverything({ text, estate, work, running, clients, onStep });
    const bucket = artifactsBucket(estate.central, estate.region);
    const accounts = accountsOf(estate);
    running.setHealth({ status: "ready", artifactBucket: bucket, accounts });
    return { running, clients, estate, bucket, accounts, [Symbol.asyncDispose]: running.stop };
  } catch (error) {
    await running.stop();
    throw error;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
