/**
 * Joins the adapters into the dependencies of each use case. One function per use case, so that a bundle
 * contains only the adapters it calls.
 */

import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { CloudFrontClient } from "@aws-sdk/client-cloudfront";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CodePipelineClient } from "@aws-sdk/client-codepipeline";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { SSMClient } from "@aws-sdk/client-ssm";
import { STSClient } from "@aws-sdk/client-sts";
import { keyIn, roleArn } from "#release/names/arns.ts";
import { cacheBucket, roles, topic } from "#release/names/deployed-names.ts";
import { alarmsCloudwatch } from "./alarms-cloudwatch.ts";
import { announcementsSns } from "./announcements-sns.ts";
import { applicationsCloudformation } from "./applications-cloudformation.ts";
import { artifactsS3 } from "./artifacts-s3.ts";
import { assetsS3 } from "./assets-s3.ts";
import { changeSetsCloudformation } from "./change-sets-cloudformation.ts";
import { type AwsConfig, forControl, forData } from "./config.ts";
import { environmentLocksS3 } from "./environment-locks-s3.ts";
import { estateFileS3 } from "./estate-file-s3.ts";
import { estatePublicationS3 } from "./estate-publication-s3.ts";
import { executionsCodepipeline } from "./executions-codepipeline.ts";
import { functionsLambda } from "./functions-lambda.ts";
import { jobArtifactsS3 } from "./job-artifacts-s3.ts";
import { jobsCodepipeline } from "./jobs-codepipeline.ts";
import { leftoversAws } from "./leftovers.ts";
import { lineCacheS3 } from "./line-cache-s3.ts";
import { lineEventsEventbridge } from "./line-events-eventbridge.ts";
import { lineQueueSqs, lineRetrySqs } from "./line-queue-sqs.ts";
import { lockOwnersCodepipeline } from "./lock-owners-codepipeline.ts";
import { metricsCloudwatch } from "./metrics-cloudwatch.ts";
import { migrationLedgerSsm } from "./migration-ledger-ssm.ts";
import { pastResultsS3 } from "./past-results-s3.ts";
import { peopleS3 } from "./people-s3.ts";
import { pipelineStacksCloudformation, removeStack } from "./pipeline-stacks-cloudformation.ts";
import { resultsS3 } from "./results-s3.ts";
import { reviewsS3 } from "./reviews-s3.ts";
import { sitesS3 } from "./sites-s3.ts";
import { slotRecordsS3 } from "./slot-records-s3.ts";
import { stackValuesCloudformation } from "./stack-values-cloudformation.ts";
import { storedParameters } from "./stored-parameters-ssm.ts";
import { targetClients } from "./target-clients.ts";
import { targetSettings } from "./target-settings-ssm.ts";
import { templatePublicationS3 } from "./template-publication-s3.ts";
import { templateRegistryS3 } from "./template-registry-s3.ts";
import { uploadRecordsS3 } from "./upload-records-s3.ts";

type CentralLocation = {
  readonly artifactBucket: string;
  readonly registryBucket: string;
};

export type AnchorLocation = CentralLocation & {
  readonly account: string;
  readonly cacheBucket: string;
  readonly cacheKeyArn: string;
};

export function routeDeps(config: AwsConfig, location: CentralLocation) {
  const s3 = new S3Client(forData(config));
  const sqs = sqsClient(config);
  return {
    estate: estateFileS3(s3, location.registryBucket),
    results: resultsS3(s3, location.artifactBucket),
    lines: lineQueueSqs(sqs),
    retry: lineRetrySqs(sqs),
    people: peopleS3(s3, location.artifactBucket),
    uploadRecords: uploadRecordsS3(s3, location.artifactBucket),
  };
}

export function publishDeps(
  config: AwsConfig,
  { account, registryBucket }: Pick<AnchorLocation, "account" | "registryBucket">,
) {
  const s3 = new S3Client(forData(config));
  return {
    central: account,
    publication: estatePublicationS3(s3, registryBucket),
    modules: templatePublicationS3(s3, registryBucket),
  };
}

export function observeDeps(config: AwsConfig, location: AnchorLocation) {
  const s3 = new S3Client(forData(config));
  return {
    account: location.account,
    estate: estateFileS3(s3, location.registryBucket),
    cache: lineCacheS3(s3, cacheOf(location), cachesElsewhere(config, location)),
    slotRecords: slotRecordsS3(s3, cacheOf(location)),
    artifacts: artifactsS3(s3, location.artifactBucket),
    lines: lineQueueSqs(sqsClient(config)),
    clock: () => new Date().toISOString(),
  };
}

