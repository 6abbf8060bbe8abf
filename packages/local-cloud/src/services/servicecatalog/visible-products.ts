/** Finds the products that a launching principal may see. */
import { type CatalogCall, catalogOf, launchPaths, notFound, portfoliosFor } from "./catalog.ts";
import { productArn } from "./ids.ts";
import type { Product } from "./state.ts";

export const onProduct = (action: string, id: string | undefined, call: CatalogCall) => ({
  action: `servicecatalog:${action}`,
  resource: productArn(id ?? "*", {
    account: call.stateOf("catalog", call.region).products.get(id ?? "")?.owner ?? call.account,
    region: call.region,
  }),
  resourceAccount: call.account,
});

/** Returns the product if the launching principal may see it. */
export function visibleProduct(call: CatalogCall, id: string | undefined, name?: string): Product {
  const catalog = catalogOf(call);
  const product =
    id === undefined
      ? visibleProducts(call).find((candidate) => candidate.name === name)
      : catalog.products.get(id);
  if (product === undefined || (product.owner !== call.account && launchPaths(call, product.id).length === 0))
    throw notFound("Product", id ?? name);
  return product;
}

export function visibleProducts(call: CatalogCall): readonly Product[] {
  const catalog = catalogOf(call);
  const portfolios = portfoliosFor(call);
  return [...catalog.products.values()].filter(({ id }) =>
    portfolios.some((portfolio) => catalog.memberships.has(`${portfolio.id}/${id}`)),
  );
}
