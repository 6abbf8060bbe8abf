/** These operations edit portfolios, their products and their principals. */
import { AwsError } from "#cloud/kernel/aws-error.ts";
import {
  type CatalogCall,
  catalogOf,
  invalid,
  memberPortfolios,
  notFound,
  ownPortfolio,
  ownProduct,
  reachablePortfolio,
} from "./catalog.ts";
import { newId, portfolioArn, productArn } from "./ids.ts";
import type { Op } from "./operation.ts";
import type { Portfolio, Tag } from "./state.ts";
import { portfolioView } from "./views.ts";

export const onPortfolio = (action: string, id: string | undefined, call: CatalogCall) => ({
  action: `servicecatalog:${action}`,
  resource: portfolioArn(id ?? "*", {
    account: call.stateOf("catalog", call.region).portfolios.get(id ?? "")?.owner ?? call.account,
    region: call.region,
  }),
  resourceAccount: call.account,
});

const tagsOf = (
  tags: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined,
): readonly Tag[] => (tags ?? []).map(({ Key = "", Value = "" }) => ({ Key, Value }));

export const createPortfolio: Op<"CreatePortfolio"> = {
  access: (_input, call) => onPortfolio("CreatePortfolio", undefined, call),
  run: ({ DisplayName = "", Description, ProviderName = "", Tags, IdempotencyToken = "" }, call) => {
    const catalog = catalogOf(call);
    const known = call.state.tokens.get(`CreatePortfolio/${IdempotencyToken}`);
    const portfolio: Portfolio = catalog.portfolios.get(known ?? "") ?? {
      id: newId("port"),
      owner: call.account,
      displayName: DisplayName,
      description: Description,
      providerName: ProviderName,
      created: call.clock.now(),
      tags: tagsOf(Tags),
    };
    catalog.portfolios.set(portfolio.id, portfolio);
    call.state.tokens.set(`CreatePortfolio/${IdempotencyToken}`, portfolio.id);
    return { PortfolioDetail: portfolioView(portfolio, call.region), Tags: [...portfolio.tags] };
  },
};

export const describePortfolio: Op<"DescribePortfolio"> = {
  access: ({ Id }, call) => onPortfolio("DescribePortfolio", Id, call),
  run: ({ Id }, call) => {
    const portfolio = reachablePortfolio(call, Id);
    return {
      PortfolioDetail: portfolioView(portfolio, call.region),
      Tags: [...portfolio.tags],
      TagOptions: [],
      Budgets: [],
    };
  },
};

export const listPortfolios: Op<"ListPortfolios"> = {
  access: () => ({ action: "servicecatalog:ListPortfolios", resource: "*" }),
  run: (_input, call) => ({
    PortfolioDetails: [...catalogOf(call).portfolios.values()]
      .filter(({ owner }) => owner === call.account)
      .map((portfolio) => portfolioView(portfolio, call.region)),
  }),
};

export const updatePortfolio: Op<"UpdatePortfolio"> = {
  access: ({ Id }, call) => onPortfolio("UpdatePortfolio", Id, call),
  run: ({ Id, DisplayName, Description, ProviderName, AddTags, RemoveTags }, call) => {
    const old = ownPortfolio(call, Id);
    const added = tagsOf(AddTags);
    const gone = new Set([...(RemoveTags ?? []), ...added.map(({ Key }) => Key)]);
    const portfolio = catalogOf(call).portfolios.set(old.id, {
      ...old,
      displayName: DisplayName ?? old.displayName,
      description: Description ?? old.description,
      providerName: ProviderName ?? old.providerName,
      tags: [...old.tags.filter(({ Key }) => !gone.has(Key)), ...added],
    });
    return { PortfolioDetail: portfolioView(portfolio, call.region), Tags: [...portfolio.tags] };
  },
};

export const deletePortfolio: Op<"DeletePortfolio"> = {
  access: ({ Id }, call) => onPortfolio("DeletePortfolio", Id, call),
  run: ({ Id }, call) => {
    const { id } = ownPortfolio(call, Id);
    const catalog = catalogOf(call);
    const holds = [
      ...catalog.memberships.values(),
      ...catalog.principals.values(),
      ...catalog.shares.values(),
      ...catalog.constraints.values(),
    ];
    if (holds.some(({ portfolioId }) => portfolioId === id)) {
      throw new AwsError(
        "ResourceInUseException",
        `Portfolio ${id} still has products, principals, constraints or shares. Remove them first.`,
      );
    }
    catalog.portfolios.delete(id);
    return {};
  },
};

