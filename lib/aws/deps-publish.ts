/** Joins the adapters for `kedge publish` and `kedge estate confirm`. */
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { ServiceCatalogClient } from "@aws-sdk/client-service-catalog";
import { STSClient } from "@aws-sdk/client-sts";
import { artifactBucket, registryBucket } from "#release/names/deployed-names.ts";
import { callerAccount, callerPerson } from "./caller-sts.ts";
import { cliFilesS3 } from "./cli-files-s3.ts";
import type { OperatorConfig } from "./config.ts";
import { estateProposalsAws } from "./estate-proposals-aws.ts";
import { portfolioServiceCatalog } from "./portfolio-service-catalog.ts";
import { registryFilesS3 } from "./registry-files-s3.ts";
import { evaluateNew } from "./template-module.ts";
import { templateProposalsAws } from "./template-proposals-aws.ts";
import { templateRegistryWriterS3 } from "./template-registry-writer-s3.ts";

type Central = { readonly central: string; readonly region: string };

function proposalsOf(config: OperatorConfig, registry: string) {
  const clients = {
    s3: new S3Client(config),
    lambda: new LambdaClient(config),
    sts: new STSClient(config),
  };
  return {
    proposals: estateProposalsAws(clients, registry),
    modules: templateProposalsAws(clients, registry),
  };
}

/** For the second person. The central account is the account of this person's credentials. */
export async function proposalDeps(config: OperatorConfig) {
  const account = (await callerAccount(config)) ?? "";
  const region = await new S3Client(config).config.region();
  return proposalsOf(config, registryBucket(account, region));
}

export function publishDeps(config: OperatorConfig, { central, region }: Central) {
  const s3 = new S3Client(config);
  const registry = registryBucket(central, region);
  return {
    registry: templateRegistryWriterS3(s3, registry),
    files: registryFilesS3(s3, registry),
    ...proposalsOf(config, registry),
    cli: cliFilesS3(s3, artifactBucket(central, region)),
    portfolio: portfolioServiceCatalog(new ServiceCatalogClient(config)),
    evaluate: evaluateNew,
    person: () => callerPerson(config),
    clock: () => new Date().toISOString(),
  };
}
