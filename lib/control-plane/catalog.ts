/**
 * Creates the Service Catalog portfolio: anchor and target are products that accounts provision for
 * themselves with a role of their own. No CloudFormation resource can share a portfolio with the
 * organization, so `kedge publish` does.
 */
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CfnRole } from "aws-cdk-lib/aws-iam";
import { Asset } from "aws-cdk-lib/aws-s3-assets";
import {
  CfnCloudFormationProduct,
  CfnLaunchRoleConstraint,
  CfnPortfolio,
  CfnPortfolioPrincipalAssociation,
  CfnPortfolioProductAssociation,
} from "aws-cdk-lib/aws-servicecatalog";
import { CfnOutput, Fn } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { products, roles } from "#release/names/deployed-names.ts";

type CatalogProps = {
  /** Template text of each product. */
  readonly templates: Readonly<Record<keyof typeof products, string>>;
  /** The products' templates are written here before they become assets. */
  readonly folder: string;
  readonly launchRole: CfnRole;
};

const descriptions: Readonly<Record<keyof typeof products, string>> = {
  anchor:
    "For a shared-services account: it holds release lines, which deploy uploads to the target accounts",
  target: "For a target account: it holds the roles that an anchor assumes to deploy",
};

const owner = "Kedge";

export function catalog(scope: Construct, props: CatalogProps): void {
  const portfolio = new CfnPortfolio(scope, "Portfolio", {
    displayName: "Kedge",
    providerName: owner,
    description: "Kedge: anchors, which hold release lines, and their targets",
  });
  new CfnPortfolioPrincipalAssociation(scope, "Provisioners", {
    portfolioId: portfolio.ref,
    principalType: "IAM_PATTERN",
    principalArn: `arn:aws:iam:::role/${roles.provisioner}`,
  });
  new CfnOutput(scope, "PortfolioId", {
    value: portfolio.ref,
    description: "kedge publish shares this portfolio with the organization",
  });
  for (const kind of ["anchor", "target"] as const) {
    const id = kind === "anchor" ? "Anchor" : "Target";
    const product = new CfnCloudFormationProduct(scope, `${id}Product`, {
      name: products[kind],
      owner,
      description: descriptions[kind],
      provisioningArtifactParameters: [
        version(scope, `${id}Template`, join(props.folder, `${products[kind]}.json`), props.templates[kind]),
      ],
    });
    const association = new CfnPortfolioProductAssociation(scope, `${id}InPortfolio`, {
      portfolioId: portfolio.ref,
      productId: product.ref,
    });
    const constraint = new CfnLaunchRoleConstraint(scope, `${id}LaunchRole`, {
      portfolioId: portfolio.ref,
      productId: product.ref,
      localRoleName: roles.launch,
      description: "Service Catalog launches the product as the role kedge-launch of the same account",
    });
    constraint.addResourceDependency(association);
    constraint.addResourceDependency(props.launchRole);
    new CfnOutput(scope, `${id}ProductId`, {
      value: product.ref,
      description: `The product ${products[kind]}`,
    });
    new CfnOutput(scope, `${id}ProductVersion`, {
      value: Fn.select(0, Fn.split(",", product.attrProvisioningArtifactIds)),
      description: `The current version of ${products[kind]}`,
    });
  }
}

/**
 * A version is named after its content: it never changes under its name, and an unchanged template is no new
 * version.
 */
function version(
  scope: Construct,
  id: string,
  file: string,
  template: string,
): CfnCloudFormationProduct.ProvisioningArtifactPropertiesProperty {
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, template);
  return {
    name: createHash("sha256").update(template).digest("hex").slice(0, 12),
    description: "Kedge built this version from its sources",
    info: { LoadTemplateFromURL: new Asset(scope, id, { path: file }).httpUrl },
  };
}
