/**
 * Runs clients that use many services at once and record the acknowledged calls. The process is killed at
 * the n-th answer.
 */
import { createHash } from "node:crypto";
import { CloudFormationClient, CreateStackCommand } from "@aws-sdk/client-cloudformation";
import { CodePipelineClient, StartPipelineExecutionCommand } from "@aws-sdk/client-codepipeline";
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import {
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { type Chance, chance } from "#cloud/testing/chance.ts";
import type { CloudProcess } from "#cloud/testing/cloud-process.ts";
import type { Ledger } from "./ledger.ts";
import { Bucket, type Clients, clientsOf, queueUrl } from "./setup.ts";

type Burst = {
  readonly process: CloudProcess;
  readonly ledger: Ledger;
  readonly seed: number;
  /** The number of acknowledged calls after which the process is killed. */
  readonly killAfter: number;
};

type Worker = {
  readonly clients: Clients;
  readonly ledger: Ledger;
  readonly random: Chance;
  /** Unique among all workers of all bursts. */
  readonly name: string;
  /** Counts an answer. After the kill, answers no longer count. */
  readonly acknowledge: (write: () => void) => void;
};

const stack = JSON.stringify({
  Resources: {
    One: { Type: "AWS::SQS::Queue" },
    Two: { Type: "AWS::SQS::Queue", DependsOn: "One" },
    Three: { Type: "AWS::SQS::Queue", DependsOn: "Two" },
  },
});

/** The workers with their number of rounds. Calls that take long in the cloud have few rounds. */
const workers: readonly (readonly [(worker: Worker, round: number) => Promise<void>, rounds: number])[] = [
  [objects, Number.POSITIVE_INFINITY],
  [objects, Number.POSITIVE_INFINITY],
  [messages, Number.POSITIVE_INFINITY],
  [ordered, Number.POSITIVE_INFINITY],
  [parameters, Number.POSITIVE_INFINITY],
  [stacks, 3],
  [executions, 3],
];

export async function burst({ process, ledger, seed, killAfter }: Burst): Promise<void> {
  const clients = clientsOf(process.endpoint);
  let answers = 0;
  let dead: Promise<void> | undefined;
  const acknowledge = (write: () => void): void => {
    // An answer that was on its way at the moment of the kill counts, because the cloud has given it.
    write();
    answers += 1;
    if (answers === killAfter) dead = process.kill();
  };
  await Promise.all(
    workers.map(async ([work, rounds], index) => {
      const random = chance(seed * 100 + index);
      const worker = { clients, ledger, random, name: `${seed}-${index}`, acknowledge };
      for (let round = 0; round < rounds && dead === undefined; round += 1) {
        try {
          await work(worker, round);
        } catch (error) {
          if (dead === undefined) throw error;
        }
      }
    }),
  );
  await dead;
}

async function objects({ clients, ledger, random, name, acknowledge }: Worker, round: number): Promise<void> {
  const s3 = clients(S3Client);
  const Key = `${name}/${random.below(4)}`;
  const own = [...ledger.versions].filter(([id, { key }]) => key === Key && !ledger.deleting.has(id));
  const [VersionId] = own[random.below(Math.max(own.length, 1))] ?? [];
  if (VersionId !== undefined && random.below(4) === 0) {
    ledger.deleting.add(VersionId);
    await s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
    return acknowledge(() => ledger.deleted.add(VersionId));
  }
  const Body = Buffer.alloc(random.pick([10, 5000, 300_000, 700_000]), `${name} ${round}`);
  const sha256 = createHash("sha256").update(Body).digest("hex");
  const answer =
    random.below(5) === 0
      ? await inParts(s3, Key, Body)
      : await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
  acknowledge(() => ledger.versions.set(answer.VersionId ?? "", { key: Key, sha256 }));
}

async function inParts(
  s3: S3Client,
  Key: string,
  Body: Buffer,
): Promise<{ readonly VersionId?: string | undefined }> {
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
  const { ETag } = await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body }));
  const MultipartUpload = { Parts: [{ ETag, PartNumber: 1 }] };
  return s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload }));
}

async function messages(
  { clients, ledger, random, name, acknowledge }: Worker,
  round: number,
): Promise<void> {
  const sqs = clients(SQSClient);
  const QueueUrl = await queueUrl(clients, "work");
  const MessageBody = `${name} ${round}`;
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  acknowledge(() => ledger.sent.add(MessageBody));
  if (random.below(2) === 0) return;
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 2 }));
  for (const { Body = "", ReceiptHandle } of Messages) {
    ledger.taking.add(Body);
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    acknowledge(() => ledger.taken.add(Body));
  }
}

async function ordered({ clients, ledger, random, name, acknowledge }: Worker, round: number): Promise<void> {
  const QueueUrl = await queueUrl(clients, "lines.fifo");
  const MessageGroupId = random.pick(["a", "b"]);
  const MessageBody = `${name} ${round}`;
  const send = new SendMessageCommand({
    QueueUrl,
    MessageBody,
    MessageGroupId,
    MessageDeduplicationId: `${name}-${round}`,
  });
  await clients(SQSClient).send(send);
  acknowledge(() =>
    ledger.groups.set(MessageGroupId, [...(ledger.groups.get(MessageGroupId) ?? []), MessageBody]),
  );
}

async function parameters({ clients, ledger, name, acknowledge }: Worker, round: number): Promise<void> {
  const known = ledger.parameters.get(name)?.known ?? -1;
  ledger.parameters.set(name, { known, asked: round });
  await clients(SSMClient).send(
    new PutParameterCommand({ Name: `/${name}`, Value: String(round), Type: "String", Overwrite: true }),
  );
  acknowledge(() => ledger.parameters.set(name, { known: round, asked: round }));
}

async function stacks({ clients, ledger, name, acknowledge }: Worker, round: number): Promise<void> {
  const StackName = `s-${name}-${round}`;
  await clients(CloudFormationClient).send(new CreateStackCommand({ StackName, TemplateBody: stack }));
  acknowledge(() => ledger.stacks.add(StackName));
}

async function executions({ clients, ledger, acknowledge }: Worker): Promise<void> {
  const answer = await clients(CodePipelineClient).send(new StartPipelineExecutionCommand({ name: "line" }));
  acknowledge(() => ledger.executions.add(answer.pipelineExecutionId ?? ""));
}
