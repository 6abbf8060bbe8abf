/**
 * Boots the estate in an embedded cloud as a cloud team would on AWS: launch roles, control plane,
 * publishing, and each account's product through Service Catalog. Existing resources stay, so a restart finds
 * its state.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { type CloudOptions, type RunningCloud, startCloud } from "@kedge/local-cloud";
import { publishDeps } from "#aws/deps-publish.ts";
import { type Bundles, bundleAll } from "#bundle/bundle.ts";
import { publishableCode } from "#bundle/publishable-code.ts";
import { anchorParameters, targetAccounts, targetParameters } from "#deploy/product-parameters.ts";
import { synthesizeControlPlane, synthesizeLaunchRoles } from "#deploy/synthesize.ts";
import { publish } from "#operate/publish.ts";
import type { Estate } from "#release/estate/estate.ts";
import { parseEstate } from "#release/estate/estate-parse.ts";
import { artifactBucket, products } from "#release/names/deployed-names.ts";
import { type Clients, configFor, createClients } from "./clients.ts";
import { deployAssembly } from "./deploy-assembly.ts";
import { deployStack } from "./deploy-stack.ts";
import { isProductFunction } from "./product-functions.ts";
import { provision } from "./provision.ts";
import { deployRegions } from "./regions.ts";
import { publishedByTwo } from "./second-person.ts";

export type BootOptions = Omit<CloudOptions, "defaultRegion"> & {
  readonly estateFile: string;
  /** Lambdas and release templates that are built already. Absent: the checkout's sources are bundled. */
  readonly bundles?: Bundles | undefined;
  /** Called with each step, to show progress. */
  readonly onStep?: (step: string) => void;
};

export type BootedEstate = AsyncDisposable & {
  readonly running: RunningCloud;
  readonly endpoint: string;
  readonly region: string;
  /** The secret of administrators in a strict cloud. */
  readonly adminSecret: string | undefined;
  readonly clients: Clients;
  readonly estate: Estate;
  readonly bucket: string;
  /** Account ids by name: `central`, the anchors, and `<anchor>-<environment>`. */
  readonly accounts: Readonly<Record<string, string>>;
};

export async function bootEstate({
  estateFile,
  bundles,
  onStep = () => undefined,
  ...options
}: BootOptions): Promise<BootedEstate> {
  const estateText = await readFile(estateFile, "utf8");
  const estate = parseEstate(estateText);
  const { region } = estate;
  const { adminSecret } = options;
  const running = await startCloud({
    isTrusted: isProductFunction(estate),
    ...options,
    defaultRegion: region,
  });
  running.setHealth({ status: "starting" });
  const work = await mkdtemp(join(tmpdir(), "kedge-boot-"));
  try {
    const { endpoint } = running;
    const clients = createClients(endpoint, region, adminSecret);
    await createEstate({ estate, estateText, bundles, work, endpoint, region, adminSecret, clients, onStep });
    const bucket = artifactBucket(estate.central, region);
    const accounts = accountsOf(estate);
    running.setHealth({ status: "ready", artifactBucket: bucket, accounts });
    return {
      running,
      endpoint,
      region,
      adminSecret,
      clients,
      estate,
      bucket,
      accounts,
      [Symbol.asyncDispose]: running.stop,
    };
  } catch (error) {
    await running.stop();
    throw error;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

type Work = {
  readonly estate: Estate;
  readonly estateText: string;
  readonly bundles: Bundles | undefined;
  readonly work: string;
  readonly endpoint: string;
  readonly region: string;
  readonly adminSecret: string | undefined;
  readonly clients: Clients;
  readonly onStep: (step: string) => void;
};

async function createEstate({
  estate,
  estateText,
  bundles: built,
  work,
  endpoint,
  region,
  adminSecret,
  clients,
  onStep,
}: Work): Promise<void> {
  const { central, anchors } = estate;
  const bundles = built ?? (await bundleAll(join(work, "dist")));
  onStep("bundled Lambdas and release templates");
  const folder = join(work, "cdk.out");
  synthesizeControlPlane({ estate, bundles, outdir: folder });
  const launchRoles = synthesizeLaunchRoles(central, join(work, "launch-roles"));
  onStep("synthesized the stacks");
  const others = anchors.flatMap((anchor) => [anchor.account, ...targetAccounts(anchor)]);
  await Promise.all([
    deployAssembly({ folder, account: central, region, clients, endpoint }),
    ...others.map((account) =>
      deployStack(clients(CloudFormationClient, account), { name: "KedgeLaunchRoles", body: launchRoles }),
    ),
  ]);
  onStep("deployed the control plane, and the launch roles to every account");
  const order = { estateText, code: publishableCode(bundles) };
  const publication = () =>
    publish(publishDeps(configFor(endpoint, region, central, adminSecret), { central, region }), order);
  await publishedByTwo({ clients, endpoint, region, central }, estateText, publication, onStep);
  onStep(
    "published the estate, Lambda code and release templates; shared the portfolio with the organization",
  );
  const launch = (account: string, product: string, parameters: Readonly<Record<string, string>>) =>
    provision({ clients, endpoint, region, account, product, parameters });
  await Promise.all(
    anchors.flatMap((anchor) => [
      launch(anchor.account, products.anchor, anchorParameters(estate, anchor)),
      ...targetAccounts(anchor).map((account) =>
        launch(account, products.target, targetParameters(estate, anchor, account)),
      ),
    ]),
  );
  onStep("launched anchors and targets through Service Catalog");
  await deployRegions(estate, { endpoint, work, adminSecret });
}

const accountsOf = ({ central, anchors }: Estate): Readonly<Record<string, string>> =>
  Object.fromEntries([
    ["central", central],
    ...anchors.flatMap((anchor) => [
      [anchor.name, anchor.account],
      ...anchor.environments.map(({ name, account }) => [`${anchor.name}-${name}`, account]),
    ]),
  ]);
