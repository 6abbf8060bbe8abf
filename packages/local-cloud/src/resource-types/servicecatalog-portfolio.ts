/** AWS::ServiceCatalog::Portfolio, its shares and its associations. */
import type { JsonObject } from "#cloud/cloudformation/json.ts";
import { type Provisioned, present, type ResourceContext, type ResourceType } from "./resource-type.ts";
import { allTags } from "./tag-lists.ts";

const details = (properties: JsonObject) =>
  present({
    AcceptLanguage: properties["AcceptLanguage"],
    DisplayName: properties["DisplayName"],
    Description: properties["Description"],
    ProviderName: properties["ProviderName"],
  });

const portfolio = (id: string, properties: JsonObject): Provisioned => ({
  physicalId: id,
  attributes: { Id: id, PortfolioName: properties["DisplayName"] ?? "" },
});

export const serviceCatalogPortfolio: ResourceType = {
  type: "AWS::ServiceCatalog::Portfolio",
  create: async (properties, context) => {
    const { PortfolioDetail } = await context.call<{ PortfolioDetail: { Id: string } }>(
      "servicecatalog",
      "CreatePortfolio",
      {
        ...details(properties),
        Tags: allTags(properties, context),
        IdempotencyToken: context.token,
      },
    );
    return portfolio(PortfolioDetail.Id, properties);
  },
  update: async (Id, properties, _previous, context) => {
    await context.call("servicecatalog", "UpdatePortfolio", { Id, ...details(properties) });
    return portfolio(Id, properties);
  },
  delete: async (Id, _properties, context) => {
    await context.call("servicecatalog", "DeletePortfolio", { Id });
  },
  permissions: [
    "servicecatalog:CreatePortfolio",
    "servicecatalog:UpdatePortfolio",
    "servicecatalog:DeletePortfolio",
  ],
};

/**
 * Creates the type of a resource that only joins two resources. A call makes it, another removes it, and it
 * never changes.
 */
const association = (
  type: string,
  make: string,
  undo: string,
  members: readonly string[],
  undoMembers: readonly string[],
): ResourceType => {
  const pick = (names: readonly string[], properties: JsonObject) =>
    present(Object.fromEntries(names.map((name) => [name, properties[name]])));
  return {
    type,
    create: async (properties: JsonObject, context: ResourceContext) => {
      await context.call("servicecatalog", make, pick(members, properties));
      return {
        physicalId: undoMembers
          .map((name) => String(properties[name]))
          .reverse()
          .join("|"),
        attributes: {},
      };
    },
    delete: async (_id: string, properties: JsonObject, context: ResourceContext) => {
      await context.call("servicecatalog", undo, pick(undoMembers, properties));
    },
    permissions: [`servicecatalog:${make}`, `servicecatalog:${undo}`],
  };
};

export const serviceCatalogProductAssociation = association(
  "AWS::ServiceCatalog::PortfolioProductAssociation",
  "AssociateProductWithPortfolio",
  "DisassociateProductFromPortfolio",
  ["AcceptLanguage", "ProductId", "PortfolioId", "SourcePortfolioId"],
  ["ProductId", "PortfolioId"],
);

export const serviceCatalogPrincipalAssociation = association(
  "AWS::ServiceCatalog::PortfolioPrincipalAssociation",
  "AssociatePrincipalWithPortfolio",
  "DisassociatePrincipalFromPortfolio",
  ["AcceptLanguage", "PortfolioId", "PrincipalARN", "PrincipalType"],
  ["PortfolioId", "PrincipalARN", "PrincipalType"],
);

export const serviceCatalogPortfolioShare: ResourceType = {
  type: "AWS::ServiceCatalog::PortfolioShare",
  create: async (properties, context) => {
    const { PortfolioId, AccountId, ShareTagOptions, AcceptLanguage } = properties;
    await context.call(
      "servicecatalog",
      "CreatePortfolioShare",
      present({ PortfolioId, AccountId, ShareTagOptions, AcceptLanguage }),
    );
    return { physicalId: `${String(AccountId)}|${String(PortfolioId)}`, attributes: {} };
  },
  update: async (physicalId, properties, _previous, context) => {
    const { PortfolioId, AccountId, ShareTagOptions } = properties;
    await context.call(
      "servicecatalog",
      "UpdatePortfolioShare",
      present({ PortfolioId, AccountId, ShareTagOptions }),
    );
    return { physicalId, attributes: {} };
  },
  delete: async (_id, { PortfolioId, AccountId }, context) => {
    await context.call("servicecatalog", "DeletePortfolioShare", { PortfolioId, AccountId });
  },
  permissions: [
    "servicecatalog:CreatePortfolioShare",
    "servicecatalog:UpdatePortfolioShare",
    "servicecatalog:DeletePortfolioShare",
  ],
};

export const serviceCatalogAcceptedShare: ResourceType = {
  type: "AWS::ServiceCatalog::AcceptedPortfolioShare",
  create: async ({ PortfolioId, AcceptLanguage }, context) => {
    await context.call("servicecatalog", "AcceptPortfolioShare", present({ PortfolioId, AcceptLanguage }));
    return { physicalId: String(PortfolioId), attributes: {} };
  },
  delete: async (PortfolioId, _properties, context) => {
    await context.call("servicecatalog", "RejectPortfolioShare", { PortfolioId });
  },
  permissions: ["servicecatalog:AcceptPortfolioShare", "servicecatalog:RejectPortfolioShare"],
};

const roleParameters = (properties: JsonObject): string =>
  JSON.stringify(
    properties["LocalRoleName"] === undefined
      ? { RoleArn: properties["RoleArn"] }
      : { LocalRoleName: properties["LocalRoleName"] },
  );

export const serviceCatalogLaunchRole: ResourceType = {
  type: "AWS::ServiceCatalog::LaunchRoleConstraint",
  create: async (properties, context) => {
    const { PortfolioId, ProductId, Description, AcceptLanguage } = properties;
    const { ConstraintDetail } = await context.call<{ ConstraintDetail: { ConstraintId: string } }>(
      "servicecatalog",
      "CreateConstraint",
      present({
        PortfolioId,
        ProductId,
        Description,
        AcceptLanguage,
        Type: "LAUNCH",
        Parameters: roleParameters(properties),
        IdempotencyToken: context.token,
      }),
    );
    return { physicalId: ConstraintDetail.ConstraintId, attributes: { Id: ConstraintDetail.ConstraintId } };
  },
  update: async (Id, properties, _previous, context) => {
    await context.call("servicecatalog", "UpdateConstraint", {
      Id,
      Description: properties["Description"] ?? "",
      Parameters: roleParameters(properties),
    });
    return { physicalId: Id, attributes: { Id } };
  },
  delete: async (Id, _properties, context) => {
    await context.call("servicecatalog", "DeleteConstraint", { Id });
  },
  permissions: [
    "servicecatalog:CreateConstraint",
    "servicecatalog:UpdateConstraint",
    "servicecatalog:DeleteConstraint",
    "iam:PassRole",
    "iam:GetRole",
  ],
};
