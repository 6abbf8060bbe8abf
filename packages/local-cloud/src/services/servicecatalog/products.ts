/** These operations create, read, update and delete products. */
import { AwsError } from "#cloud/kernel/aws-error.ts";
import {
  artifactsOf,
  type CatalogCall,
  catalogOf,
  launchPaths,
  memberPortfolios,
  ownProduct,
} from "./catalog.ts";
import { newId } from "./ids.ts";
import type { Op } from "./operation.ts";
import type { Product } from "./state.ts";
import { addArtifact } from "./versions.ts";
import { artifactDetail, artifactSummary, productDetail, productView } from "./views.ts";
import { onProduct, visibleProduct, visibleProducts } from "./visible-products.ts";

export const createProduct: Op<"CreateProduct"> = {
  access: (_input, call) => onProduct("CreateProduct", undefined, call),
  run: async (input, call) => {
    const token = `CreateProduct/${input.IdempotencyToken ?? ""}`;
    const known = ownProductOrNone(call, call.state.tokens.get(token));
    const product: Product = known ?? {
      id: newId("prod"),
      owner: call.account,
      viewId: newId("prodview"),
      name: input.Name ?? "",
      ownerName: input.Owner ?? "",
      description: input.Description,
      distributor: input.Distributor,
      supportDescription: input.SupportDescription,
      supportEmail: input.SupportEmail,
      supportUrl: input.SupportUrl,
      type: "CLOUD_FORMATION_TEMPLATE",
      created: call.clock.now(),
      tags: (input.Tags ?? []).map(({ Key = "", Value = "" }) => ({ Key, Value })),
    };
    if (input.ProductType !== "CLOUD_FORMATION_TEMPLATE")
      throw new AwsError(
        "OperationNotSupportedException",
        `Products of type ${input.ProductType} are not supported.`,
      );
    const artifact =
      known === undefined
        ? await addArtifact(call, product.id, input.ProvisioningArtifactParameters)
        : artifactsOf(call, known.id)[0];
    catalogOf(call).products.set(product.id, product);
    call.state.tokens.set(token, product.id);
    return {
      ProductViewDetail: productDetail(product, call.region),
      ...(artifact && { ProvisioningArtifactDetail: artifactDetail(artifact) }),
      Tags: [...product.tags],
    };
  },
};

const ownProductOrNone = (call: CatalogCall, id: string | undefined): Product | undefined => {
  const product = catalogOf(call).products.get(id ?? "");
  return product?.owner === call.account ? product : undefined;
};

export const updateProduct: Op<"UpdateProduct"> = {
  access: ({ Id }, call) => onProduct("UpdateProduct", Id, call),
  run: (input, call) => {
    const old = ownProduct(call, input.Id);
    const product = catalogOf(call).products.set(old.id, {
      ...old,
      name: input.Name ?? old.name,
      ownerName: input.Owner ?? old.ownerName,
      description: input.Description ?? old.description,
      distributor: input.Distributor ?? old.distributor,
      supportDescription: input.SupportDescription ?? old.supportDescription,
      supportEmail: input.SupportEmail ?? old.supportEmail,
      supportUrl: input.SupportUrl ?? old.supportUrl,
    });
    return { ProductViewDetail: productDetail(product, call.region), Tags: [...product.tags] };
  },
};

export const deleteProduct: Op<"DeleteProduct"> = {
  access: ({ Id }, call) => onProduct("DeleteProduct", Id, call),
  run: ({ Id }, call) => {
    const { id } = ownProduct(call, Id);
    if (memberPortfolios(call, id).length > 0)
      throw new AwsError("ResourceInUseException", `Product ${id} is still associated with a portfolio.`);
    const catalog = catalogOf(call);
    for (const artifact of artifactsOf(call, id)) catalog.artifacts.delete(artifact.id);
    catalog.products.delete(id);
    return {};
  },
};

export const describeProductAsAdmin: Op<"DescribeProductAsAdmin"> = {
  access: ({ Id }, call) => onProduct("DescribeProductAsAdmin", Id, call),
  run: ({ Id, Name }, call) => {
    const named = [...catalogOf(call).products.values()].find(
      (product) => product.owner === call.account && product.name === Name,
    )?.id;
    const product = ownProduct(call, Id ?? named);
    return {
      ProductViewDetail: productDetail(product, call.region),
      ProvisioningArtifactSummaries: artifactsOf(call, product.id).map((artifact) => ({
        Id: artifact.id,
        Name: artifact.name,
        Description: artifact.description,
        CreatedTime: artifact.created,
      })),
      Tags: [...product.tags],
      TagOptions: [],
      Budgets: [],
    };
  },
};

export const describeProduct: Op<"DescribeProduct"> = {
  access: ({ Id }, call) => onProduct("DescribeProduct", Id, call),
  run: ({ Id, Name }, call) => {
    const product = visibleProduct(call, Id, Name);
    return {
      ProductViewSummary: productView(product),
      ProvisioningArtifacts: artifactsOf(call, product.id)
        .filter(({ active }) => active)
        .map(artifactSummary),
      LaunchPaths: launchPaths(call, product.id).map(({ id, portfolio }) => ({
        Id: id,
        Name: portfolio.displayName,
      })),
      Budgets: [],
    };
  },
};

export const searchProducts: Op<"SearchProducts"> = {
  access: () => ({ action: "servicecatalog:SearchProducts", resource: "*" }),
  run: ({ Filters }, call) => {
    const words = Filters?.["FullTextSearch"] ?? [];
    const found = visibleProducts(call).filter(({ name, description }) =>
      words.every((word) => `${name} ${description ?? ""}`.toLowerCase().includes(word.toLowerCase())),
    );
    return { ProductViewSummaries: found.map(productView), ProductViewAggregations: {} };
  },
};

export const searchProductsAsAdmin: Op<"SearchProductsAsAdmin"> = {
  access: () => ({ action: "servicecatalog:SearchProductsAsAdmin", resource: "*" }),
  run: ({ PortfolioId }, call) => {
    const catalog = catalogOf(call);
    const found = [...catalog.products.values()].filter(
      ({ id, owner }) =>
        owner === call.account &&
        (PortfolioId === undefined || catalog.memberships.has(`${PortfolioId}/${id}`)),
    );
    return { ProductViewDetails: found.map((product) => productDetail(product, call.region)) };
  },
};
