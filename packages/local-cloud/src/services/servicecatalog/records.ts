/** These operations return provisioned products and the records of their operations. */
import { type CatalogCall, notFound } from "./catalog.ts";
import type { Op } from "./operation.ts";
import { onProvisioned, provisionedOf } from "./provisioning.ts";
import type { ProvisionedProduct } from "./state.ts";
import { provisionedDetail, recordDetail } from "./views.ts";

export const describeRecord: Op<"DescribeRecord"> = {
  access: (_input, call) => onProvisioned("DescribeRecord", call),
  run: ({ Id }, call) => {
    const record = call.state.records.get(Id ?? "");
    if (record === undefined) throw notFound("Record", Id);
    return { RecordDetail: recordDetail(record), RecordOutputs: [...record.outputs] };
  },
};

export const listRecordHistory: Op<"ListRecordHistory"> = {
  access: (_input, call) => onProvisioned("ListRecordHistory", call),
  run: ({ SearchFilter }, call) => {
    const wanted = SearchFilter?.Value;
    const rows = [...call.state.records.values()].filter(
      (record) =>
        wanted === undefined || wanted === record.provisionedProductId || wanted === record.productId,
    );
    return { RecordDetails: rows.reverse().map(recordDetail) };
  },
};

export const describeProvisionedProduct: Op<"DescribeProvisionedProduct"> = {
  access: (_input, call) => onProvisioned("DescribeProvisionedProduct", call),
  run: ({ Id, Name }, call) => ({
    ProvisionedProductDetail: provisionedDetail(provisionedOf(call, Id, Name)),
    CloudWatchDashboards: [],
  }),
};

const attributesOf = (product: ProvisionedProduct) => ({
  ...provisionedDetail(product),
  PhysicalId: product.stackId,
  UserArn: product.userArn,
  UserArnSession: product.userArnSession,
  Tags: [...product.tags],
});

export const searchProvisionedProducts: Op<"SearchProvisionedProducts"> = {
  access: (_input, call) => onProvisioned("SearchProvisionedProducts", call),
  run: ({ Filters }, call) => {
    const queries = Filters?.["SearchQuery"] ?? [];
    const fits = (product: ProvisionedProduct): boolean =>
      queries.every((query) => {
        const [field, value = ""] = query.includes(":")
          ? [query.slice(0, query.indexOf(":")), query.slice(query.indexOf(":") + 1)]
          : [undefined, query];
        const fields: Readonly<Record<string, string>> = {
          name: product.name,
          id: product.id,
          productId: product.productId,
          status: product.status,
          provisioningArtifactId: product.artifactId,
        };
        return field === undefined
          ? Object.values(fields).some((text) => text.includes(value))
          : fields[field] === value;
      });
    const found = [...call.state.provisioned.values()].filter(fits);
    return { ProvisionedProducts: found.map(attributesOf), TotalResultsCount: found.length };
  },
};

/** The default access level is the caller's own products. */
export const scanProvisionedProducts: Op<"ScanProvisionedProducts"> = {
  access: (_input, call) => onProvisioned("ScanProvisionedProducts", call),
  run: ({ AccessLevelFilter }, call) => {
    const level = AccessLevelFilter?.Key ?? "User";
    const found = [...call.state.provisioned.values()].filter(
      (product) => level === "Account" || isOwn(call, product, level),
    );
    return { ProvisionedProducts: found.map(provisionedDetail) };
  },
};

const isOwn = (call: CatalogCall, product: ProvisionedProduct, level: string): boolean => {
  const { principal } = call;
  if (principal.kind !== "role") return "arn" in principal && product.userArn === principal.arn;
  return level === "Role" ? product.userArn === principal.roleArn : product.userArnSession === principal.arn;
};

export const getProvisionedProductOutputs: Op<"GetProvisionedProductOutputs"> = {
  access: (_input, call) => onProvisioned("GetProvisionedProductOutputs", call),
  run: ({ ProvisionedProductId, ProvisionedProductName, OutputKeys }, call) => {
    const product = provisionedOf(call, ProvisionedProductId, ProvisionedProductName);
    const outputs = call.state.records.get(product.lastSuccessfulRecordId ?? "")?.outputs ?? [];
    return {
      Outputs: outputs.filter(({ OutputKey }) => OutputKeys === undefined || OutputKeys.includes(OutputKey)),
    };
  },
};
