/** Launches a product of the portfolio into an account through Service Catalog, as the account's provisioner role. */
import { setTimeout as wait } from "node:timers/promises";
import {
  DescribeProductCommand,
  DescribeProvisionedProductCommand,
  DescribeRecordCommand,
  ProvisionProductCommand,
  SearchProductsCommand,
  ServiceCatalogClient,
} from "@aws-sdk/client-service-catalog";
import { asRole } from "./as-role.ts";
import type { Clients } from "./clients.ts";

class ProvisioningFailed extends Error {
  override name = "ProvisioningFailed";
}

type ProvisionOrder = {
  readonly clients: Clients;
  readonly endpoint: string;
  readonly region: string;
  readonly account: string;
  /** The product's name; the provisioned product has the same name. */
  readonly product: string;
  readonly parameters: Readonly<Record<string, string>>;
};

const pollMs = 100;

/** Resolves when the provisioned product is available. An existing one stays as it is. */
export async function provision(order: ProvisionOrder): Promise<void> {
  const catalog = new ServiceCatalogClient(await asRole(order, order.account, "kedge-provisioner"));
  if (await isProvisioned(catalog, order.product)) return;
  const { ProductViewSummaries } = await catalog.send(new SearchProductsCommand({}));
  const productId = ProductViewSummaries?.find(({ Name }) => Name === order.product)?.ProductId;
  if (productId === undefined) {
    const seen = ProductViewSummaries?.map(({ Name }) => Name).join(", ") || "none";
    throw new ProvisioningFailed(
      `The account ${order.account} sees no product ${order.product} (it sees: ${seen}); is the portfolio shared with it?`,
    );
  }
  const { ProvisioningArtifacts } = await catalog.send(new DescribeProductCommand({ Id: productId }));
  const artifactId = ProvisioningArtifacts?.at(-1)?.Id;
  const { RecordDetail } = await catalog.send(
    new ProvisionProductCommand({
      ProductId: productId,
      ProvisioningArtifactId: artifactId,
      ProvisionedProductName: order.product,
      ProvisioningParameters: Object.entries(order.parameters).map(([Key, Value]) => ({ Key, Value })),
      ProvisionToken: `${order.product}-${order.account}`,
    }),
  );
  for (;;) {
    const { RecordDetail: record } = await catalog.send(
      new DescribeRecordCommand({ Id: RecordDetail?.RecordId ?? "" }),
    );
    if (record?.Status === "SUCCEEDED") return;
    if (record?.Status === "FAILED") {
      const reasons = record.RecordErrors?.map(({ Code, Description }) => `${Code}: ${Description}`).join(
        "\n  ",
      );
      throw new ProvisioningFailed(`Provisioning ${order.product} in ${order.account} failed:\n  ${reasons}`);
    }
    await wait(pollMs);
  }
}

async function isProvisioned(catalog: ServiceCatalogClient, name: string): Promise<boolean> {
  try {
    const { ProvisionedProductDetail } = await catalog.send(
      new DescribeProvisionedProductCommand({ Name: name }),
    );
    return ProvisionedProductDetail?.Status === "AVAILABLE";
  } catch (error) {
    if (error instanceof Error && error.name === "ResourceNotFoundException") return false;
    throw error;
  }
}
