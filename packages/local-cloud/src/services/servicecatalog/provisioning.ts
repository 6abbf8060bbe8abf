/**
 * These operations provision, update and terminate products. Each call starts a record that reports its
 * progress.
 */
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { type CatalogCall, identityArn, invalid, launchPaths, notFound } from "./catalog.ts";
import { launchRole } from "./constraints.ts";
import { newId, provisionedArn } from "./ids.ts";
import type { Op } from "./operation.ts";
import { type RecordContext, runStackOperation } from "./stack-operation.ts";
import type { Artifact, Product, ProvisionedProduct, RecordRow } from "./state.ts";
import { artifactOf } from "./versions.ts";
import { recordDetail } from "./views.ts";
import { onProduct, visibleProduct } from "./visible-products.ts";

const NAME = /^[a-zA-Z0-9][a-zA-Z0-9._-]{0,127}$/;

const contextOf = (call: CatalogCall): RecordContext => ({
  cloud: call.cloud,
  clock: call.clock,
  account: call.account,
  region: call.region,
  state: call.state,
});

/** Access levels in policies: all products of the account, of the role or user, or of the session. */
export const onProvisioned = (action: string, call: CatalogCall) => ({
  action: `servicecatalog:${action}`,
  resource: "*",
  context: {
    "servicecatalog:accountLevel": "self",
    "servicecatalog:roleLevel": "self",
    "servicecatalog:userLevel": "self",
  },
  resourceAccount: call.account,
});

export function pathOf(call: CatalogCall, productId: string, pathId: string | undefined, pathName?: string) {
  const paths = launchPaths(call, productId);
  const found = paths.filter(
    ({ id, portfolio }) =>
      (pathId === undefined || id === pathId) &&
      (pathName === undefined || portfolio.displayName === pathName),
  );
  const [path, ...others] = found;
  if (path === undefined)
    throw pathId === undefined && pathName === undefined
      ? notFound("No launch paths for product", productId)
      : notFound("Launch path", pathId ?? pathName);
  if (others.length > 0)
    throw invalid(
      `Multiple launch paths found for product ${productId}. Specify a PathId: ${found.map(({ id }) => id).join(", ")}.`,
    );
  return path;
}

function launchable(product: Product, artifact: Artifact): void {
  if (!artifact.active)
    throw invalid(`Provisioning artifact ${artifact.id} of product ${product.id} is not active.`);
}

export function provisionedOf(
  call: CatalogCall,
  id: string | undefined,
  name: string | undefined,
): ProvisionedProduct {
  const found =
    id === undefined
      ? [...call.state.provisioned.values()].find((product) => product.name === name)
      : call.state.provisioned.get(id);
  if (found === undefined) throw notFound("Provisioned product", id ?? name);
  return found;
}

function newRecord(
  call: CatalogCall,
  product: Pick<
    ProvisionedProduct,
    "id" | "name" | "productId" | "artifactId" | "pathId" | "launchRoleArn" | "tags"
  >,
  type: RecordRow["type"],
  token: string | undefined,
): RecordRow {
  const id = newId("rec");
  return call.state.records.set(id, {
    id,
    type,
    status: "CREATED",
    created: call.clock.now(),
    updated: call.clock.now(),
    provisionedProductId: product.id,
    provisionedProductName: product.name,
    productId: product.productId,
    artifactId: product.artifactId,
    pathId: product.pathId,
    launchRoleArn: product.launchRoleArn,
    token,
    errors: [],
    outputs: [],
    tags: product.tags,
  });
}

const recordFor = (
  call: CatalogCall,
  type: RecordRow["type"],
  token: string | undefined,
): RecordRow | undefined =>
  token === undefined
    ? undefined
    : [...call.state.records.values()].find((record) => record.token === token && record.type === type);

