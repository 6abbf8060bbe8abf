/**
 * Finds portfolios, products and launch paths in the catalog: by id, or by the permissions of a principal.
 */
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { Principal } from "#cloud/kernel/principal.ts";
import type { Call } from "#cloud/kernel/service.ts";
import {
  type Artifact,
  type CatalogState,
  catalogAccount,
  type Portfolio,
  type Product,
  type Share,
} from "./state.ts";

export type CatalogCall = Call<CatalogState>;

export const catalogOf = (call: CatalogCall): CatalogState => call.stateOf(catalogAccount, call.region);

export const notFound = (what: string, id: string | undefined): AwsError =>
  new AwsError("ResourceNotFoundException", `${what} ${id ?? ""} not found.`);
export const invalid = (message: string): AwsError => new AwsError("InvalidParametersException", message);

/** Returns a portfolio of the caller's own account. */
export function ownPortfolio(call: CatalogCall, id: string | undefined): Portfolio {
  const portfolio = catalogOf(call).portfolios.get(id ?? "");
  if (portfolio?.owner !== call.account) throw notFound("Portfolio", id);
  return portfolio;
}

/** Returns a portfolio that the caller's account owns or that is shared with it. */
export function reachablePortfolio(call: CatalogCall, id: string | undefined): Portfolio {
  const portfolio = catalogOf(call).portfolios.get(id ?? "");
  if (
    portfolio === undefined ||
    (portfolio.owner !== call.account && shareWith(call, portfolio) === undefined)
  )
    throw notFound("Portfolio", id);
  return portfolio;
}

export function ownProduct(call: CatalogCall, id: string | undefined): Product {
  const product = catalogOf(call).products.get(id ?? "");
  if (product?.owner !== call.account) throw notFound("Product", id);
  return product;
}

/**
 * Returns the share that lets the caller's account use a portfolio of another account. All accounts are
 * members of the organization.
 */
const shareWith = (call: CatalogCall, portfolio: Portfolio): Share | undefined =>
  [...catalogOf(call).shares.values()].find(
    (share) =>
      share.portfolioId === portfolio.id &&
      share.accepted &&
      (share.node.Type !== "ACCOUNT" || share.node.Value === call.account),
  );

/** Returns the role or user of a session, because portfolios are associated with roles and users. */
export const identityArn = (principal: Principal): string =>
  principal.kind === "role" ? principal.roleArn : "arn" in principal ? principal.arn : "";

/**
 * Returns the portfolios whose products the caller may launch. The account owns the portfolio or has a share,
 * and the portfolio is associated with the caller.
 */
export function portfoliosFor(call: CatalogCall): readonly Portfolio[] {
  const catalog = catalogOf(call);
  const arn = identityArn(call.principal);
  return [...catalog.portfolios.values()].filter((portfolio) => {
    const own = portfolio.owner === call.account;
    const share = own ? undefined : shareWith(call, portfolio);
    if (!own && share === undefined) return false;
    return [...catalog.principals.values()].some(
      (association) =>
        association.portfolioId === portfolio.id &&
        (association.account === call.account ||
          (association.type === "IAM_PATTERN" && share?.sharePrincipals === true)) &&
        principalMatches(association.arn, association.type, arn),
    );
  });
}

function principalMatches(pattern: string, type: "IAM" | "IAM_PATTERN", arn: string): boolean {
  if (type === "IAM") return pattern === arn;
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  // A pattern contains no account: `arn:aws:iam:::role/Name`.
  return new RegExp(`^${source}$`).test(arn.replace(/^(arn:aws:iam::)\d{12}:/, "$1:"));
}

/**
 * Returns the launch paths of a product: each portfolio of the caller that contains the product is a path.
 */
export function launchPaths(
  call: CatalogCall,
  productId: string,
): readonly { readonly id: string; readonly portfolio: Portfolio }[] {
  const catalog = catalogOf(call);
  return portfoliosFor(call)
    .filter((portfolio) => catalog.memberships.has(`${portfolio.id}/${productId}`))
    .map((portfolio) => ({ id: `lpv3-${portfolio.id.slice("port-".length)}`, portfolio }));
}

export const artifactsOf = (call: CatalogCall, productId: string): readonly Artifact[] =>
  [...catalogOf(call).artifacts.values()].filter((artifact) => artifact.productId === productId);

export const memberPortfolios = (call: CatalogCall, productId: string): readonly Portfolio[] => {
  const catalog = catalogOf(call);
  return [...catalog.portfolios.values()].filter((portfolio) =>
    catalog.memberships.has(`${portfolio.id}/${productId}`),
  );
};
