/**
 * These operations create, read, update and delete provisioning artifacts, which are the versions of a
 * product. Each artifact has a copy of its template.
 */
import type * as sdk from "@aws-sdk/client-service-catalog";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { artifactsOf, type CatalogCall, catalogOf, invalid, notFound, ownProduct } from "./catalog.ts";
import { newId } from "./ids.ts";
import type { Op } from "./operation.ts";
import type { Artifact } from "./state.ts";
import { keepTemplate } from "./template-bucket.ts";
import { artifactDetail } from "./views.ts";
import { onProduct, visibleProduct } from "./visible-products.ts";

const MAX_VERSIONS = 100;

/** All versions are made here: `Info` names a template, which is copied. */
export async function addArtifact(
  call: CatalogCall,
  productId: string,
  parameters: sdk.ProvisioningArtifactProperties | undefined,
): Promise<Artifact> {
  const url = parameters?.Info?.["LoadTemplateFromURL"];
  if (parameters?.Type !== undefined && parameters.Type !== "CLOUD_FORMATION_TEMPLATE") {
    throw new AwsError(
      "OperationNotSupportedException",
      `Provisioning artifacts of type ${parameters.Type} are not supported.`,
    );
  }
  if (url === undefined) throw invalid("Info must contain LoadTemplateFromURL.");
  if (artifactsOf(call, productId).length >= MAX_VERSIONS)
    throw new AwsError("LimitExceededException", `A product may have at most ${MAX_VERSIONS} versions.`);
  const id = newId("pa");
  return catalogOf(call).artifacts.set(id, {
    id,
    productId,
    name: parameters?.Name ?? "v1",
    description: parameters?.Description,
    created: call.clock.now(),
    active: true,
    guidance: "DEFAULT",
    templateUrl: await keepTemplate(call, url),
    sourceRevision: undefined,
  });
}

export const createProvisioningArtifact: Op<"CreateProvisioningArtifact"> = {
  access: ({ ProductId }, call) => onProduct("CreateProvisioningArtifact", ProductId, call),
  run: async ({ ProductId, Parameters, IdempotencyToken = "" }, call) => {
    const product = ownProduct(call, ProductId);
    const token = `CreateProvisioningArtifact/${IdempotencyToken}`;
    const known = catalogOf(call).artifacts.get(call.state.tokens.get(token) ?? "");
    const artifact = known ?? (await addArtifact(call, product.id, Parameters));
    call.state.tokens.set(token, artifact.id);
    return {
      ProvisioningArtifactDetail: artifactDetail(artifact),
      Info: { TemplateUrl: artifact.templateUrl },
      Status: "AVAILABLE",
    };
  },
};

export function artifactOf(
  call: CatalogCall,
  productId: string,
  id: string | undefined,
  name?: string,
): Artifact {
  const found = artifactsOf(call, productId).find((artifact) =>
    id === undefined ? artifact.name === name : artifact.id === id,
  );
  if (found === undefined) throw notFound("Provisioning artifact", id ?? name);
  return found;
}

export const describeProvisioningArtifact: Op<"DescribeProvisioningArtifact"> = {
  access: ({ ProductId }, call) => onProduct("DescribeProvisioningArtifact", ProductId, call),
  run: (input, call) => {
    const product = visibleProduct(call, input.ProductId, input.ProductName);
    const artifact = artifactOf(
      call,
      product.id,
      input.ProvisioningArtifactId,
      input.ProvisioningArtifactName,
    );
    return {
      ProvisioningArtifactDetail: artifactDetail(artifact),
      Info: { TemplateUrl: artifact.templateUrl },
      Status: "AVAILABLE",
    };
  },
};

export const listProvisioningArtifacts: Op<"ListProvisioningArtifacts"> = {
  access: ({ ProductId }, call) => onProduct("ListProvisioningArtifacts", ProductId, call),
  run: ({ ProductId }, call) => ({
    ProvisioningArtifactDetails: artifactsOf(call, visibleProduct(call, ProductId).id).map(artifactDetail),
  }),
};

export const updateProvisioningArtifact: Op<"UpdateProvisioningArtifact"> = {
  access: ({ ProductId }, call) => onProduct("UpdateProvisioningArtifact", ProductId, call),
  run: (input, call) => {
    const old = artifactOf(call, ownProduct(call, input.ProductId).id, input.ProvisioningArtifactId);
    const artifact = catalogOf(call).artifacts.set(old.id, {
      ...old,
      name: input.Name ?? old.name,
      description: input.Description ?? old.description,
      active: input.Active ?? old.active,
      guidance: input.Guidance ?? old.guidance,
    });
    return {
      ProvisioningArtifactDetail: artifactDetail(artifact),
      Info: { TemplateUrl: artifact.templateUrl },
      Status: "AVAILABLE",
    };
  },
};

export const deleteProvisioningArtifact: Op<"DeleteProvisioningArtifact"> = {
  access: ({ ProductId }, call) => onProduct("DeleteProvisioningArtifact", ProductId, call),
  run: ({ ProductId, ProvisioningArtifactId }, call) => {
    const artifact = artifactOf(call, ownProduct(call, ProductId).id, ProvisioningArtifactId);
    catalogOf(call).artifacts.delete(artifact.id);
    return {};
  },
};
