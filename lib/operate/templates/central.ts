/** The central account as the publisher of release templates sees it: its buckets, its estate, its intake queue. */
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { CommandError } from "#bin/commands/outcome.ts";
import type { Estate } from "#release/estate/estate.ts";
import { parseEstate } from "#release/estate/estate-parse.ts";
import { artifactsBucket, registryBucket, registryKeys } from "#release/names/places.ts";
import { openRegistry, type Registry } from "./registry.ts";

export type Central = {
  readonly s3: S3Client;
  readonly sqs: SQSClient;
  readonly artifacts: string;
  readonly registry: Registry;
  readonly estate: Estate;
};

/** Credentials are those of the central account, best as its role kedge-template-publisher. */
export async function central(): Promise<Central> {
  const s3 = new S3Client({});
  const { Account = "" } = await new STSClient({}).send(new GetCallerIdentityCommand({}));
  const region = await s3.config.region();
  const bucket = registryBucket(Account, region);
  const estate = await readEstate(s3, bucket, Account);
  return {
    s3,
    sqs: new SQSClient({ useQueueUrlAsEndpoint: false }),
    artifacts: artifactsBucket(Account, region),
    registry: openRegistry(s3, bucket),
    estate,
  };
}

async function readEstate(s3: S3Client, Bucket: string, account: string): Promise<Estate> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: registryKeys.estate }));
    return parseEstate((await Body?.transformToString()) ?? "");
  } catch (error) {
    if (!(error instanceof Error) || !["NoSuchBucket", "NoSuchKey", "AccessDenied"].includes(error.name))
      throw error;
    throw new CommandError(
      `The account ${account} of your credentials has no registry you may read (${error.name}); use credentials of the central account, e.g. its role kedge-template-publisher.`,
      undefined,
      { cause: error },
    );
  }
}
