/**
 * Creates the burst's resources: a versioned bucket whose events go to a queue, queues, and a pipeline that
 * copies its source.
 */
import { CodePipelineClient, CreatePipelineCommand } from "@aws-sdk/client-codepipeline";
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  CreateBucketCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import {
  CreateQueueCommand,
  GetQueueUrlCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { writeZip } from "#cloud/build/zip-writer.ts";

const account = "111111111111";
export const Bucket = "kept";

export type Clients = <Client>(Client: new (config: ClientConfig) => Client) => Client;

type ClientConfig = {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  forcePathStyle: boolean;
  maxAttempts: number;
};

/** Each client makes one attempt, because a retry could repeat an acknowledged call. */
export function clientsOf(endpoint: string): Clients {
  const made = new Map<unknown, unknown>();
  return <Client>(Client: new (config: ClientConfig) => Client): Client => {
    const credentials = { accessKeyId: account, secretAccessKey: "any" };
    const config = { endpoint, region: "us-east-1", credentials, forcePathStyle: true, maxAttempts: 1 };
    const client = (made.get(Client) as Client | undefined) ?? new Client(config);
    made.set(Client, client);
    return client;
  };
}

export const queueUrl = async (clients: Clients, QueueName: string): Promise<string> =>
  (await clients(SQSClient).send(new GetQueueUrlCommand({ QueueName }))).QueueUrl ?? "";

export async function setUp(clients: Clients): Promise<void> {
  const s3 = clients(S3Client);
  const sqs = clients(SQSClient);
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
  await s3.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket,
      NotificationConfiguration: { EventBridgeConfiguration: {} },
    }),
  );
  await sqs.send(new CreateQueueCommand({ QueueName: "work" }));
  await sqs.send(new CreateQueueCommand({ QueueName: "lines.fifo", Attributes: { FifoQueue: "true" } }));
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "heard" }));
  const Resource = `arn:aws:sqs:us-east-1:${account}:heard`;
  const statement = {
    Effect: "Allow",
    Principal: { Service: "events.amazonaws.com" },
    Action: "sqs:SendMessage",
    Resource,
  };
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy: document(statement) } }));
  const events = clients(EventBridgeClient);
  const EventPattern = JSON.stringify({ source: ["aws.s3"], "detail-type": ["Object Created"] });
  await events.send(new PutRuleCommand({ Name: "puts", EventPattern }));
  await events.send(new PutTargetsCommand({ Rule: "puts", Targets: [{ Id: "q", Arn: Resource }] }));
  await createPipeline(clients);
}

async function createPipeline(clients: Clients): Promise<void> {
  const iam = clients(IAMClient);
  const trust = {
    Effect: "Allow",
    Principal: { Service: "codepipeline.amazonaws.com" },
    Action: "sts:AssumeRole",
  };
  await iam.send(new CreateRoleCommand({ RoleName: "pipeline", AssumeRolePolicyDocument: document(trust) }));
  const PolicyDocument = document({ Effect: "Allow", Action: "s3:*", Resource: "*" });
  await iam.send(new PutRolePolicyCommand({ RoleName: "pipeline", PolicyName: "p", PolicyDocument }));
  const s3 = clients(S3Client);
  const S3Bucket = "source";
  await s3.send(new CreateBucketCommand({ Bucket: S3Bucket }));
  await s3.send(
    new PutBucketVersioningCommand({ Bucket: S3Bucket, VersioningConfiguration: { Status: "Enabled" } }),
  );
  const Body = writeZip([{ name: "a", data: Buffer.from("1") }]);
  await s3.send(new PutObjectCommand({ Bucket: S3Bucket, Key: "app.zip", Body }));
  const deploy = (name: string) => ({
    name,
    actions: [
      {
        name: "Copy",
        actionTypeId: { category: "Deploy", owner: "AWS", provider: "S3", version: "1" } as const,
        configuration: { BucketName: S3Bucket, Extract: "false", ObjectKey: `${name}.zip` },
        inputArtifacts: [{ name: "App" }],
      },
    ],
  });
  await clients(CodePipelineClient).send(
    new CreatePipelineCommand({
      pipeline: {
        name: "line",
        roleArn: `arn:aws:iam::${account}:role/pipeline`,
        pipelineType: "V2",
        executionMode: "QUEUED",
        artifactStore: { type: "S3", location: S3Bucket },
        stages: [
          {
            name: "Source",
            actions: [
              {
                name: "Bundle",
                actionTypeId: { category: "Source", owner: "AWS", provider: "S3", version: "1" },
                configuration: { S3Bucket, S3ObjectKey: "app.zip", PollForSourceChanges: "false" },
                outputArtifacts: [{ name: "App" }],
              },
            ],
          },
          deploy("One"),
          deploy("Two"),
        ],
      },
    }),
  );
}

const document = (statement: object): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
