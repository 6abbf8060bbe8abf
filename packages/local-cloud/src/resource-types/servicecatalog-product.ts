/** AWS::ServiceCatalog::CloudFormationProduct and its versions (provisioning artifacts). */
import { randomUUID } from "node:crypto";
import { isList, isObject, type JsonObject, sameJson } from "#cloud/cloudformation/json.ts";
import { present, type ResourceContext, type ResourceType } from "./resource-type.ts";
import { allTags } from "./tag-lists.ts";

const artifacts = (properties: JsonObject): readonly JsonObject[] => {
  const value = properties["ProvisioningArtifactParameters"];
  return isList(value) ? value.filter(isObject) : [];
};

const artifactInput = (one: JsonObject) => ({
  Info: one["Info"],
  Type: "CLOUD_FORMATION_TEMPLATE",
  ...present({
    Name: one["Name"],
    Description: one["Description"],
    DisableTemplateValidation: one["DisableTemplateValidation"],
  }),
});

const details = (properties: JsonObject) =>
  present({
    AcceptLanguage: properties["AcceptLanguage"],
    Name: properties["Name"],
    Owner: properties["Owner"],
    Description: properties["Description"],
    Distributor: properties["Distributor"],
    SupportDescription: properties["SupportDescription"],
    SupportEmail: properties["SupportEmail"],
    SupportUrl: properties["SupportUrl"],
  });

type Version = { readonly Id?: string; readonly Name?: string };

async function versions(ProductId: string, context: ResourceContext): Promise<readonly Version[]> {
  const answer = await context.call<{ ProvisioningArtifactDetails?: readonly Version[] }>(
    "servicecatalog",
    "ListProvisioningArtifacts",
    { ProductId },
  );
  return answer.ProvisioningArtifactDetails ?? [];
}

const described = async (id: string, properties: JsonObject, context: ResourceContext) => {
  const known = await versions(id, context);
  return {
    physicalId: id,
    attributes: {
      Id: id,
      ProductName: properties["Name"] ?? "",
      ProvisioningArtifactIds: known.map((one) => one.Id ?? "").join(","),
      ProvisioningArtifactNames: known.map((one) => one.Name ?? "").join(","),
    },
  };
};

export const serviceCatalogProduct: ResourceType = {
  type: "AWS::ServiceCatalog::CloudFormationProduct",
  create: async (properties, context) => {
    const [first, ...more] = artifacts(properties);
    const answer = await context.call<{ ProductViewDetail: { ProductViewSummary: { ProductId: string } } }>(
      "servicecatalog",
      "CreateProduct",
      {
        ...details(properties),
        ProductType: "CLOUD_FORMATION_TEMPLATE",
        ...(first === undefined ? {} : { ProvisioningArtifactParameters: artifactInput(first) }),
        Tags: allTags(properties, context),
        IdempotencyToken: context.token,
      },
    );
    const id = answer.ProductViewDetail.ProductViewSummary.ProductId;
    for (const [index, one] of more.entries()) {
      await context.call("servicecatalog", "CreateProvisioningArtifact", {
        ProductId: id,
        Parameters: artifactInput(one),
        IdempotencyToken: `${context.token}-${index}`,
      });
    }
    return await described(id, properties, context);
  },
  update: async (id, properties, previous, context) => {
    await context.call("servicecatalog", "UpdateProduct", { Id: id, ...details(properties) });
    const [wanted, before] = [artifacts(properties), artifacts(previous)];
    const known = await versions(id, context);
    // New versions come first, because a product must keep at least one version.
    const added = wanted.filter((one) => !before.some((old) => sameJson(old, one)));
    for (const one of added) {
      await context.call("servicecatalog", "CreateProvisioningArtifact", {
        ProductId: id,
        Parameters: artifactInput(one),
        IdempotencyToken: `${context.token}-${randomUUID()}`,
      });
    }
    for (const [index, old] of before.entries()) {
      const gone = !wanted.some((one) => sameJson(one, old));
      const match = known.find((one) => one.Name === old["Name"]) ?? known[index];
      const dropped =
        gone &&
        (String(properties["ReplaceProvisioningArtifacts"]) === "true" || wanted.length <= before.length);
      if (dropped && match?.Id !== undefined) {
        await context.call("servicecatalog", "DeleteProvisioningArtifact", {
          ProductId: id,
          ProvisioningArtifactId: match.Id,
        });
      }
    }
    return await described(id, properties, context);
  },
  delete: async (Id, _properties, context) => {
    await context.call("servicecatalog", "DeleteProduct", { Id });
  },
  permissions: [
    "servicecatalog:CreateProduct",
    "servicecatalog:UpdateProduct",
    "servicecatalog:DeleteProduct",
    "servicecatalog:CreateProvisioningArtifact",
    "servicecatalog:DeleteProvisioningArtifact",
    "servicecatalog:ListProvisioningArtifacts",
    "cloudformation:ValidateTemplate",
    "s3:GetObject",
  ],
};
