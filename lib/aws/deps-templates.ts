/** Joins the adapters for the publisher of release templates, whose credentials are those of the central account. */
import { setTimeout as wait } from "node:timers/promises";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { STSClient } from "@aws-sdk/client-sts";
import { artifactBucket, registryBucket } from "#release/names/deployed-names.ts";
import { artifactsS3 } from "./artifacts-s3.ts";
import { callerAccount, callerPerson } from "./caller-sts.ts";
import type { OperatorConfig } from "./config.ts";
import { isNamed } from "./error-names.ts";
import { estateFileS3 } from "./estate-file-s3.ts";
import { intakeQueueSqs } from "./intake-queue-sqs.ts";
import { resultsS3 } from "./results-s3.ts";
import { templateProposalsAws } from "./template-proposals-aws.ts";
import { templateRegistryWriterS3 } from "./template-registry-writer-s3.ts";

export class RegistryUnreadable extends Error {
  override name = "RegistryUnreadable";
}

/** Throws `RegistryUnreadable` when the registry has no estate. A denial, and a missing bucket, are thrown as they are. */
export async function templateDeps(config: OperatorConfig) {
  const s3 = new S3Client(config);
  const account = (await callerAccount(config)) ?? "";
  const region = await s3.config.region();
  const bucket = registryBucket(account, region);
  const estate = estateFileS3(s3, bucket);
  await estate.load().catch((cause: unknown) => {
    throw isNamed(cause, "NoSuchKey") ? unreadable(account, cause) : cause;
  });
  const artifacts = artifactBucket(account, region);
  return {
    estate,
    registry: templateRegistryWriterS3(s3, bucket),
    artifacts: artifactsS3(s3, artifacts),
    results: resultsS3(s3, artifacts),
    intake: intakeQueueSqs(new SQSClient({ ...config, useQueueUrlAsEndpoint: false })),
    modules: templateProposalsAws(
      { s3, lambda: new LambdaClient(config), sts: new STSClient(config) },
      bucket,
    ),
    person: () => callerPerson(config),
    clock: () => new Date().toISOString(),
    wait: (ms: number) => wait(ms),
  };
}

const unreadable = (account: string, cause: unknown): RegistryUnreadable =>
  new RegistryUnreadable(
    `The registry of the account ${account} has no estate yet; an administrator publishes one with kedge publish.`,
    { cause },
  );