export function reconcileDeps(config: AwsConfig, location: AnchorLocation) {
  const s3 = new S3Client(forData(config));
  const sqs = sqsClient(config);
  const cache = lineCacheS3(s3, cacheOf(location), cachesElsewhere(config, location));
  return {
    estate: estateFileS3(s3, location.registryBucket),
    artifacts: artifactsS3(s3, location.artifactBucket),
    results: resultsS3(s3, location.artifactBucket),
    people: peopleS3(s3, location.artifactBucket),
    uploadRecords: uploadRecordsS3(s3, location.artifactBucket),
    events: lineEventsEventbridge(new EventBridgeClient(forControl(config))),
    announcements: announcementsSns(
      new SNSClient(forControl(config)),
      `arn:aws:sns:${config.region}:${location.account}:${topic}`,
    ),
    registry: templateRegistryS3(s3, location.registryBucket),
    cache,
    slotRecords: slotRecordsS3(s3, cacheOf(location)),
    lines: lineQueueSqs(sqs),
    retry: lineRetrySqs(sqs),
    stacks: pipelineStacksCloudformation(new CloudFormationClient(forControl(config)), cache, {
      roleArn: roleArn(location.account, roles.pipelineStack),
      cacheBucket: location.cacheBucket,
      region: config.region,
    }),
    executions: executionsCodepipeline(new CodePipelineClient(forControl(config))),
    applications: applications(config),
    clock: () => new Date().toISOString(),
  };
}

export function packageDeps(config: AwsConfig, location: AnchorLocation) {
  const s3 = new S3Client(forData(config));
  return {
    estate: estateFileS3(s3, location.registryBucket),
    registry: templateRegistryS3(s3, location.registryBucket),
    artifacts: artifactsS3(s3, location.artifactBucket),
    assets: assetsS3(s3, cacheOf(location), config.region, cachesElsewhere(config, location)),
    jobArtifacts: jobArtifactsS3(s3, cacheOf(location)),
  };
}

export function prepareDeps(config: AwsConfig, location: AnchorLocation) {
  const s3 = new S3Client(forData(config));
  const sts = new STSClient(forData(config));
  const ssm = targetClients(sts, config, (target) => new SSMClient(forTarget(target)));
  return {
    jobArtifacts: jobArtifactsS3(s3, cacheOf(location)),
    assets: assetsS3(s3, cacheOf(location), config.region, cachesElsewhere(config, location)),
    registry: templateRegistryS3(s3, location.registryBucket),
    applications: applications(config, sts),
    changeSets: changeSets(config, sts),
    locks: environmentLocksS3(s3, cacheOf(location)),
    owners: lockOwnersCodepipeline(new CodePipelineClient(forControl(config))),
    reviews: reviewsS3(s3, location.artifactBucket),
    results: resultsS3(s3, location.artifactBucket),
    pastResults: pastResultsS3(s3, location.artifactBucket),
    clock: () => new Date().toISOString(),
    ledger: migrationLedgerSsm(ssm),
    settings: targetSettings({
      ssm,
      secrets: targetClients(sts, config, (target) => new SecretsManagerClient(forTarget(target))),
    }),
  };
}

export function executeDeps(config: AwsConfig, location: AnchorLocation) {
  const s3 = new S3Client(forData(config));
  const sts = new STSClient(forData(config));
  return {
    jobArtifacts: jobArtifactsS3(s3, cacheOf(location)),
    applications: applications(config, sts),
    assets: assetsS3(s3, cacheOf(location), config.region, cachesElsewhere(config, location)),
    changeSets: changeSets(config, sts),
    settings: storedParameters(targetClients(sts, config, (target) => new SSMClient(forTarget(target)))),
    locks: environmentLocksS3(s3, cacheOf(location)),
    metrics: metricsCloudwatch(new CloudWatchClient(forControl(config))),
    reviews: reviewsS3(s3, location.artifactBucket),
    results: resultsS3(s3, location.artifactBucket),
    people: peopleS3(s3, location.artifactBucket),
    executions: executionsCodepipeline(new CodePipelineClient(forControl(config))),
    clock: () => new Date().toISOString(),
  };
}

