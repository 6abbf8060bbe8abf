/** AWS::ServiceCatalog::CloudFormationProvisionedProduct. */
import { randomUUID } from "node:crypto";
import { isList, isObject, type JsonObject } from "#cloud/cloudformation/json.ts";
import { ResourceFailure } from "./resource-failure.ts";
import {
  type Provisioned,
  present,
  type ResourceContext,
  type ResourceType,
  textOf,
} from "./resource-type.ts";
import { allTags } from "./tag-lists.ts";

const common = (properties: JsonObject) => {
  const parameters = properties["ProvisioningParameters"];
  return present({
    AcceptLanguage: properties["AcceptLanguage"],
    ProductId: properties["ProductId"],
    ProductName: properties["ProductName"],
    ProvisioningArtifactId: properties["ProvisioningArtifactId"],
    ProvisioningArtifactName: properties["ProvisioningArtifactName"],
    PathId: properties["PathId"],
    PathName: properties["PathName"],
    ProvisioningParameters: isList(parameters) ? parameters.filter(isObject) : undefined,
  });
};

type RecordDetail = {
  readonly RecordId: string;
  readonly Status?: string;
  readonly ProvisionedProductId?: string;
  readonly RecordErrors?: readonly { readonly Description?: string }[];
};
type Started = { readonly RecordDetail: RecordDetail };
type Described = Started & {
  readonly RecordOutputs?: readonly { readonly OutputKey?: string; readonly OutputValue?: string }[];
};

async function finished(Id: string, context: ResourceContext): Promise<Described> {
  for (;;) {
    const now = await context.call<Described>("servicecatalog", "DescribeRecord", { Id });
    const { Status, RecordErrors = [] } = now.RecordDetail;
    if (Status === "SUCCEEDED") return now;
    if (Status === "FAILED" || Status === "IN_PROGRESS_IN_ERROR") {
      throw new ResourceFailure(
        RecordErrors.map((one) => one.Description ?? "").join(" ") || "Provisioning failed",
      );
    }
    if (context.cloud.stopping()) throw new ResourceFailure("Provisioning was interrupted");
    await context.clock.sleep(context.cloud.pace.resource);
  }
}

async function provisioned(started: Started, context: ResourceContext): Promise<Provisioned> {
  const done = await finished(started.RecordDetail.RecordId, context);
  const outputs = Object.fromEntries(
    (done.RecordOutputs ?? []).map((one) => [one.OutputKey ?? "", one.OutputValue ?? ""]),
  );
  const id = done.RecordDetail.ProvisionedProductId ?? "";
  return {
    physicalId: id,
    attributes: {
      ProvisionedProductId: id,
      RecordId: done.RecordDetail.RecordId,
      CloudformationStackArn: outputs["CloudformationStackARN"] ?? "",
      Outputs: outputs,
    },
  };
}

export const serviceCatalogProvisionedProduct: ResourceType = {
  type: "AWS::ServiceCatalog::CloudFormationProvisionedProduct",
  create: async (properties, context) => {
    const started = await context.call<Started>("servicecatalog", "ProvisionProduct", {
      ...common(properties),
      ProvisionedProductName: textOf(properties, "ProvisionedProductName") ?? context.name({ max: 128 }),
      NotificationArns: properties["NotificationArns"] ?? [],
      Tags: allTags(properties, context),
      ProvisionToken: context.token,
    });
    return await provisioned(started, context);
  },
  update: async (id, properties, _previous, context) => {
    const started = await context.call<Started>("servicecatalog", "UpdateProvisionedProduct", {
      ...common(properties),
      ProvisionedProductId: id,
      UpdateToken: randomUUID(),
    });
    return await provisioned(started, context);
  },
  delete: async (id, _properties, context) => {
    const started = await context.call<Started>("servicecatalog", "TerminateProvisionedProduct", {
      ProvisionedProductId: id,
      TerminateToken: randomUUID(),
    });
    await finished(started.RecordDetail.RecordId, context);
  },
  permissions: [
    "servicecatalog:ProvisionProduct",
    "servicecatalog:UpdateProvisionedProduct",
    "servicecatalog:TerminateProvisionedProduct",
    "servicecatalog:DescribeRecord",
  ],
};
