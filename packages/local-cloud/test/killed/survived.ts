/**
 * Compares a cloud that was killed and started again with its clients' knowledge. Each difference is a
 * sentence.
 */
import { createHash } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import {
  CloudFormationClient,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
} from "@aws-sdk/client-cloudformation";
import { CodePipelineClient, GetPipelineExecutionCommand } from "@aws-sdk/client-codepipeline";
import { GetObjectCommand, ListObjectVersionsCommand, S3Client } from "@aws-sdk/client-s3";
import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { CloudProcess } from "#cloud/testing/cloud-process.ts";
import type { Ledger } from "./ledger.ts";
import { Bucket, type Clients, clientsOf, queueUrl } from "./setup.ts";

/** Messages that were received before the kill are visible again after this time. */
const visibilityMs = 31_000;

export async function losses(process: CloudProcess, ledger: Ledger): Promise<readonly string[]> {
  const clients = clientsOf(process.endpoint);
  const found = await Promise.all([
    objectLosses(clients, ledger),
    parameterLosses(clients, ledger),
    stackLosses(clients, ledger),
    executionLosses(clients, ledger),
  ]);
  return found.flat();
}

/** Empties the queues, so it runs last. */
export async function messageLosses(process: CloudProcess, ledger: Ledger): Promise<readonly string[]> {
  const clients = clientsOf(process.endpoint);
  await process.push(visibilityMs);
  const work = new Set((await drain(clients, "work")).map(({ Body = "" }) => Body));
  const lost = [...ledger.sent].filter((body) => !work.has(body) && !ledger.taking.has(body));
  const back = [...ledger.taken].filter((body) => work.has(body));
  const ordered = await drain(clients, "lines.fifo");
  const disorder = [...ledger.groups].filter(([group, bodies]) => {
    const seen = ordered
      .filter(({ Attributes }) => Attributes?.MessageGroupId === group)
      .map(({ Body = "" }) => Body);
    const known = seen.filter((body) => bodies.includes(body));
    return JSON.stringify(known) !== JSON.stringify(bodies);
  });
  const heard = new Set((await drain(clients, "heard")).map(({ Body = "" }) => versionIn(Body)));
  const silent = [...ledger.versions.keys()].filter((id) => !heard.has(id));
  return [
    ...lost.map((body) => `the message ${body} is gone`),
    ...back.map((body) => `the message ${body} is back`),
    ...disorder.map(([group]) => `the group ${group} is not as it was sent`),
    ...silent.map((id) => `no event told of version ${id}`),
  ];
}

const versionIn = (body: string): string =>
  (JSON.parse(body) as { detail: { object: { "version-id": string } } }).detail.object["version-id"];

async function drain(clients: Clients, name: string): Promise<readonly Message[]> {
  const sqs = clients(SQSClient);
  const QueueUrl = await queueUrl(clients, name);
  const all: Message[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ["All"] }),
    );
    if (Messages.length === 0) return all;
    all.push(...Messages);
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }
}

async function objectLosses(clients: Clients, ledger: Ledger): Promise<readonly string[]> {
  const s3 = clients(S3Client);
  const listed = new Set<string>();
  let more = {};
  do {
    const page = await s3.send(new ListObjectVersionsCommand({ Bucket, ...more }));
    for (const { VersionId = "" } of page.Versions ?? []) listed.add(VersionId);
    more = page.IsTruncated
      ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
      : {};
  } while ("KeyMarker" in more);
  const problems: string[] = [];
  for (const id of ledger.deleted)
    if (listed.has(id)) problems.push(`version ${id} was deleted and is there`);
  for (const [VersionId, { key: Key, sha256 }] of ledger.versions) {
    if (!listed.has(VersionId)) {
      if (!ledger.deleting.has(VersionId)) problems.push(`version ${VersionId} of ${Key} is gone`);
      continue;
    }
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, VersionId }));
    const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
    if (createHash("sha256").update(bytes).digest("hex") !== sha256)
      problems.push(`version ${VersionId} of ${Key} has other bytes`);
  }
  return problems;
}

async function parameterLosses(clients: Clients, ledger: Ledger): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const [name, { known, asked }] of ledger.parameters) {
    if (known < 0) continue;
    const { Parameter } = await clients(SSMClient).send(new GetParameterCommand({ Name: `/${name}` }));
    const value = Number(Parameter?.Value);
    if (value !== known && value !== asked) problems.push(`the parameter /${name} is ${value}, not ${known}`);
  }
  return problems;
}

/** Checks that a stack's creation ends, and that each resource was created once. */
async function stackLosses(clients: Clients, ledger: Ledger): Promise<readonly string[]> {
  const cloudformation = clients(CloudFormationClient);
  const problems = [...ledger.stacks].map(async (StackName) => {
    const status = await settled(async () => {
      const { Stacks } = await cloudformation.send(new DescribeStacksCommand({ StackName }));
      return Stacks?.[0]?.StackStatus;
    }, "_IN_PROGRESS");
    const { StackResources = [] } = await cloudformation.send(
      new DescribeStackResourcesCommand({ StackName }),
    );
    const made = StackResources.filter(({ ResourceStatus }) => ResourceStatus === "CREATE_COMPLETE").length;
    return status === "CREATE_COMPLETE" && made === 3
      ? []
      : [`the stack ${StackName} is ${status} with ${made} of 3`];
  });
  return (await Promise.all(problems)).flat();
}

async function executionLosses(clients: Clients, ledger: Ledger): Promise<readonly string[]> {
  const pipelines = clients(CodePipelineClient);
  const problems = [...ledger.executions].map(async (pipelineExecutionId) => {
    const get = new GetPipelineExecutionCommand({ pipelineName: "line", pipelineExecutionId });
    const status = await settled(
      async () => (await pipelines.send(get)).pipelineExecution?.status,
      "InProgress",
    );
    return status === "Succeeded" ? [] : [`the execution ${pipelineExecutionId} is ${status}`];
  });
  return (await Promise.all(problems)).flat();
}

const MAX_POLLS = 600;

/** Returns the status as soon as it no longer ends in `busy`, or the last status seen. */
async function settled(
  readStatus: () => Promise<string | undefined>,
  busy: string,
): Promise<string | undefined> {
  let status = await readStatus();
  for (let count = 0; count < MAX_POLLS && status?.endsWith(busy); count += 1) {
    await wait(50);
    status = await readStatus();
  }
  return status;
}