export function smokeDeps(config: AwsConfig, location: AnchorLocation) {
  const s3 = new S3Client(forData(config));
  return {
    estate: estateFileS3(s3, location.registryBucket),
    artifacts: artifactsS3(s3, location.artifactBucket),
    jobArtifacts: jobArtifactsS3(s3, cacheOf(location)),
    applications: applications(config),
  };
}

export function orphanCollectionDeps(config: AwsConfig, location: AnchorLocation) {
  const s3 = new S3Client(forData(config));
  const sts = new STSClient(forData(config));
  const cloudformation = new CloudFormationClient(forControl(config));
  const inTarget = targetClients(sts, config, (target) => new CloudFormationClient(forTarget(target)));
  const clients = { s3, cloudformation, inTarget, codepipeline: new CodePipelineClient(forControl(config)) };
  return {
    account: location.account,
    estate: estateFileS3(s3, location.registryBucket),
    artifacts: artifactsS3(s3, location.artifactBucket),
    cache: lineCacheS3(s3, cacheOf(location), cachesElsewhere(config, location)),
    slotRecords: slotRecordsS3(s3, cacheOf(location)),
    stacks: { remove: removeStack(cloudformation) },
    applications: applicationsCloudformation(inTarget),
    leftovers: leftoversAws(clients, location),
    clock: () => new Date().toISOString(),
  };
}

export function siteDeps(config: AwsConfig, location: AnchorLocation) {
  const s3 = new S3Client(forData(config));
  const sts = new STSClient(forData(config));
  return {
    estate: estateFileS3(s3, location.registryBucket),
    artifacts: artifactsS3(s3, location.artifactBucket),
    jobArtifacts: jobArtifactsS3(s3, cacheOf(location)),
    applications: applications(config, sts),
    sites: sitesS3({
      s3: targetClients(sts, config, (target) => new S3Client(forTarget(target))),
      cloudfront: targetClients(sts, config, (target) => new CloudFrontClient(forTarget(target))),
    }),
  };
}

export function verifyDeps(config: AwsConfig) {
  const sts = new STSClient(forData(config));
  return {
    alarms: alarmsCloudwatch(targetClients(sts, config, (target) => new CloudWatchClient(forTarget(target)))),
    stackValues: stackValuesCloudformation(
      targetClients(sts, config, (target) => new CloudFormationClient(forTarget(target))),
    ),
    clock: () => new Date().toISOString(),
  };
}

export function callDeps(config: AwsConfig, location: AnchorLocation) {
  const sts = new STSClient(forData(config));
  return {
    jobArtifacts: jobArtifactsS3(new S3Client(forData(config)), cacheOf(location)),
    functions: functionsLambda(targetClients(sts, config, (target) => new LambdaClient(oneLongCall(target)))),
    ledger: migrationLedgerSsm(targetClients(sts, config, (target) => new SSMClient(forTarget(target)))),
    clock: () => new Date().toISOString(),
  };
}

export const jobs = (config: AwsConfig) => jobsCodepipeline(new CodePipelineClient(forControl(config)));

const cacheOf = ({ cacheBucket, cacheKeyArn }: AnchorLocation) => ({
  name: cacheBucket,
  keyArn: cacheKeyArn,
});

/** The anchor's caches in other regions. A client is created at its first use. */
const cachesElsewhere =
  (config: AwsConfig, { account, cacheKeyArn }: AnchorLocation) =>
  (region: string) =>
    [
      new S3Client(forData({ ...config, region })),
      { name: cacheBucket(account, region), keyArn: keyIn(cacheKeyArn, region) },
    ] as const;

const sqsClient = (config: AwsConfig) => new SQSClient({ ...forData(config), useQueueUrlAsEndpoint: false });

/** The client does not retry: a function must not run twice because its answer is slow or lost. */
const oneLongCall = <Config>(config: Config) => ({
  ...config,
  maxAttempts: 1,
  requestHandler: { requestTimeout: 900_000 },
});

const forTarget = <Config>(config: Config) => ({ ...config, maxAttempts: 8, retryMode: "adaptive" as const });

const applications = (config: AwsConfig, sts = new STSClient(forData(config))) =>
  applicationsCloudformation(
    targetClients(sts, config, (target) => new CloudFormationClient(forTarget(target))),
  );

const changeSets = (config: AwsConfig, sts: STSClient) =>
  changeSetsCloudformation(
    targetClients(sts, config, (target) => new CloudFormationClient(forTarget(target))),
  );
