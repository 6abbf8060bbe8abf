/** A queue of a test that receives events or announcements of an anchor. */
import { SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { topic } from "#release/names/deployed-names.ts";
import { type TestEstate, until } from "./estate.ts";

type Inbox = {
  readonly arn: string;
  /** The next message, which is a document. */
  readonly next: () => Promise<unknown>;
  /** The next message with these words. Other tests announce on the same topic. */
  readonly about: (words: string) => Promise<string>;
};

export async function inbox({ clients, region }: TestEstate, account: string, name: string): Promise<Inbox> {
  const sqs = clients(SQSClient, account);
  const arn = `arn:aws:sqs:${region}:${account}:${name}`;
  const services = { Service: ["events.amazonaws.com", "sns.amazonaws.com"] };
  const statement = { Effect: "Allow", Principal: services, Action: "sqs:SendMessage", Resource: arn };
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  const { QueueUrl = "" } = await sqs.send(
    new CreateQueueCommand({ QueueName: name, Attributes: { Policy } }),
  );
  const received = async (): Promise<string | undefined> => {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    const [message] = Messages;
    if (message === undefined) return undefined;
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
    return message.Body ?? "";
  };
  const next = () =>
    until(`a message in ${name}`, async () => {
      const body = await received();
      return body === undefined ? undefined : (JSON.parse(body) as unknown);
    });
  const about = (words: string) =>
    until(`a message in ${name} about ${words}`, async () => {
      const body = await received();
      return body?.includes(words) ? body : undefined;
    });
  return { arn, next, about };
}

/** An inbox that receives the messages of the anchor's topic. */
export async function announcements(of: TestEstate, account: string, name: string): Promise<Inbox> {
  const made = await inbox(of, account, name);
  const TopicArn = `arn:aws:sns:${of.region}:${account}:${topic}`;
  const Attributes = { RawMessageDelivery: "true" };
  await of
    .clients(SNSClient, account)
    .send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: made.arn, Attributes }));
  return made;
}
