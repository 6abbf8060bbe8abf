/**
 * When AWS throttles every call, each call of each port of reconcile throws. No port takes a throttle for an
 * answer.
 */

import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { CodePipelineClient } from "@aws-sdk/client-codepipeline";
import { SQSClient } from "@aws-sdk/client-sqs";
import { STSClient } from "@aws-sdk/client-sts";
import { AwsError } from "@kedge/local-cloud/kernel/aws-error";
import { describe, expect, it } from "vitest";
import { applicationsCloudformation } from "#aws/applications-cloudformation.ts";
import { artifactsS3 } from "#aws/artifacts-s3.ts";
import { estateFileS3 } from "#aws/estate-file-s3.ts";
import { executionsCodepipeline } from "#aws/executions-codepipeline.ts";
import { lineCacheS3 } from "#aws/line-cache-s3.ts";
import { lineQueueSqs, lineRetrySqs } from "#aws/line-queue-sqs.ts";
import { pipelineStacksCloudformation } from "#aws/pipeline-stacks-cloudformation.ts";
import { resultsS3 } from "#aws/results-s3.ts";
import { slotRecordsS3 } from "#aws/slot-records-s3.ts";
import { targetClients } from "#aws/target-clients.ts";
import { templateRegistryS3 } from "#aws/template-registry-s3.ts";
import { shop } from "#test/release/samples.ts";
import { type AwsCloud, anchor, awsCloud, region } from "./aws-cloud.ts";

const once = { maxAttempts: 1 };
const location = { account: anchor, region };
const bucket = { name: "bucket", keyArn: `arn:aws:kms:${region}:${anchor}:key/0` };
const target = { account: "222222222222", region };
const execution = "00000000-0000-4000-8000-000000000000";
const artifact = { bucket: "bucket", key: "k", versionId: "v", size: 10, etag: "e" };

function portsOf({ s3, config }: AwsCloud) {
  const client = { ...config, ...once, credentials: { accessKeyId: anchor, secretAccessKey: "any" } };
  const cloudformation = new CloudFormationClient(client);
  const sqs = new SQSClient(client);
  const cache = lineCacheS3(s3, bucket, () => [s3, bucket]);
  const sts = new STSClient(client);
  const inTarget = targetClients(sts, config, (there) => new CloudFormationClient({ ...there, ...once }));
  return {
    artifacts: artifactsS3(s3, "bucket"),
    results: resultsS3(s3, "bucket"),
    cache,
    slotRecords: slotRecordsS3(s3, bucket),
    estate: estateFileS3(s3, "bucket"),
    registry: templateRegistryS3(s3, "bucket"),
    lines: lineQueueSqs(sqs),
    retry: lineRetrySqs(sqs),
    stacks: pipelineStacksCloudformation(cloudformation, cache, {
      roleArn: `arn:aws:iam::${anchor}:role/kedge-pipeline-stack`,
      cacheBucket: "cache",
      region,
    }),
    executions: executionsCodepipeline(new CodePipelineClient(client)),
    applications: applicationsCloudformation(inTarget),
  };
}

type Ports = ReturnType<typeof portsOf>;

async function all(iterable: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of iterable);
}

const input = {
  line: shop,
  name: "kedge-line-a",
  template: "{}",
  planDigest: "d",
  releaseTemplate: { name: "sam", version: "1.0.0", sha256: "0" },
  tags: {},
  token: "t",
};
const message = { class: "main", group: "g", deduplication: "d", body: "b" } as const;

/** Each method of each port, once. The compiler requires an entry here for a new method. */
const calls: {
  readonly [Port in keyof Ports]: {
    readonly [Method in keyof Ports[Port]]: (port: Ports[Port]) => Promise<unknown>;
  };
} = {
  artifacts: {
    newest: (port) => port.newest("k"),
    reader: (port) => Promise.resolve(port.reader(artifact).read(0, 1)),
    stream: (port) => all(port.stream(artifact)),
    uploads: (port) => all(port.uploads(anchor)),
    listed: (port) => port.listed("k"),
  },
  results: { read: (port) => port.read("k"), write: (port) => port.write("k", "{}") },
  cache: {
    get: (port) => port.get("k"),
    put: (port) => port.put("k", new Uint8Array(1)),
    putOnce: (port) => port.putOnce("k", new Uint8Array(1)),
    lineNames: (port) => port.lineNames(),
    remove: (port) => port.remove("k"),
    removeIn: (port) => port.removeIn("eu-west-1", "k"),
  },
  slotRecords: {
    list: (port) => port.list("k"),
    get: (port) => port.get("k"),
    put: (port) => port.put("k", new Uint8Array(1)),
    remove: (port) => port.remove([{ key: "k", versions: ["v"] }]),
  },
  estate: { load: (port) => port.load() },
  registry: {
    index: (port) => port.index(),
    load: (port) => port.load(input.releaseTemplate),
  },
  lines: { send: (port) => port.send(location, [message]) },
  retry: { later: (port) => port.later(`arn:aws:sqs:${region}:${anchor}:q.fifo`, ["r"], 5) },
  stacks: {
    describe: (port) => port.describe("kedge-line-a"),
    create: (port) => port.create(input),
    update: (port) => port.update(input),
    remove: (port) => port.remove("kedge-line-a", "t"),
  },
  executions: {
    list: (port) => port.list("kedge-line-a"),
    stages: (port) => port.stages("kedge-line-a"),
    actions: (port) => port.actions("kedge-line-a", execution),
    start: (port) => port.start({ pipeline: "kedge-line-a", bundle: "b", token: "t" }),
    stop: (port) => port.stop("kedge-line-a", execution, "r"),
    disableTransition: (port) => port.disableTransition("kedge-line-a", "dev", "r"),
    enableTransition: (port) => port.enableTransition("kedge-line-a", "dev"),
  },
  applications: {
    stacksOfLine: (port) => port.stacksOfLine(target, ["kedge-app-dev-a"]),
    stack: (port) => port.stack(target, "kedge-app-dev-a"),
    failure: (port) => port.failure(target, "kedge-app-dev-a"),
    remove: (port) => port.remove(target, "kedge-app-dev-a", "t"),
    outputs: (port) => port.outputs(target, "kedge-app-dev-a"),
  },
};

/** The answer to HEAD has no body, so its errors have no better name. */
const isThrottle = ({ name, message, cause }: Error): boolean =>
  /Rate exceeded|Unknown/.test(`${name} ${message} ${String(cause)}`);

describe("a throttle", () => {
  it("is no answer to any call of any port", async () => {
    await using aws = await awsCloud();
    const error = new AwsError("ThrottlingException", "Rate exceeded", 400);
    aws.cloud.cloud().faults.add({ when: "before", error });
    const ports = portsOf(aws);
    const answered: string[] = [];
    for (const [name, methods] of Object.entries(calls) as [keyof Ports, object][]) {
      for (const [method, call] of Object.entries(methods) as [
        string,
        (port: unknown) => Promise<unknown>,
      ][]) {
        const outcome = await call(ports[name]).then(
          (answer) => `answered ${JSON.stringify(answer)}`,
          (reason: Error) => (isThrottle(reason) ? "thrown" : String(reason)),
        );
        if (outcome !== "thrown") answered.push(`${name}.${method}: ${outcome}`);
      }
    }
    expect(answered).toEqual([]);
  });
});
