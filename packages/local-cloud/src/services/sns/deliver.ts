/** Sends a notice to one subscription: whether it wants it, in which envelope it comes, and where it goes if it cannot. */
import type { MessageAttributeValue } from "@aws-sdk/client-sns";
import { matchPattern } from "#cloud/event-pattern/match-pattern.ts";
import { parsePattern } from "#cloud/event-pattern/parse-pattern.ts";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { servicePrincipal } from "#cloud/kernel/principal.ts";
import type { Call } from "#cloud/kernel/service.ts";
import { isLoopback, post } from "./http-endpoint.ts";
import type { SnsState, Subscription, Topic } from "./state.ts";

export type Notice = {
  readonly id: string;
  readonly topic: Topic;
  readonly subject: string | undefined;
  readonly texts: Readonly<Record<string, string>>;
  readonly attributes: Readonly<Record<string, MessageAttributeValue>>;
  readonly groupId: string | undefined;
  readonly deduplicationId: string | undefined;
  readonly time: string;
};

const textFor = (protocol: string, { texts }: Notice): string => texts[protocol] ?? texts["default"] ?? "";

export function wants({ attributes, protocol }: Subscription, notice: Notice): boolean {
  const policy = attributes["FilterPolicy"];
  if (policy === undefined || policy === "{}") return true;
  const pattern = parsePattern(policy);
  if (attributes["FilterPolicyScope"] === "MessageBody") {
    try {
      return matchPattern(pattern, JSON.parse(textFor(protocol, notice)));
    } catch {
      return false;
    }
  }
  return matchPattern(
    pattern,
    Object.fromEntries(Object.entries(notice.attributes).map(([name, value]) => [name, filterable(value)])),
  );
}

function filterable({ DataType = "", StringValue = "" }: MessageAttributeValue): unknown {
  if (DataType === "Number") return Number(StringValue);
  if (DataType !== "String.Array") return StringValue;
  try {
    return JSON.parse(StringValue);
  } catch {
    return StringValue;
  }
}

function envelope(subscription: Subscription, notice: Notice, endpoint: string): Record<string, unknown> {
  const attributes = Object.entries(notice.attributes).map(
    ([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      {
        Type: DataType,
        Value: BinaryValue === undefined ? StringValue : Buffer.from(BinaryValue).toString("base64"),
      },
    ],
  );
  return {
    Type: "Notification",
    MessageId: notice.id,
    TopicArn: notice.topic.arn,
    ...(notice.subject !== undefined && { Subject: notice.subject }),
    Message: textFor(subscription.protocol, notice),
    Timestamp: notice.time,
    // Unsigned: a signature could be checked only against a certificate of amazonaws.com.
    UnsubscribeURL: `${endpoint}/?Action=Unsubscribe&SubscriptionArn=${subscription.arn}`,
    ...(attributes.length > 0 && { MessageAttributes: Object.fromEntries(attributes) }),
  };
}

export async function deliver(
  subscription: Subscription,
  notice: Notice,
  call: Call<SnsState>,
): Promise<void> {
  try {
    await send(subscription, notice, call);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    await bury(subscription, notice, error, call);
  }
}

async function send(subscription: Subscription, notice: Notice, call: Call<SnsState>): Promise<void> {
  const { protocol, endpoint, attributes } = subscription;
  const raw = attributes["RawMessageDelivery"]?.toLowerCase() === "true";
  const document = envelope(subscription, notice, call.cloud.endpoint());
  if (protocol === "sqs")
    return sendToQueue(
      endpoint,
      raw ? textFor(protocol, notice) : JSON.stringify(document),
      raw ? notice.attributes : {},
      notice,
      call,
    );
  if (protocol === "lambda") {
    const { UnsubscribeURL, ...shared } = document;
    const Sns = {
      ...shared,
      MessageAttributes: document["MessageAttributes"] ?? {},
      Subject: notice.subject ?? null,
      UnsubscribeUrl: UnsubscribeURL,
    };
    const record = {
      EventSource: "aws:sns",
      EventVersion: "1.0",
      EventSubscriptionArn: subscription.arn,
      Sns,
    };
    await asSns(notice.topic, call)("lambda", "Invoke", endpoint, {
      FunctionName: endpoint,
      InvocationType: "Event",
      Payload: Buffer.from(JSON.stringify({ Records: [record] })),
    });
  } else if (protocol.startsWith("http") && isLoopback(endpoint)) {
    const headers = {
      "x-amz-sns-message-id": notice.id,
      "x-amz-sns-topic-arn": notice.topic.arn,
      "x-amz-sns-subscription-arn": subscription.arn,
      ...(raw && { "x-amz-sns-rawdelivery": "true" }),
    };
    const body = raw ? textFor(protocol, notice) : JSON.stringify(document);
    if (!(await post(endpoint, "Notification", body, headers)))
      throw new AwsError("DeliveryFailed", `${endpoint} did not take the message.`);
  } else call.cloud.log(`sns: ${notice.topic.arn} to ${protocol} ${endpoint}: ${textFor(protocol, notice)}`);
}

const asSns =
  (topic: Topic, { cloud }: Call<SnsState>) =>
  async (service: string, operation: string, arn: string, input: object): Promise<void> => {
    const [, , , region = "", account = ""] = arn.split(":");
    await cloud.invoke({
      service,
      operation,
      input,
      principal: servicePrincipal("sns.amazonaws.com", {
        sourceArn: topic.arn,
        sourceAccount: topic.account,
      }),
      account,
      region,
    });
  };

async function sendToQueue(
  arn: string,
  body: string,
  attributes: Notice["attributes"],
  notice: Notice,
  call: Call<SnsState>,
): Promise<void> {
  const [, , , , account = "", name = ""] = arn.split(":");
  const fifo = name.endsWith(".fifo");
  await asSns(notice.topic, call)("sqs", "SendMessage", arn, {
    QueueUrl: `/${account}/${name}`,
    MessageBody: body,
    MessageAttributes: attributes,
    ...(notice.groupId !== undefined && { MessageGroupId: notice.groupId }),
    ...(fifo && notice.deduplicationId !== undefined && { MessageDeduplicationId: notice.deduplicationId }),
  });
}

async function bury(
  subscription: Subscription,
  notice: Notice,
  error: AwsError,
  call: Call<SnsState>,
): Promise<void> {
  const policy = subscription.attributes["RedrivePolicy"];
  const queue =
    policy === undefined
      ? undefined
      : (JSON.parse(policy) as { deadLetterTargetArn?: string }).deadLetterTargetArn;
  const failed = `sns: ${notice.topic.arn} could not reach ${subscription.endpoint}: ${error.code}: ${error.message}`;
  if (queue === undefined) return call.cloud.log(failed);
  try {
    await sendToQueue(
      queue,
      JSON.stringify(envelope(subscription, notice, call.cloud.endpoint())),
      {},
      notice,
      call,
    );
  } catch (refusal) {
    if (!(refusal instanceof AwsError)) throw refusal;
    call.cloud.log(`${failed}; nor its dead-letter queue ${queue}: ${refusal.code}: ${refusal.message}`);
  }
}
