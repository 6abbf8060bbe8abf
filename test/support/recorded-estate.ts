/**
 * A recorded estate runs the stacks, Lambdas and release templates of a recorded registry in an embedded cloud. It is
 * upgraded to this checkout in the steps of docs/deploying.md: the control plane, `kedge publish`, then the products.
 */
import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  CreatePortfolioShareCommand,
  DescribeProductCommand,
  DescribeProvisionedProductCommand,
  DescribeRecordCommand,
  ListPortfoliosCommand,
  ServiceCatalogClient,
  UpdateProvisionedProductCommand,
} from "@aws-sdk/client-service-catalog";
import { type RunningCloud, startCloud } from "@kedge/local-cloud";
import { proposalDeps, publishDeps } from "#aws/deps-publish.ts";
import type { Bundles } from "#bundle/bundle.ts";
import { publishableCode } from "#bundle/publishable-code.ts";
import { synthesizeControlPlane, synthesizeLaunchRoles } from "#deploy/synthesize.ts";
import { asRole } from "#local-estate/as-role.ts";
import { configFor, createClients } from "#local-estate/clients.ts";
import { deployAssembly } from "#local-estate/deploy-assembly.ts";
import { deployStack } from "#local-estate/deploy-stack.ts";
import { provision } from "#local-estate/provision.ts";
import { OperateError } from "#operate/operate-error.ts";
import { publish } from "#operate/publish.ts";
import { confirmEstate } from "#operate/publish-estate.ts";
import type { EstateProposals } from "#ports/estate-proposals.ts";
import { parseEstate } from "#release/estate/estate-parse.ts";
import {
  type RecordedObject,
  type RecordedProduct,
  type RecordedRegistry,
  type RecordedStack,
  registryBucketPrefix,
} from "#test/fixtures/read-registry.ts";
import { enter, type TestEstate, until } from "#test/support/estate.ts";

export type RecordedEstate = AsyncDisposable & {
  readonly estate: TestEstate;
  readonly running: RunningCloud;
  /** Publishes the bundles and the recorded estate file, as `kedge publish` does. */
  readonly publish: (bundles: Bundles) => Promise<void>;
  /** Synthesizes the stack into the empty `folder` and deploys it, as `cdk deploy` does. */
  readonly deployControlPlane: (bundles: Bundles, folder: string) => Promise<void>;
  /** Updates the launch roles of every account, which create the resources of new products. */
  readonly updateLaunchRoles: (folder: string) => Promise<void>;
  /** Updates every product to its newest version, with the parameters it has. */
  readonly updateProducts: () => Promise<void>;
};

class NotUpgraded extends Error {
  override name = "NotUpgraded";
}

/** The estate has the recorded control plane, one anchor and the anchor's targets. */
export async function bootRecorded(recording: RecordedRegistry, anchor: string): Promise<RecordedEstate> {
  const { central, region, bucket, accounts } = recording.manifest.estate;
  const running = await startCloud({ port: 0, defaultRegion: region });
  const { endpoint } = running;
  const connection = { clients: createClients(endpoint, region), endpoint, region };
  const booted = Object.entries(accounts).flatMap(([name, id]) =>
    name === anchor || name.startsWith(`${anchor}-`) ? [id] : [],
  );
  try {
    await deployRecorded(recording, booted, connection);
  } catch (error) {
    await running.stop();
    throw error;
  }
  const estate = enter({ endpoint, region, bucket, accounts });
  const estateText = withHandlerPrefix(
    Buffer.from(recording.registry.get("estate/estate.yml") ?? []).toString(),
  );
  return {
    estate,
    running,
    publish: async (bundles) => {
      const deps = publishDeps(configFor(endpoint, region, central), { central, region });
      try {
        await publish(deps, { estateText, code: publishableCode(bundles) });
      } catch (error) {
        if (!(error instanceof OperateError) || error.code !== "EstateWaits") throw error;
        await confirmEstate(await secondPerson(connection, central), estateText);
      }
    },
    deployControlPlane: async (bundles, folder) => {
      synthesizeControlPlane({ estate: parseEstate(estateText), bundles, outdir: folder });
      await deployAssembly({ ...connection, folder, account: central });
    },
    updateLaunchRoles: async (folder) => {
      const body = synthesizeLaunchRoles(central, folder);
      const stacks = recording.manifest.stacks.filter(
        ({ name, account }) => name === "KedgeLaunchRoles" && booted.includes(account),
      );
      await Promise.all(stacks.map((stack) => deployRecordedStack(stack, body, connection)));
    },
    updateProducts: async () => {
      await Promise.all(productsIn(recording, booted).map((each) => updateProduct(estate, each)));
    },
    [Symbol.asyncDispose]: running.stop,
  };
}

