/** Tests the ports of approvers and operators of an anchor: the fakes keep the same promises as CodePipeline and SQS. */
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { approvalsCodepipeline } from "#aws/approvals-codepipeline.ts";
import { deadLettersSqs } from "#aws/dead-letters-sqs.ts";
import { cacheKeys, lineName } from "#release/names/names.ts";
import { approvalsContract } from "#test/contracts/approvals.ts";
import { deadLettersContract } from "#test/contracts/dead-letters.ts";
import { memoryApprovals, memoryDeadLetters } from "#test/support/fakes/operators.ts";
import { anchor, awsCloud } from "./aws-cloud.ts";
import { line, name, pipelinesInCloud } from "./pipelines-in-cloud.ts";

const inMemory = { [Symbol.asyncDispose]: async () => undefined };

approvalsContract("memory", async () => {
  const port = memoryApprovals();
  const beginRelease = async () =>
    void port.waiting.set(name, [
      { stage: "dev", action: "Approve", execution: "execution-1", token: "token-1" },
    ]);
  return {
    ...{
      port: { ...port, shown: async () => ({ text: "A description", clearances: [] }) },
      pipeline: name,
      beginRelease,
    },
    settle: async () => undefined,
    ...inMemory,
  };
});
approvalsContract("CodePipeline", async () => {
  const cloud = await pipelinesInCloud();
  const releaseTemplate = { name: "sam", version: "1.0.0", sha256: "a".repeat(64) };
  const { template } = cloud;
  const stack = { line, name, template, planDigest: "d", tags: {}, token: "token-1", releaseTemplate };
  return {
    ...{ port: approvalsCodepipeline(cloud.codepipeline), pipeline: name, settle: cloud.settle },
    beginRelease: async () => {
      await cloud.cache.put(cacheKeys.bundle(lineName(line)), Buffer.from("PK bundle"), "version-1");
      await cloud.stacks.create(stack);
      await cloud.settle();
    },
    [Symbol.asyncDispose]: () => cloud[Symbol.asyncDispose](),
  };
});

deadLettersContract("memory", async () => {
  const port = memoryDeadLetters();
  const deadLetter = async (body: string) =>
    void port.messages.push({ id: body, sentAt: "2026-01-01T00:00:00.000Z", body });
  return { port, deadLetter, movedBack: async () => port.movedBack, ...inMemory };
});
deadLettersContract("SQS", async () => {
  const aws = await awsCloud();
  const sqs = aws.cloud.client(SQSClient, anchor);
  const { QueueUrl: dead } = await sqs.send(new CreateQueueCommand({ QueueName: "dead" }));
  const arn = new GetQueueAttributesCommand({ QueueUrl: dead, AttributeNames: ["QueueArn"] });
  const deadLetterTargetArn = (await sqs.send(arn)).Attributes?.["QueueArn"];
  const Attributes = {
    VisibilityTimeout: "0",
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 1 }),
  };
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "work", Attributes }));
  const receive = async () => (await sqs.send(new ReceiveMessageCommand({ QueueUrl }))).Messages ?? [];
  return {
    port: deadLettersSqs(sqs, "dead"),
    deadLetter: async (MessageBody) => {
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
      // SQS moves the message when it is received once too often.
      for (let times = 0; times < 2; times += 1) await receive();
    },
    movedBack: async () => (await receive()).map(({ Body = "" }) => Body),
    [Symbol.asyncDispose]: () => aws[Symbol.asyncDispose](),
  };
});
