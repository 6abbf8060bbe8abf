/** Converts stored rows to the shapes of the API's responses. */
import { portfolioArn, productArn } from "./ids.ts";
import type { Artifact, Constraint, Portfolio, Product, ProvisionedProduct, RecordRow } from "./state.ts";

export const portfolioView = (portfolio: Portfolio, region: string) => ({
  Id: portfolio.id,
  ARN: portfolioArn(portfolio.id, { account: portfolio.owner, region }),
  DisplayName: portfolio.displayName,
  Description: portfolio.description,
  CreatedTime: portfolio.created,
  ProviderName: portfolio.providerName,
});

export const productView = (product: Product) => ({
  Id: product.viewId,
  ProductId: product.id,
  Name: product.name,
  Owner: product.ownerName,
  ShortDescription: product.description,
  Type: product.type,
  Distributor: product.distributor,
  HasDefaultPath: false,
  SupportEmail: product.supportEmail,
  SupportDescription: product.supportDescription,
  SupportUrl: product.supportUrl,
});

export const productDetail = (product: Product, region: string) => ({
  ProductViewSummary: productView(product),
  Status: "AVAILABLE" as const,
  ProductARN: productArn(product.id, { account: product.owner, region }),
  CreatedTime: product.created,
});

export const artifactDetail = (artifact: Artifact) => ({
  Id: artifact.id,
  Name: artifact.name,
  Description: artifact.description,
  Type: "CLOUD_FORMATION_TEMPLATE" as const,
  CreatedTime: artifact.created,
  Active: artifact.active,
  Guidance: artifact.guidance,
});

export const artifactSummary = (artifact: Artifact) => ({
  Id: artifact.id,
  Name: artifact.name,
  Description: artifact.description,
  CreatedTime: artifact.created,
  Guidance: artifact.guidance,
});

export const constraintDetail = (constraint: Constraint) => ({
  ConstraintId: constraint.id,
  Type: constraint.type,
  Description: constraint.description,
  Owner: constraint.owner,
  ProductId: constraint.productId,
  PortfolioId: constraint.portfolioId,
});

export const provisionedDetail = (product: ProvisionedProduct) => ({
  Name: product.name,
  Arn: product.arn,
  Type: "CFN_STACK",
  Id: product.id,
  Status: product.status,
  StatusMessage: product.statusMessage,
  CreatedTime: product.created,
  IdempotencyToken: product.token,
  LastRecordId: product.lastRecordId,
  LastProvisioningRecordId: product.lastRecordId,
  LastSuccessfulProvisioningRecordId: product.lastSuccessfulRecordId,
  ProductId: product.productId,
  ProvisioningArtifactId: product.artifactId,
  LaunchRoleArn: product.launchRoleArn,
});

export const recordDetail = (record: RecordRow) => ({
  RecordId: record.id,
  ProvisionedProductName: record.provisionedProductName,
  Status: record.status,
  CreatedTime: record.created,
  UpdatedTime: record.updated,
  ProvisionedProductType: "CFN_STACK",
  RecordType: record.type,
  ProvisionedProductId: record.provisionedProductId,
  ProductId: record.productId,
  ProvisioningArtifactId: record.artifactId,
  PathId: record.pathId,
  RecordErrors: [...record.errors],
  RecordTags: [...record.tags],
  LaunchRoleArn: record.launchRoleArn,
});