/** An estate of an earlier version has to be confirmed by a person with another identity (docs/deploying.md). */
async function secondPerson(connection: Connection, account: string): Promise<EstateProposals> {
  const RoleName = "second-person";
  const iam = connection.clients(IAMClient, account);
  const allow = (rest: object): string =>
    JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...rest }] });
  const trust = allow({ Principal: { AWS: account }, Action: "sts:AssumeRole" });
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }));
  const PolicyDocument = allow({ Action: "*", Resource: "*" });
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "all", PolicyDocument }));
  return (await proposalDeps(await asRole(connection, account, RoleName))).proposals;
}

/** Since version 1.2, the names of handlers have a prefix. The cloud team renames them before the upgrade (CHANGELOG.md). */
const withHandlerPrefix = (text: string): string =>
  text.replace(/(?<![\w-])(letters|ledger-migrations)(?![\w-])/g, "kedge-handler-$1");

const productsIn = ({ manifest }: RecordedRegistry, booted: readonly string[]) =>
  manifest.products.filter(({ account }) => booted.includes(account));

type Connection = Pick<Parameters<typeof provision>[0], "clients" | "endpoint" | "region">;

/** The order is that of docs/deploying.md: assets and stacks, the registry, the portfolio's share, the products. */
async function deployRecorded(
  recording: RecordedRegistry,
  booted: readonly string[],
  connection: Connection,
): Promise<void> {
  const { central, organization } = recording.manifest.estate;
  const s3 = connection.clients(S3Client, central);
  const catalog = connection.clients(ServiceCatalogClient, central);
  const put = async (objects: readonly RecordedObject[]): Promise<void> => {
    for (const { bucket: Bucket, key: Key, bytes: Body } of objects)
      await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
  };
  const assets = recording.objects.filter((each) => !isPublished(each));
  for (const Bucket of new Set(assets.map(({ bucket }) => bucket)))
    await s3.send(new CreateBucketCommand({ Bucket }));
  await put(assets);
  const stacks = recording.manifest.stacks.filter(({ account }) => [central, ...booted].includes(account));
  await Promise.all(
    stacks.map((stack) => deployRecordedStack(stack, recording.text(stack.template), connection)),
  );
  await put(recording.objects.filter(isPublished));
  const { PortfolioDetails } = await catalog.send(new ListPortfoliosCommand({}));
  await catalog.send(
    new CreatePortfolioShareCommand({
      PortfolioId: PortfolioDetails?.[0]?.Id,
      OrganizationNode: { Type: "ORGANIZATION", Value: organization },
      SharePrincipals: true,
    }),
  );
  await Promise.all(productsIn(recording, booted).map((each) => provision({ ...connection, ...each })));
}

/** The stack of the control plane makes the registry bucket, so these objects come after it. */
const isPublished = ({ bucket }: RecordedObject): boolean => bucket.startsWith(registryBucketPrefix);

/** A template inside a call has at most 51,200 bytes, so a bucket of the account holds it. */
async function deployRecordedStack(
  { account, name }: RecordedStack,
  Body: string,
  { clients, endpoint }: Connection,
): Promise<void> {
  const s3 = clients(S3Client, account);
  const Bucket = `recorded-templates-${account}`;
  await s3.send(new CreateBucketCommand({ Bucket })); // us-east-1 answers a second call as the first
  await s3.send(new PutObjectCommand({ Bucket, Key: name, Body }));
  await deployStack(clients(CloudFormationClient, account), { name, url: `${endpoint}/${Bucket}/${name}` });
}

async function updateProduct(
  estate: TestEstate,
  { account, product, parameters }: RecordedProduct,
): Promise<void> {
  const catalog = await estate.as(ServiceCatalogClient, account, "kedge-provisioner");
  const { ProvisionedProductDetail: before } = await catalog.send(
    new DescribeProvisionedProductCommand({ Name: product }),
  );
  const { ProvisioningArtifacts } = await catalog.send(new DescribeProductCommand({ Id: before?.ProductId }));
  const newest = ProvisioningArtifacts?.at(-1)?.Id;
  // The digest of its template names a version, so an unchanged product has no new version.
  if (newest === before?.ProvisioningArtifactId) return;
  const { RecordDetail } = await catalog.send(
    new UpdateProvisionedProductCommand({
      ProvisionedProductName: product,
      ProductId: before?.ProductId,
      ProvisioningArtifactId: newest,
      ProvisioningParameters: Object.entries(parameters).map(([Key, value]) =>
        Key.startsWith("Handler")
          ? { Key, Value: withHandlerPrefix(value) }
          : { Key, UsePreviousValue: true },
      ),
      UpdateToken: `upgrade-${account}-${product}`,
    }),
  );
  const record = await until(`the update of ${product} in ${account}`, async () => {
    const { RecordDetail: now } = await catalog.send(
      new DescribeRecordCommand({ Id: RecordDetail?.RecordId }),
    );
    return now?.Status === "SUCCEEDED" || now?.Status === "FAILED" ? now : undefined;
  });
  if (record.Status === "FAILED") {
    const reasons = record.RecordErrors?.map(({ Code, Description }) => `${Code}: ${Description}`);
    throw new NotUpgraded(`${product} in ${account} was not updated: ${reasons?.join("; ")}`);
  }
}
