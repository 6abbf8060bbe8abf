/**
 * ListLaunchPaths and DescribeProvisioningParameters return the paths and the parameters that a principal
 * needs to launch a product.
 */
import { artifactsOf, launchPaths } from "./catalog.ts";
import type { Op } from "./operation.ts";
import { pathOf } from "./provisioning.ts";
import { artifactOf } from "./versions.ts";
import { onProduct, visibleProduct } from "./visible-products.ts";

export const listLaunchPaths: Op<"ListLaunchPaths"> = {
  access: ({ ProductId }, call) => onProduct("ListLaunchPaths", ProductId, call),
  run: ({ ProductId }, call) => ({
    LaunchPathSummaries: launchPaths(call, visibleProduct(call, ProductId).id).map(({ id, portfolio }) => ({
      Id: id,
      Name: portfolio.displayName,
      ConstraintSummaries: [],
      Tags: [],
    })),
  }),
};

export const describeProvisioningParameters: Op<"DescribeProvisioningParameters"> = {
  access: ({ ProductId }, call) => onProduct("DescribeProvisioningParameters", ProductId, call),
  run: async (input, call) => {
    const product = visibleProduct(call, input.ProductId, input.ProductName);
    const named =
      input.ProvisioningArtifactId ??
      (input.ProvisioningArtifactName === undefined ? artifactsOf(call, product.id).at(-1)?.id : undefined);
    const artifact = artifactOf(call, product.id, named, input.ProvisioningArtifactName);
    pathOf(call, product.id, input.PathId, input.PathName);
    type Summary = {
      Parameters?: {
        ParameterKey?: string;
        DefaultValue?: string;
        ParameterType?: string;
        NoEcho?: boolean;
        Description?: string;
        ParameterConstraints?: { AllowedValues?: string[] };
      }[];
    };
    const { Parameters } = await call.cloud.invoke<Summary>({
      service: "cloudformation",
      operation: "GetTemplateSummary",
      input: { TemplateURL: artifact.templateUrl },
      principal: call.principal,
      region: call.region,
    });
    return {
      ProvisioningArtifactParameters: (Parameters ?? []).map((parameter) => ({
        ParameterKey: parameter.ParameterKey,
        DefaultValue: parameter.DefaultValue,
        ParameterType: parameter.ParameterType,
        IsNoEcho: parameter.NoEcho ?? false,
        Description: parameter.Description,
        ParameterConstraints: { AllowedValues: parameter.ParameterConstraints?.AllowedValues ?? [] },
      })),
      ConstraintSummaries: [],
      UsageInstructions: [],
      TagOptions: [],
    };
  },
};
