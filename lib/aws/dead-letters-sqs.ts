/** A dead-letter queue in SQS: its messages are received, made visible again, and moved back by SQS itself. */
import {
  ChangeMessageVisibilityBatchCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListMessageMoveTasksCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
  StartMessageMoveTaskCommand,
} from "@aws-sdk/client-sqs";
import type { DeadLetters } from "#ports/dead-letters.ts";

const hiddenSeconds = 60;
const mostReceives = 100; // a thousand messages

export function deadLettersSqs(sqs: SQSClient, QueueName: string): DeadLetters {
  const queueUrl = async (): Promise<string> =>
    (await sqs.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl ?? "";
  const queueArn = async (): Promise<string> => {
    const input = { QueueUrl: await queueUrl(), AttributeNames: ["QueueArn" as const] };
    return (await sqs.send(new GetQueueAttributesCommand(input))).Attributes?.QueueArn ?? "";
  };
  return {
    peek: async () =>
      (await receiveAll(sqs, await queueUrl())).map(({ MessageId = "", Body = "", Attributes }) => ({
        id: MessageId,
        sentAt: new Date(Number(Attributes?.SentTimestamp ?? 0)).toISOString(),
        body: Body,
      })),
    startMove: async () => {
      await sqs.send(new StartMessageMoveTaskCommand({ SourceArn: await queueArn() }));
    },
    moveState: async () => {
      const input = { SourceArn: await queueArn(), MaxResults: 1 };
      const [task] = (await sqs.send(new ListMessageMoveTasksCommand(input))).Results ?? [];
      const moved = task?.ApproximateNumberOfMessagesMoved ?? 0;
      if (task?.Status === "COMPLETED") return { state: "completed", moved };
      if (task?.Status === "RUNNING") return { state: "running", moved };
      const reason = task?.FailureReason;
      return { state: "ended", moved, status: String(task?.Status), ...(reason !== undefined && { reason }) };
    },
  };
}

/** Messages stay hidden while the rest is received, so that no message comes twice. */
async function receiveAll(sqs: SQSClient, QueueUrl: string): Promise<readonly Message[]> {
  const found: Message[] = [];
  try {
    for (let receives = 0; receives < mostReceives; receives += 1) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: 10,
          VisibilityTimeout: hiddenSeconds,
          MessageSystemAttributeNames: ["SentTimestamp"],
        }),
      );
      if (Messages.length === 0) break;
      found.push(...Messages);
    }
  } finally {
    await makeVisible(sqs, QueueUrl, found);
  }
  return found;
}

async function makeVisible(sqs: SQSClient, QueueUrl: string, messages: readonly Message[]): Promise<void> {
  for (let start = 0; start < messages.length; start += 10) {
    const Entries = messages.slice(start, start + 10).map(({ ReceiptHandle }, index) => ({
      ...{ Id: String(index), ReceiptHandle, VisibilityTimeout: 0 },
    }));
    await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));
  }
}
