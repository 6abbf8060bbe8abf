/**
 * These operations share portfolios with accounts, which must accept the share, and with organization nodes,
 * which need not.
 */
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { type CatalogCall, catalogOf, invalid, notFound, ownPortfolio } from "./catalog.ts";
import { newId } from "./ids.ts";
import type { Op } from "./operation.ts";
import { onPortfolio } from "./portfolios.ts";
import type { Share } from "./state.ts";
import { portfolioView } from "./views.ts";

type Asked = {
  readonly AccountId?: string | undefined;
  readonly OrganizationNode?:
    | { readonly Type?: string | undefined; readonly Value?: string | undefined }
    | undefined;
};

function nodeOf({ AccountId, OrganizationNode }: Asked): Share["node"] {
  if ((AccountId === undefined) === (OrganizationNode === undefined))
    throw invalid("Either AccountId or OrganizationNode must be given.");
  if (AccountId !== undefined) {
    if (!/^\d{12}$/.test(AccountId)) throw invalid(`Invalid account id ${AccountId}.`);
    return { Type: "ACCOUNT", Value: AccountId };
  }
  const { Type, Value = "" } = OrganizationNode ?? {};
  const forms = {
    ACCOUNT: /^\d{12}$/,
    ORGANIZATION: /^o-[a-z0-9]{10,32}$/,
    ORGANIZATIONAL_UNIT: /^ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}$/,
  };
  if (Type !== "ACCOUNT" && Type !== "ORGANIZATION" && Type !== "ORGANIZATIONAL_UNIT")
    throw invalid(`Invalid organization node type ${Type}.`);
  if (!forms[Type].test(Value)) throw invalid(`Invalid organization node ${Value} for type ${Type}.`);
  return { Type, Value };
}

const shareKey = (portfolioId: string, node: Share["node"]): string =>
  `${portfolioId}/${node.Type}/${node.Value}`;

export const createPortfolioShare: Op<"CreatePortfolioShare"> = {
  access: ({ PortfolioId }, call) => onPortfolio("CreatePortfolioShare", PortfolioId, call),
  run: (input, call) => {
    const portfolio = ownPortfolio(call, input.PortfolioId);
    const node = nodeOf(input);
    const organization = input.OrganizationNode !== undefined;
    const key = shareKey(portfolio.id, node);
    const share = catalogOf(call).shares.get(key) ?? {
      portfolioId: portfolio.id,
      node,
      organization,
      sharePrincipals: input.SharePrincipals ?? false,
      shareTagOptions: input.ShareTagOptions ?? false,
      accepted: organization,
      token: organization ? newId("share") : undefined,
    };
    catalogOf(call).shares.set(key, share);
    return share.token === undefined ? {} : { PortfolioShareToken: share.token };
  },
};

export const updatePortfolioShare: Op<"UpdatePortfolioShare"> = {
  access: ({ PortfolioId }, call) => onPortfolio("UpdatePortfolioShare", PortfolioId, call),
  run: (input, call) => {
    const key = shareKey(ownPortfolio(call, input.PortfolioId).id, nodeOf(input));
    const old = catalogOf(call).shares.get(key);
    if (old === undefined) throw notFound("Portfolio share", key);
    catalogOf(call).shares.set(key, {
      ...old,
      sharePrincipals: input.SharePrincipals ?? old.sharePrincipals,
      shareTagOptions: input.ShareTagOptions ?? old.shareTagOptions,
    });
    return { Status: "COMPLETED", ...(old.token !== undefined && { PortfolioShareToken: old.token }) };
  },
};

export const deletePortfolioShare: Op<"DeletePortfolioShare"> = {
  access: ({ PortfolioId }, call) => onPortfolio("DeletePortfolioShare", PortfolioId, call),
  run: (input, call) => {
    const key = shareKey(ownPortfolio(call, input.PortfolioId).id, nodeOf(input));
    if (!catalogOf(call).shares.delete(key)) throw notFound("Portfolio share", key);
    return input.OrganizationNode === undefined ? {} : { PortfolioShareToken: newId("share") };
  },
};

