/** Tests that a client gets the same answers and errors directly as over the wire. */
import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { CodePipelineClient, GetPipelineCommand, ListPipelinesCommand } from "@aws-sdk/client-codepipeline";
import {
  CopyObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { beforeAll, expect, it } from "vitest";
import { openSimulatedCloud, type SimulatedCloud, type Workshop } from "./cloud.ts";
import { directClient } from "./direct-protocol.ts";
import { pass } from "./invoke-function.ts";
import { createTransport, serviceWith } from "./transport.ts";
import { testWorkshop } from "./workshop.ts";

const account = "111111111111";
const Bucket = "both-ways";

let workshop: Workshop;
beforeAll(async () => {
  workshop = await testWorkshop();
});

type Credentials = {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
  readonly SessionToken: string;
};

/** Configures a client over the wire and a client that calls directly, both for an administrator. */
async function configurations(cloud: SimulatedCloud) {
  const policy = (statement: object): string =>
    JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] });
  const RoleName = "both-ways";
  await cloud.ask(account, "iam", "CreateRole", {
    RoleName,
    AssumeRolePolicyDocument: policy({
      Principal: { AWS: `arn:aws:iam::${account}:root` },
      Action: "sts:AssumeRole",
    }),
  });
  const PolicyDocument = policy({ Action: "*", Resource: "*" });
  await cloud.ask(account, "iam", "PutRolePolicy", { RoleName, PolicyName: "all", PolicyDocument });
  const { Credentials: session } = await cloud.ask<{ readonly Credentials: Credentials }>(
    account,
    "sts",
    "AssumeRole",
    { RoleArn: `arn:aws:iam::${account}:role/${RoleName}`, RoleSessionName: "test" },
  );
  const watch = {
    outcomeOf: () => pass,
    afterCall: () => undefined,
    died: () => undefined,
    dead: () => false,
  };
  const wire = {
    region: cloud.base.estate.region,
    endpoint: "http://127.0.0.1",
    forcePathStyle: true,
    credentials: {
      accessKeyId: session.AccessKeyId,
      secretAccessKey: session.SecretAccessKey,
      sessionToken: session.SessionToken,
    },
    requestHandler: createTransport(cloud.kernel, workshop.wires, watch),
  };
  const protocolOf = (namespace: string) => serviceWith(cloud.kernel, namespace).service.protocols[0];
  return { wire, direct: { ...wire, ...directClient(protocolOf) } };
}

type Answered = (config: Awaited<ReturnType<typeof configurations>>["wire"]) => Promise<unknown>;

const calls: Readonly<Record<string, Answered>> = {
  "an object's text": async (config) =>
    (
      await new S3Client(config).send(new GetObjectCommand({ Bucket, Key: "a/ä b" }))
    ).Body?.transformToString(),
  "a part of an object": async (config) => {
    const command = new GetObjectCommand({ Bucket, Key: "a/ä b", Range: "bytes=1-2" });
    const { Body, ContentRange } = await new S3Client(config).send(command);
    return [await Body?.transformToString(), ContentRange];
  },
  "the facts of an object": async (config) =>
    new S3Client(config).send(new HeadObjectCommand({ Bucket, Key: "a/ä b" })),
  "a missing object's head": async (config) =>
    new S3Client(config).send(new HeadObjectCommand({ Bucket, Key: "none" })),
  "a missing object": async (config) =>
    new S3Client(config).send(new GetObjectCommand({ Bucket, Key: "none" })),
  "a list of objects": async (config) =>
    new S3Client(config).send(new ListObjectsV2Command({ Bucket, Delimiter: "/" })),
  "a conditional write of an object that exists": async (config) =>
    new S3Client(config).send(
      new PutObjectCommand({ Bucket, Key: "a/ä b", Body: "other", IfNoneMatch: "*" }),
    ),
  "a copy": async (config) => {
    const CopySource = `${Bucket}/${encodeURIComponent("a/ä b")}`;
    const copied = await new S3Client(config).send(
      new CopyObjectCommand({ Bucket, Key: "copy", CopySource }),
    );
    return copied.CopyObjectResult?.ETag;
  },
  "a deletion of two objects": async (config) =>
    (
      await new S3Client(config).send(
        new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: "x" }, { Key: "y" }] } }),
      )
    ).Deleted,
  "a missing queue": async (config) =>
    new SQSClient(config).send(new GetQueueUrlCommand({ QueueName: "none" })),
  "a missing stack": async (config) =>
    new CloudFormationClient(config).send(new DescribeStacksCommand({ StackName: "none" })),
  "all stacks": async (config) => new CloudFormationClient(config).send(new DescribeStacksCommand({})),
  "a missing pipeline": async (config) =>
    new CodePipelineClient(config).send(new GetPipelineCommand({ name: "none" })),
  "all pipelines": async (config) => new CodePipelineClient(config).send(new ListPipelinesCommand({})),
  "the caller": async (config) => new STSClient(config).send(new GetCallerIdentityCommand({})),
};

/** The answer or the error, as the product's code sees it. A date has the precision of seconds, because headers have no more. */
async function seen(answer: Promise<unknown>): Promise<unknown> {
  try {
    const output = await answer;
    return JSON.parse(
      JSON.stringify(output, (name, value) =>
        name === "$metadata"
          ? undefined
          : typeof value === "string"
            ? value.replace(/(T\d\d:\d\d:\d\d)\.\d+Z$/, "$1Z")
            : value,
      ) ?? "null",
    );
  } catch (error) {
    const failure = error as Error & {
      readonly $fault: string;
      readonly $metadata: { readonly httpStatusCode: number };
    };
    const { name, message, $fault, $metadata } = failure;
    return { name, message, $fault, status: $metadata.httpStatusCode, type: failure.constructor.name };
  }
}

it("a direct call has the answer and the error of a call over the wire", async () => {
  const cloud = await openSimulatedCloud({ workshop });
  const { wire, direct } = await configurations(cloud);
  await cloud.ask(account, "s3", "CreateBucket", { Bucket });
  const object = { Bucket, Key: "a/ä b", Body: "text", Metadata: { commit: "1" } };
  await new S3Client(direct).send(new PutObjectCommand(object));
  for (const [name, answered] of Object.entries(calls))
    expect(await seen(answered(direct)), name).toEqual(await seen(answered(wire)));
  await cloud.stop();
});
