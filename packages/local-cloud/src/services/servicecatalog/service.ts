/**
 * AWS Service Catalog has portfolios of versioned CloudFormation products. It shares them with accounts and
 * provisions them with launch roles.
 */
import * as sdk from "@aws-sdk/client-service-catalog";
import { accountRoot } from "#cloud/kernel/principal.ts";
import { defineService } from "#cloud/kernel/service.ts";
import * as constraints from "./constraints.ts";
import * as launchPaths from "./launch-paths.ts";
import * as portfolios from "./portfolios.ts";
import * as products from "./products.ts";
import * as provisioning from "./provisioning.ts";
import * as records from "./records.ts";
import * as shares from "./shares.ts";
import { pollStack } from "./stack-operation.ts";
import type { CatalogState } from "./state.ts";
import * as versions from "./versions.ts";

export const servicecatalog = defineService<CatalogState, typeof sdk>(
  {
    name: "servicecatalog",
    sdk,
    protocols: ["json-1.1"],
    target: "AWS242ServiceCatalogService",
    state: (table) => ({
      portfolios: table("portfolios"),
      products: table("products"),
      artifacts: table("artifacts"),
      memberships: table("memberships"),
      constraints: table("constraints"),
      principals: table("principals"),
      shares: table("shares"),
      provisioned: table("provisioned"),
      records: table("records"),
      tokens: table("tokens"),
    }),
    start: ({ cloud, clock, locations, stateOf }) => {
      for (const { account, region } of locations()) {
        const state = stateOf(account, region);
        for (const record of state.records.values()) {
          if (record.status === "SUCCEEDED" || record.status === "FAILED") continue;
          const context = { cloud, clock, account, region, state };
          cloud.spawn(`servicecatalog record ${record.id}`, () =>
            pollStack(context, record.id, accountRoot(account), false),
          );
        }
      }
    },
  },
  {
    AcceptPortfolioShare: shares.acceptPortfolioShare,
    AssociatePrincipalWithPortfolio: portfolios.associatePrincipalWithPortfolio,
    AssociateProductWithPortfolio: portfolios.associateProductWithPortfolio,
    CreateConstraint: constraints.createConstraint,
    CreatePortfolio: portfolios.createPortfolio,
    CreatePortfolioShare: shares.createPortfolioShare,
    CreateProduct: products.createProduct,
    CreateProvisioningArtifact: versions.createProvisioningArtifact,
    DeleteConstraint: constraints.deleteConstraint,
    DeletePortfolio: portfolios.deletePortfolio,
    DeletePortfolioShare: shares.deletePortfolioShare,
    DeleteProduct: products.deleteProduct,
    DeleteProvisioningArtifact: versions.deleteProvisioningArtifact,
    DescribeConstraint: constraints.describeConstraint,
    DescribePortfolio: portfolios.describePortfolio,
    DescribePortfolioShareStatus: shares.describePortfolioShareStatus,
    DescribePortfolioShares: shares.describePortfolioShares,
    DescribeProduct: products.describeProduct,
    DescribeProductAsAdmin: products.describeProductAsAdmin,
    DescribeProvisionedProduct: records.describeProvisionedProduct,
    DescribeProvisioningArtifact: versions.describeProvisioningArtifact,
    DescribeProvisioningParameters: launchPaths.describeProvisioningParameters,
    DescribeRecord: records.describeRecord,
    DisassociatePrincipalFromPortfolio: portfolios.disassociatePrincipalFromPortfolio,
    DisassociateProductFromPortfolio: portfolios.disassociateProductFromPortfolio,
    GetProvisionedProductOutputs: records.getProvisionedProductOutputs,
    ListAcceptedPortfolioShares: shares.listAcceptedPortfolioShares,
    ListConstraintsForPortfolio: constraints.listConstraintsForPortfolio,
    ListLaunchPaths: launchPaths.listLaunchPaths,
    ListPortfolioAccess: shares.listPortfolioAccess,
    ListPortfolios: portfolios.listPortfolios,
    ListPortfoliosForProduct: portfolios.listPortfoliosForProduct,
    ListPrincipalsForPortfolio: portfolios.listPrincipalsForPortfolio,
    ListProvisioningArtifacts: versions.listProvisioningArtifacts,
    ListRecordHistory: records.listRecordHistory,
    ProvisionProduct: provisioning.provisionProduct,
    RejectPortfolioShare: shares.rejectPortfolioShare,
    ScanProvisionedProducts: records.scanProvisionedProducts,
    SearchProducts: products.searchProducts,
    SearchProductsAsAdmin: products.searchProductsAsAdmin,
    SearchProvisionedProducts: records.searchProvisionedProducts,
    TerminateProvisionedProduct: provisioning.terminateProvisionedProduct,
    UpdateConstraint: constraints.updateConstraint,
    UpdatePortfolio: portfolios.updatePortfolio,
    UpdatePortfolioShare: shares.updatePortfolioShare,
    UpdateProduct: products.updateProduct,
    UpdateProvisionedProduct: provisioning.updateProvisionedProduct,
    UpdateProvisioningArtifact: versions.updateProvisioningArtifact,
  },
);