export const describePortfolioShareStatus: Op<"DescribePortfolioShareStatus"> = {
  access: () => ({ action: "servicecatalog:DescribePortfolioShareStatus", resource: "*" }),
  run: ({ PortfolioShareToken }, call) => {
    const share = [...catalogOf(call).shares.values()].find(({ token }) => token === PortfolioShareToken);
    if (share === undefined) throw notFound("Portfolio share token", PortfolioShareToken);
    return {
      PortfolioShareToken,
      PortfolioId: share.portfolioId,
      OrganizationNodeValue: share.node.Value,
      Status: "COMPLETED",
      ShareDetails: { SuccessfulShares: [share.node.Value], ShareErrors: [] },
    };
  },
};

export const describePortfolioShares: Op<"DescribePortfolioShares"> = {
  access: ({ PortfolioId }, call) => onPortfolio("DescribePortfolioShares", PortfolioId, call),
  run: ({ PortfolioId, Type }, call) => {
    const { id } = ownPortfolio(call, PortfolioId);
    const typed = [...catalogOf(call).shares.values()].filter(
      ({ portfolioId, node, organization }) =>
        portfolioId === id &&
        (node.Type === "ACCOUNT" ? (organization ? "ORGANIZATION_MEMBER_ACCOUNT" : "ACCOUNT") : node.Type) ===
          Type,
    );
    return {
      PortfolioShareDetails: typed.map((share) => ({
        PrincipalId: share.node.Value,
        Type,
        Accepted: share.accepted,
        ShareTagOptions: share.shareTagOptions,
        SharePrincipals: share.sharePrincipals,
      })),
    };
  },
};

export const listPortfolioAccess: Op<"ListPortfolioAccess"> = {
  access: ({ PortfolioId }, call) => onPortfolio("ListPortfolioAccess", PortfolioId, call),
  run: ({ PortfolioId }, call) => {
    const { id } = ownPortfolio(call, PortfolioId);
    const shares = [...catalogOf(call).shares.values()].filter(
      ({ portfolioId, node }) => portfolioId === id && node.Type === "ACCOUNT",
    );
    return { AccountIds: shares.map(({ node }) => node.Value) };
  },
};

const sharedToMe = (call: CatalogCall, portfolioId: string | undefined): readonly [string, Share] => {
  const found = [...catalogOf(call).shares.entries()].find(
    ([, share]) => share.portfolioId === portfolioId && share.node.Value === call.account,
  );
  if (found === undefined) throw notFound("Portfolio", portfolioId);
  return found;
};

export const acceptPortfolioShare: Op<"AcceptPortfolioShare"> = {
  access: ({ PortfolioId }, call) => onPortfolio("AcceptPortfolioShare", PortfolioId, call),
  run: ({ PortfolioId, PortfolioShareType }, call) => {
    // A share of the organization needs no acceptance, so this call changes nothing.
    if (PortfolioShareType === "AWS_ORGANIZATIONS") return {};
    const [key, share] = sharedToMe(call, PortfolioId);
    catalogOf(call).shares.set(key, { ...share, accepted: true });
    return {};
  },
};

export const rejectPortfolioShare: Op<"RejectPortfolioShare"> = {
  access: ({ PortfolioId }, call) => onPortfolio("RejectPortfolioShare", PortfolioId, call),
  run: ({ PortfolioId, PortfolioShareType }, call) => {
    if (PortfolioShareType === "AWS_ORGANIZATIONS")
      throw new AwsError("InvalidParametersException", "Shares of an organization cannot be rejected.");
    const [key, share] = sharedToMe(call, PortfolioId);
    catalogOf(call).shares.set(key, { ...share, accepted: false });
    return {};
  },
};

export const listAcceptedPortfolioShares: Op<"ListAcceptedPortfolioShares"> = {
  access: () => ({ action: "servicecatalog:ListAcceptedPortfolioShares", resource: "*" }),
  run: ({ PortfolioShareType }, call) => {
    const catalog = catalogOf(call);
    const organization = PortfolioShareType === "AWS_ORGANIZATIONS";
    const found = [...catalog.shares.values()]
      .filter(
        (share) =>
          share.accepted &&
          share.organization === organization &&
          (share.node.Type !== "ACCOUNT" || share.node.Value === call.account),
      )
      .flatMap(({ portfolioId }) => catalog.portfolios.get(portfolioId) ?? [])
      .filter(({ owner }) => owner !== call.account);
    return { PortfolioDetails: found.map((portfolio) => portfolioView(portfolio, call.region)) };
  },
};
