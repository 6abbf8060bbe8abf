/** The messages a dead-letter queue holds, looked at and handed back: what each is about, and why it was given up. */
import {
  ChangeMessageVisibilityBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";

export type DeadLetter = {
  readonly id: string;
  /** The line's name or the upload's key; the message itself where it cannot be read. */
  readonly about: string;
  /** When it was first sent, ISO 8601. */
  readonly sentAt: string;
  readonly why: string;
};

const lookSeconds = 60;
const mostLooks = 100; // a thousand messages

export type Reader = (body: string) => Promise<{ readonly about: string; readonly why: string }>;

/** Up to a thousand, and of one line ten: a queue hands out no more of a group until those are back, which they are at once. */
export async function deadLetters(
  sqs: SQSClient,
  QueueUrl: string,
  read: Reader,
): Promise<readonly DeadLetter[]> {
  const found: Message[] = [];
  try {
    for (let looks = 0; looks < mostLooks; looks += 1) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: 10,
          VisibilityTimeout: lookSeconds,
          MessageSystemAttributeNames: ["SentTimestamp"],
        }),
      );
      if (Messages.length === 0) break;
      found.push(...Messages);
    }
  } finally {
    await handBack(sqs, QueueUrl, found);
  }
  return Promise.all(
    found.map(async ({ MessageId = "", Body = "", Attributes }) => ({
      id: MessageId,
      sentAt: new Date(Number(Attributes?.SentTimestamp ?? 0)).toISOString(),
      ...(await read(Body)),
    })),
  );
}

async function handBack(sqs: SQSClient, QueueUrl: string, messages: readonly Message[]): Promise<void> {
  for (let start = 0; start < messages.length; start += 10) {
    const Entries = messages.slice(start, start + 10).map(({ ReceiptHandle }, index) => ({
      ...{ Id: String(index), ReceiptHandle, VisibilityTimeout: 0 },
    }));
    await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));
  }
}
