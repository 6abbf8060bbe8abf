/** Shares Kedge's portfolio in Service Catalog with the organization. */
import {
  CreatePortfolioShareCommand,
  paginateListPortfolios,
  type ServiceCatalogClient,
} from "@aws-sdk/client-service-catalog";
import type { Portfolio } from "#ports/portfolio.ts";

const portfolioName = "Kedge";

export const portfolioServiceCatalog = (catalog: ServiceCatalogClient): Portfolio => ({
  share: async (organization) => {
    const id = await portfolioId(catalog);
    if (id === undefined) return undefined;
    await catalog.send(
      new CreatePortfolioShareCommand({
        PortfolioId: id,
        OrganizationNode: { Type: "ORGANIZATION", Value: organization },
        SharePrincipals: true,
      }),
    );
    return id;
  },
});

async function portfolioId(catalog: ServiceCatalogClient): Promise<string | undefined> {
  for await (const { PortfolioDetails = [] } of paginateListPortfolios({ client: catalog }, {})) {
    const found = PortfolioDetails.find(({ DisplayName }) => DisplayName === portfolioName);
    if (found?.Id !== undefined) return found.Id;
  }
  return undefined;
}