export const provisionProduct: Op<"ProvisionProduct"> = {
  access: ({ ProductId }, call) => onProduct("ProvisionProduct", ProductId, call),
  run: (input, call) => {
    const repeated = recordFor(call, "PROVISION_PRODUCT", input.ProvisionToken);
    if (repeated !== undefined) return { RecordDetail: recordDetail(repeated) };
    const product = visibleProduct(call, input.ProductId, input.ProductName);
    const artifact = artifactOf(
      call,
      product.id,
      input.ProvisioningArtifactId,
      input.ProvisioningArtifactName,
    );
    launchable(product, artifact);
    if (artifact.guidance === "DEPRECATED")
      throw invalid(`Provisioning artifact ${artifact.id} is deprecated.`);
    const name = input.ProvisionedProductName ?? "";
    if (!NAME.test(name))
      throw invalid(`Provisioned product name ${name} is invalid: it must match ${NAME.source}.`);
    if ([...call.state.provisioned.values()].some((other) => other.name === name)) {
      throw new AwsError("DuplicateResourceException", `A provisioned product named ${name} already exists.`);
    }
    const path = pathOf(call, product.id, input.PathId, input.PathName);
    const id = newId("pp");
    const fields = {
      id,
      name,
      productId: product.id,
      artifactId: artifact.id,
      pathId: path.id,
      launchRoleArn: launchRole(call, path.portfolio.id, product.id),
      tags: (input.Tags ?? []).map(({ Key = "", Value = "" }) => ({ Key, Value })),
    };
    const record = newRecord(call, fields, "PROVISION_PRODUCT", input.ProvisionToken);
    const provisioned = call.state.provisioned.set(id, {
      ...fields,
      arn: provisionedArn(name, id, call),
      status: "UNDER_CHANGE",
      statusMessage: undefined,
      created: call.clock.now(),
      userArn: identityArn(call.principal),
      userArnSession: "arn" in call.principal ? call.principal.arn : "",
      stackName: `SC-${call.account}-${id}`,
      stackId: undefined,
      lastRecordId: record.id,
      lastSuccessfulRecordId: undefined,
      token: input.ProvisionToken,
    });
    const parameters = (input.ProvisioningParameters ?? []).map(({ Key = "", Value = "" }) => ({
      ParameterKey: Key,
      ParameterValue: Value,
    }));
    runStackOperation(
      contextOf(call),
      record.id,
      { kind: "create", templateUrl: artifact.templateUrl, parameters, tags: provisioned.tags },
      call.principal,
    );
    return { RecordDetail: recordDetail(record) };
  },
};

/** A provisioned product runs one operation at a time. */
function requireIdle(product: ProvisionedProduct): void {
  if (product.status === "UNDER_CHANGE")
    throw new AwsError(
      "InvalidStateException",
      `Provisioned product ${product.id} is UNDER_CHANGE; wait until its operation has ended.`,
    );
}

export const updateProvisionedProduct: Op<"UpdateProvisionedProduct"> = {
  access: (_input, call) => onProvisioned("UpdateProvisionedProduct", call),
  run: (input, call) => {
    const repeated = recordFor(call, "UPDATE_PROVISIONED_PRODUCT", input.UpdateToken);
    if (repeated !== undefined) return { RecordDetail: recordDetail(repeated) };
    const old = provisionedOf(call, input.ProvisionedProductId, input.ProvisionedProductName);
    requireIdle(old);
    if (old.status === "ERROR")
      throw new AwsError("InvalidStateException", `Provisioned product ${old.id} is in ERROR; terminate it.`);
    const product = visibleProduct(
      call,
      input.ProductId ?? (input.ProductName === undefined ? old.productId : undefined),
      input.ProductName,
    );
    const named =
      input.ProvisioningArtifactId ??
      (input.ProvisioningArtifactName === undefined ? old.artifactId : undefined);
    const artifact = artifactOf(call, product.id, named, input.ProvisioningArtifactName);
    launchable(product, artifact);
    const path = pathOf(call, product.id, input.PathId, input.PathName);
    const changed: ProvisionedProduct = {
      ...old,
      status: "UNDER_CHANGE",
      productId: product.id,
      artifactId: artifact.id,
      pathId: path.id,
      launchRoleArn: launchRole(call, path.portfolio.id, product.id),
    };
    const record = newRecord(call, changed, "UPDATE_PROVISIONED_PRODUCT", input.UpdateToken);
    call.state.provisioned.set(old.id, { ...changed, lastRecordId: record.id });
    const parameters = (input.ProvisioningParameters ?? []).map(({ Key = "", Value, UsePreviousValue }) =>
      UsePreviousValue
        ? { ParameterKey: Key, UsePreviousValue: true }
        : { ParameterKey: Key, ParameterValue: Value ?? "" },
    );
    runStackOperation(
      contextOf(call),
      record.id,
      { kind: "update", templateUrl: artifact.templateUrl, parameters, tags: changed.tags },
      call.principal,
    );
    return { RecordDetail: recordDetail(record) };
  },
};

export const terminateProvisionedProduct: Op<"TerminateProvisionedProduct"> = {
  access: (_input, call) => onProvisioned("TerminateProvisionedProduct", call),
  run: (input, call) => {
    const repeated = recordFor(call, "TERMINATE_PROVISIONED_PRODUCT", input.TerminateToken);
    const known = [...call.state.provisioned.values()].some(
      ({ id, name }) => id === input.ProvisionedProductId || name === input.ProvisionedProductName,
    );
    if (repeated !== undefined && known) return { RecordDetail: recordDetail(repeated) };
    const product = provisionedOf(call, input.ProvisionedProductId, input.ProvisionedProductName);
    requireIdle(product);
    const record = newRecord(call, product, "TERMINATE_PROVISIONED_PRODUCT", input.TerminateToken);
    call.state.provisioned.set(product.id, { ...product, status: "UNDER_CHANGE", lastRecordId: record.id });
    runStackOperation(
      contextOf(call),
      record.id,
      { kind: "delete", ignoreErrors: input.IgnoreErrors ?? false },
      call.principal,
    );
    return { RecordDetail: recordDetail(record) };
  },
};
