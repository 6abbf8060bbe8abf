/** Joins the adapters for operators of an anchor: redrive, orphan collection and unlock. */
import { setTimeout as wait } from "node:timers/promises";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { cacheBucket, queues } from "#release/names/deployed-names.ts";
import type { OperatorConfig } from "./config.ts";
import { deadLettersSqs } from "./dead-letters-sqs.ts";
import { environmentLocksS3 } from "./environment-locks-s3.ts";
import { orphanCollectorLambda } from "./orphan-collector-lambda.ts";
import { resultsS3 } from "./results-s3.ts";

const deadLetterQueues = { lines: queues.linesDeadLetters, intake: queues.intakeDeadLetters } as const;

/** `artifactBucket` is asked for when a message names a result. */
export const redriveDeps = (
  config: OperatorConfig,
  queue: keyof typeof deadLetterQueues,
  artifactBucket: () => string,
) => ({
  deadLetters: deadLettersSqs(
    new SQSClient({ ...config, useQueueUrlAsEndpoint: false }),
    deadLetterQueues[queue],
  ),
  results: () => resultsS3(new S3Client(config), artifactBucket()),
  wait: (ms: number) => wait(ms),
});

/** The region of the configuration is that of the anchor. */
export async function unlockDeps(config: OperatorConfig, account: string) {
  const s3 = new S3Client(config);
  const name = cacheBucket(account, await s3.config.region());
  return { locks: environmentLocksS3(s3, { name }), clock: () => new Date().toISOString() };
}

export const orphanDeps = (config: OperatorConfig) => ({
  collector: orphanCollectorLambda(new LambdaClient(config)),
});