export const associateProductWithPortfolio: Op<"AssociateProductWithPortfolio"> = {
  access: () => ({ action: "servicecatalog:AssociateProductWithPortfolio", resource: "*" }),
  run: ({ ProductId = "", PortfolioId, SourcePortfolioId }, call) => {
    const portfolio = ownPortfolio(call, PortfolioId);
    const catalog = catalogOf(call);
    const product = catalog.products.get(ProductId);
    const imported =
      SourcePortfolioId !== undefined &&
      catalog.memberships.has(`${reachablePortfolio(call, SourcePortfolioId).id}/${ProductId}`);
    if (product === undefined || (product.owner !== call.account && !imported))
      throw notFound("Product", ProductId);
    catalog.memberships.set(`${portfolio.id}/${ProductId}`, {
      portfolioId: portfolio.id,
      productId: ProductId,
    });
    return {};
  },
};

export const disassociateProductFromPortfolio: Op<"DisassociateProductFromPortfolio"> = {
  access: () => ({ action: "servicecatalog:DisassociateProductFromPortfolio", resource: "*" }),
  run: ({ ProductId = "", PortfolioId }, call) => {
    const portfolio = ownPortfolio(call, PortfolioId);
    const catalog = catalogOf(call);
    const constrained = [...catalog.constraints.values()].some(
      (constraint) => constraint.portfolioId === portfolio.id && constraint.productId === ProductId,
    );
    if (constrained)
      throw new AwsError(
        "ResourceInUseException",
        `Product ${ProductId} has constraints in portfolio ${portfolio.id}.`,
      );
    if (!catalog.memberships.delete(`${portfolio.id}/${ProductId}`)) throw notFound("Product", ProductId);
    return {};
  },
};

export const listPortfoliosForProduct: Op<"ListPortfoliosForProduct"> = {
  access: ({ ProductId }, call) => ({
    action: "servicecatalog:ListPortfoliosForProduct",
    resource: productArn(ProductId ?? "", call),
  }),
  run: ({ ProductId }, call) => ({
    PortfolioDetails: memberPortfolios(call, ownProduct(call, ProductId).id).map((portfolio) =>
      portfolioView(portfolio, call.region),
    ),
  }),
};

const PATTERN = /^arn:aws:iam::(\d{12})?:(role|user|group)\/.+$/;

export const associatePrincipalWithPortfolio: Op<"AssociatePrincipalWithPortfolio"> = {
  access: ({ PortfolioId }, call) => onPortfolio("AssociatePrincipalWithPortfolio", PortfolioId, call),
  run: ({ PortfolioId, PrincipalARN = "", PrincipalType = "IAM" }, call) => {
    const portfolio = reachablePortfolio(call, PortfolioId);
    const account = PATTERN.exec(PrincipalARN)?.[1];
    if (!PATTERN.test(PrincipalARN) || (PrincipalType === "IAM") !== (account !== undefined)) {
      throw invalid(`Invalid principal ARN ${PrincipalARN} for principal type ${PrincipalType}.`);
    }
    catalogOf(call).principals.set(`${portfolio.id}/${call.account}/${PrincipalARN}`, {
      portfolioId: portfolio.id,
      account: call.account,
      arn: PrincipalARN,
      type: PrincipalType,
    });
    return {};
  },
};

export const disassociatePrincipalFromPortfolio: Op<"DisassociatePrincipalFromPortfolio"> = {
  access: ({ PortfolioId }, call) => onPortfolio("DisassociatePrincipalFromPortfolio", PortfolioId, call),
  run: ({ PortfolioId, PrincipalARN }, call) => {
    const portfolio = reachablePortfolio(call, PortfolioId);
    if (!catalogOf(call).principals.delete(`${portfolio.id}/${call.account}/${PrincipalARN}`))
      throw notFound("Principal", PrincipalARN);
    return {};
  },
};

export const listPrincipalsForPortfolio: Op<"ListPrincipalsForPortfolio"> = {
  access: ({ PortfolioId }, call) => onPortfolio("ListPrincipalsForPortfolio", PortfolioId, call),
  run: ({ PortfolioId }, call) => {
    const portfolio = reachablePortfolio(call, PortfolioId);
    const found = [...catalogOf(call).principals.values()].filter(
      ({ portfolioId, account }) => portfolioId === portfolio.id && account === call.account,
    );
    return { Principals: found.map(({ arn, type }) => ({ PrincipalARN: arn, PrincipalType: type })) };
  },
};
