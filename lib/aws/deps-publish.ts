/** Joins the adapters for the cloud team's `publish`. */
import { S3Client } from "@aws-sdk/client-s3";
import { ServiceCatalogClient } from "@aws-sdk/client-service-catalog";
import type { OperatorConfig } from "./config.ts";
import { portfolioServiceCatalog } from "./portfolio-service-catalog.ts";
import { registryFilesS3 } from "./registry-files-s3.ts";
import { evaluateNew } from "./template-module.ts";
import { templateRegistryWriterS3 } from "./template-registry-writer-s3.ts";

export function publishDeps(config: OperatorConfig, registryBucket: string) {
  const s3 = new S3Client(config);
  return {
    registry: templateRegistryWriterS3(s3, registryBucket),
    files: registryFilesS3(s3, registryBucket),
    portfolio: portfolioServiceCatalog(new ServiceCatalogClient(config)),
    evaluate: evaluateNew,
    clock: () => new Date().toISOString(),
  };
}
