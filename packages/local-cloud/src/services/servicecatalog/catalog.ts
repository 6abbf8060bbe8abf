/** Looking things up in the catalogue: by id, or by what a principal may see of it. */
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

/** A portfolio of the caller's own account. */
export function ownPortfolio(call: CatalogCall, id: string | undefined): Portfolio {
  const portfolio = catalogOf(call).portfolios.get(id ?? "");
  if (portfolio?.owner !== call.account) throw notFound("Portfolio", id);
  return portfolio;
}

/** A portfolio the account owns or was given. */
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

/** The share by which the call's account may use another's portfolio. Every account is a member of the organization. */
export const shareWith = (call: CatalogCall, portfolio: Portfolio): Share | undefined =>
  [...catalogOf(call).shares.values()].find(
    (share) =>
      share.portfolioId === portfolio.id &&
      share.accepted &&
      (share.node.Type !== "ACCOUNT" || share.node.Value === call.account),
  );

/** The role or user behind a session, which is what portfolios are associated with. */
export const identityArn = (principal: Principal): string =>
  principal.kind === "role" ? principal.roleArn : "arn" in principal ? principal.arn : "";

/** Portfolios whose products the caller may launch: it owns or was shared them, and is associated with them. */
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
  // A pattern leaves the account out: `arn:aws:iam:::role/Name`.
  return new RegExp(`^${source}$`).test(arn.replace(/^(arn:aws:iam::)\d{12}:/, "$1:"));
}

/** Ways to launch a product: one per portfolio of the caller that holds it. */
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
