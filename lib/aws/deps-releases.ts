/** Joins the adapters for people who upload artifacts and read results: push, teardown, status and history. */
import { setTimeout as wait } from "node:timers/promises";
import { S3Client } from "@aws-sdk/client-s3";
import type { OperatorConfig } from "./config.ts";
import { peopleS3 } from "./people-s3.ts";
import { resultVersionsS3 } from "./result-versions-s3.ts";
import { resultsS3 } from "./results-s3.ts";
import { uploadsS3 } from "./uploads-s3.ts";

export function releaseDeps(config: OperatorConfig, artifactBucket: string) {
  const s3 = new S3Client(config);
  return {
    uploads: uploadsS3(s3, artifactBucket),
    results: resultsS3(s3, artifactBucket),
    people: peopleS3(s3, artifactBucket),
    resultVersions: resultVersionsS3(s3, artifactBucket),
    clock: () => new Date().toISOString(),
    wait: (ms: number) => wait(ms),
  };
}
