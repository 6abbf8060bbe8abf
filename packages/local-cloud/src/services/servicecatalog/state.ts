/**
 * Declares the state of Service Catalog: one catalog per region, which all accounts read, and the provisioned
 * products of each account.
 */
import type { Table } from "#cloud/kernel/store.ts";

export type Tag = { readonly Key: string; readonly Value: string };

export type Portfolio = {
  readonly id: string;
  readonly owner: string;
  readonly displayName: string;
  readonly description: string | undefined;
  readonly providerName: string;
  readonly created: Date;
  readonly tags: readonly Tag[];
};

export type Product = {
  readonly id: string;
  readonly owner: string;
  readonly viewId: string;
  readonly name: string;
  readonly ownerName: string;
  readonly description: string | undefined;
  readonly distributor: string | undefined;
  readonly supportDescription: string | undefined;
  readonly supportEmail: string | undefined;
  readonly supportUrl: string | undefined;
  readonly type: "CLOUD_FORMATION_TEMPLATE";
  readonly created: Date;
  readonly tags: readonly Tag[];
};

/** A version of a product. Its template is an object in the service's own bucket. */
export type Artifact = {
  readonly id: string;
  readonly productId: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly created: Date;
  readonly active: boolean;
  readonly guidance: "DEFAULT" | "DEPRECATED";
  readonly templateUrl: string;
  readonly sourceRevision: string | undefined;
};

export type Constraint = {
  readonly id: string;
  readonly owner: string;
  readonly portfolioId: string;
  readonly productId: string;
  readonly type: string;
  readonly description: string | undefined;
  readonly parameters: string;
};

type PrincipalAssociation = {
  readonly portfolioId: string;
  /** The account that made the association. */
  readonly account: string;
  readonly arn: string;
  readonly type: "IAM" | "IAM_PATTERN";
};

export type Share = {
  readonly portfolioId: string;
  readonly node: {
    readonly Type: "ACCOUNT" | "ORGANIZATION" | "ORGANIZATIONAL_UNIT";
    readonly Value: string;
  };
  /** True for a share with an organization node, which needs no acceptance. */
  readonly organization: boolean;
  readonly sharePrincipals: boolean;
  readonly shareTagOptions: boolean;
  readonly accepted: boolean;
  readonly token: string | undefined;
};

export type ProvisionedProduct = {
  readonly id: string;
  readonly name: string;
  readonly arn: string;
  readonly status: "AVAILABLE" | "UNDER_CHANGE" | "TAINTED" | "ERROR";
  readonly statusMessage: string | undefined;
  readonly created: Date;
  readonly productId: string;
  readonly artifactId: string;
  readonly pathId: string;
  readonly launchRoleArn: string | undefined;
  /** The ARN of the user or role that launched the product. */
  readonly userArn: string;
  readonly userArnSession: string;
  readonly stackName: string;
  readonly stackId: string | undefined;
  readonly lastRecordId: string;
  readonly lastSuccessfulRecordId: string | undefined;
  readonly tags: readonly Tag[];
  readonly token: string | undefined;
};

export type RecordRow = {
  readonly id: string;
  readonly type: "PROVISION_PRODUCT" | "UPDATE_PROVISIONED_PRODUCT" | "TERMINATE_PROVISIONED_PRODUCT";
  readonly status: "CREATED" | "IN_PROGRESS" | "IN_PROGRESS_IN_ERROR" | "SUCCEEDED" | "FAILED";
  readonly created: Date;
  readonly updated: Date;
  readonly provisionedProductId: string;
  readonly provisionedProductName: string;
  readonly productId: string;
  readonly artifactId: string;
  readonly pathId: string;
  readonly launchRoleArn: string | undefined;
  readonly token: string | undefined;
  readonly errors: readonly { readonly Code: string; readonly Description: string }[];
  readonly outputs: readonly {
    readonly OutputKey: string;
    readonly OutputValue: string;
    readonly Description?: string;
  }[];
  readonly tags: readonly Tag[];
};

export type CatalogState = {
  readonly portfolios: Table<Portfolio>;
  readonly products: Table<Product>;
  readonly artifacts: Table<Artifact>;
  /** The key is `portfolioId/productId`. */
  readonly memberships: Table<{ readonly portfolioId: string; readonly productId: string }>;
  readonly constraints: Table<Constraint>;
  readonly principals: Table<PrincipalAssociation>;
  readonly shares: Table<Share>;
  readonly provisioned: Table<ProvisionedProduct>;
  readonly records: Table<RecordRow>;
  /** Idempotency tokens of create calls, with the id that each call made. */
  readonly tokens: Table<string>;
};

/**
 * The account name under which a region's catalog is stored. It is no 12-digit id, so it cannot collide with
 * an account.
 */
export const catalogAccount = "catalog";

/** The account of the service, which owns the template bucket. */
export const serviceAccount = "774400000001";
