/**
 * These operations edit constraints on a product in a portfolio. A launch constraint names the role that
 * provisions the product.
 */
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { type CatalogCall, catalogOf, invalid, notFound, ownPortfolio } from "./catalog.ts";
import { newId } from "./ids.ts";
import type { Op } from "./operation.ts";
import { onPortfolio } from "./portfolios.ts";
import type { Constraint } from "./state.ts";
import { constraintDetail } from "./views.ts";
import { onProduct } from "./visible-products.ts";

const TYPES = ["LAUNCH", "NOTIFICATION", "RESOURCE_UPDATE", "STACKSET", "TEMPLATE"];

type LaunchParameters = { readonly RoleArn?: string; readonly LocalRoleName?: string };

function readParameters(type: string, text: string): void {
  let parameters: LaunchParameters;
  try {
    parameters = JSON.parse(text) as LaunchParameters;
  } catch {
    throw invalid("Constraint parameters must be a JSON document.");
  }
  if (type === "LAUNCH" && (parameters.RoleArn === undefined) === (parameters.LocalRoleName === undefined)) {
    throw invalid("A launch constraint takes either RoleArn or LocalRoleName.");
  }
}

export const createConstraint: Op<"CreateConstraint"> = {
  access: ({ ProductId, Parameters, Type }, call) => {
    const role = Type === "LAUNCH" ? /"RoleArn"\s*:\s*"([^"]+)"/.exec(Parameters ?? "")?.[1] : undefined;
    return [
      onProduct("CreateConstraint", ProductId, call),
      ...(role === undefined
        ? []
        : [
            {
              action: "iam:PassRole",
              resource: role,
              context: { "iam:PassedToService": "servicecatalog.amazonaws.com" },
            },
          ]),
    ];
  },
  run: async (
    { PortfolioId, ProductId = "", Parameters = "", Type = "", Description, IdempotencyToken = "" },
    call,
  ) => {
    const portfolio = ownPortfolio(call, PortfolioId);
    const catalog = catalogOf(call);
    if (!TYPES.includes(Type))
      throw invalid(`Invalid constraint type ${Type}; it is one of ${TYPES.join(", ")}.`);
    if (!catalog.memberships.has(`${portfolio.id}/${ProductId}`)) throw notFound("Product", ProductId);
    readParameters(Type, Parameters);
    const token = `CreateConstraint/${IdempotencyToken}`;
    const known = catalog.constraints.get(call.state.tokens.get(token) ?? "");
    const clash = constraintsOf(call, portfolio.id, ProductId).find(
      ({ type }) => type === Type || isExclusive(type, Type),
    );
    if (known === undefined && clash !== undefined && Type !== "NOTIFICATION") {
      throw new AwsError(
        "DuplicateResourceException",
        `Product ${ProductId} already has a ${clash.type} constraint in portfolio ${portfolio.id}.`,
      );
    }
    await requireLocalRole(call, Type, Parameters);
    const constraint: Constraint = known ?? {
      id: newId("cons"),
      owner: call.account,
      portfolioId: portfolio.id,
      productId: ProductId,
      type: Type,
      description: Description,
      parameters: Parameters,
    };
    catalog.constraints.set(constraint.id, constraint);
    call.state.tokens.set(token, constraint.id);
    return {
      ConstraintDetail: constraintDetail(constraint),
      ConstraintParameters: constraint.parameters,
      Status: "AVAILABLE",
    };
  },
};

const isExclusive = (one: string, other: string): boolean => [one, other].sort().join() === "LAUNCH,STACKSET";

/**
 * "The role with this name must exist in the account that creates the constraint" (Service Catalog admin
 * guide, launch constraints).
 */
async function requireLocalRole(call: CatalogCall, type: string, parameters: string): Promise<void> {
  const name = type === "LAUNCH" ? (JSON.parse(parameters) as LaunchParameters).LocalRoleName : undefined;
  if (name === undefined) return;
  try {
    await call.cloud.invoke({
      service: "iam",
      operation: "GetRole",
      input: { RoleName: name },
      principal: { kind: "account", account: call.account, arn: `arn:aws:iam::${call.account}:root` },
      region: call.region,
    });
  } catch (cause) {
    if (cause instanceof AwsError)
      throw invalid(`The local role ${name} does not exist in account ${call.account}.`);
    throw cause;
  }
}

const constraintsOf = (call: CatalogCall, portfolioId: string, productId?: string): readonly Constraint[] =>
  [...catalogOf(call).constraints.values()].filter(
    (constraint) =>
      constraint.portfolioId === portfolioId &&
      (productId === undefined || constraint.productId === productId),
  );

/**
 * Returns the role of the launch constraint, or undefined if the product is launched with the caller's own
 * permissions.
 */
export function launchRole(call: CatalogCall, portfolioId: string, productId: string): string | undefined {
  const launch = constraintsOf(call, portfolioId, productId).find(({ type }) => type === "LAUNCH");
  if (launch === undefined) return undefined;
  const { RoleArn, LocalRoleName } = JSON.parse(launch.parameters) as LaunchParameters;
  return RoleArn ?? `arn:aws:iam::${call.account}:role/${LocalRoleName}`;
}

export const describeConstraint: Op<"DescribeConstraint"> = {
  access: () => ({ action: "servicecatalog:DescribeConstraint", resource: "*" }),
  run: ({ Id }, call) => {
    const constraint = ownConstraint(call, Id);
    return {
      ConstraintDetail: constraintDetail(constraint),
      ConstraintParameters: constraint.parameters,
      Status: "AVAILABLE",
    };
  },
};

function ownConstraint(call: CatalogCall, id: string | undefined): Constraint {
  const constraint = catalogOf(call).constraints.get(id ?? "");
  if (constraint?.owner !== call.account) throw notFound("Constraint", id);
  return constraint;
}

export const updateConstraint: Op<"UpdateConstraint"> = {
  access: () => ({ action: "servicecatalog:UpdateConstraint", resource: "*" }),
  run: async ({ Id, Description, Parameters }, call) => {
    const old = ownConstraint(call, Id);
    readParameters(old.type, Parameters ?? old.parameters);
    await requireLocalRole(call, old.type, Parameters ?? old.parameters);
    const constraint = catalogOf(call).constraints.set(old.id, {
      ...old,
      description: Description ?? old.description,
      parameters: Parameters ?? old.parameters,
    });
    return {
      ConstraintDetail: constraintDetail(constraint),
      ConstraintParameters: constraint.parameters,
      Status: "AVAILABLE",
    };
  },
};

export const deleteConstraint: Op<"DeleteConstraint"> = {
  access: () => ({ action: "servicecatalog:DeleteConstraint", resource: "*" }),
  run: ({ Id }, call) => {
    catalogOf(call).constraints.delete(ownConstraint(call, Id).id);
    return {};
  },
};

export const listConstraintsForPortfolio: Op<"ListConstraintsForPortfolio"> = {
  access: ({ PortfolioId }, call) => onPortfolio("ListConstraintsForPortfolio", PortfolioId, call),
  run: ({ PortfolioId, ProductId }, call) => ({
    ConstraintDetails: constraintsOf(call, ownPortfolio(call, PortfolioId).id, ProductId).map(
      constraintDetail,
    ),
  }),
};
