/**
 * Delivers a notification to one subscription: applies the filter policy, writes the envelope, and sends it.
 * After a failure it sends the notification to the subscription's dead-letter queue.
 */
import type { MessageAttributeValue } from "@aws-sdk/client-sns";
import { matchPattern } from "#cloud/event-pattern/match-pattern.ts";
import { parsePattern } from "#cloud/event-pattern/parse-pattern.ts";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { servicePrincipal } from "#cloud/kernel/principal.ts";
import type { Call } from "#cloud/kernel/service.ts";
import { isLoopback, post } from "./http-endpoint.ts";
import { signMessage } from "./sign-message.ts";
import type { SnsState, Subscription, Topic } from "./state.ts";

export type Notification = {
  readonly id: string;
  readonly topic: Topic;
  readonly subject: string | undefined;
  readonly texts: Readonly<Record<string, string>>;
  readonly attributes: Readonly<Record<string, MessageAttributeValue>>;
  readonly groupId: string | undefined;
  readonly deduplicationId: string | undefined;
  readonly time: string;
};

const textFor = (protocol: string, { texts }: Notification): string =>
  texts[protocol] ?? texts["default"] ?? "";

export function acceptsNotification(
  { attributes, protocol }: Subscription,
  notification: Notification,
): boolean {
  const policy = attributes["FilterPolicy"];
  if (policy === undefined || policy === "{}") return true;
  const pattern = parsePattern(policy);
  if (attributes["FilterPolicyScope"] === "MessageBody") {
    try {
      return matchPattern(pattern, JSON.parse(textFor(protocol, notification)));
    } catch {
      return false;
    }
  }
  return matchPattern(
    pattern,
    Object.fromEntries(
      Object.entries(notification.attributes).map(([name, value]) => [name, filterable(value)]),
    ),
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

function envelope(
  subscription: Subscription,
  notification: Notification,
  endpoint: string,
  call: Call<SnsState>,
): Record<string, unknown> {
  const attributes = Object.entries(notification.attributes).map(
    ([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      {
        Type: DataType,
        Value: BinaryValue === undefined ? StringValue : Buffer.from(BinaryValue).toString("base64"),
      },
    ],
  );
  const document = {
    Type: "Notification",
    MessageId: notification.id,
    TopicArn: notification.topic.arn,
    ...(notification.subject !== undefined && { Subject: notification.subject }),
    Message: textFor(subscription.protocol, notification),
    Timestamp: notification.time,
  };
  const version = notification.topic.attributes["SignatureVersion"] ?? "1";
  return {
    ...document,
    ...signMessage(document, version, { endpoint, stateOf: call.stateOf }),
    UnsubscribeURL: `${endpoint}/?Action=Unsubscribe&SubscriptionArn=${subscription.arn}`,
    ...(attributes.length > 0 && { MessageAttributes: Object.fromEntries(attributes) }),
  };
}

export async function deliver(
  subscription: Subscription,
  notification: Notification,
  call: Call<SnsState>,
): Promise<void> {
  try {
    await send(subscription, notification, call);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    await deadLetter(subscription, notification, error, call);
  }
}

async function send(
  subscription: Subscription,
  notification: Notification,
  call: Call<SnsState>,
): Promise<void> {
  const { protocol, endpoint, attributes } = subscription;
  const raw = attributes["RawMessageDelivery"]?.toLowerCase() === "true";
  // A function reaches the cloud by the port for sandboxes.
  const { cloud } = call;
  const address = protocol === "lambda" ? cloud.sandboxEndpoint() : cloud.endpoint();
  const document = envelope(subscription, notification, address, call);
  if (protocol === "sqs")
    return sendToQueue(
      endpoint,
      raw ? textFor(protocol, notification) : JSON.stringify(document),
      raw ? notification.attributes : {},
      notification,
      call,
    );
  if (protocol === "lambda") {
    const { UnsubscribeURL, SigningCertURL, ...shared } = document;
    const Sns = {
      ...shared,
      MessageAttributes: document["MessageAttributes"] ?? {},
      Subject: notification.subject ?? null,
      SigningCertUrl: SigningCertURL,
      UnsubscribeUrl: UnsubscribeURL,
    };
    const record = {
      EventSource: "aws:sns",
      EventVersion: "1.0",
      EventSubscriptionArn: subscription.arn,
      Sns,
    };
    await asSns(notification.topic, call)("lambda", "Invoke", endpoint, {
      FunctionName: endpoint,
      InvocationType: "Event",
      Payload: Buffer.from(JSON.stringify({ Records: [record] })),
    });
  } else if (protocol.startsWith("http") && isLoopback(endpoint)) {
    const headers = {
      "x-amz-sns-message-id": notification.id,
      "x-amz-sns-topic-arn": notification.topic.arn,
      "x-amz-sns-subscription-arn": subscription.arn,
      ...(raw && { "x-amz-sns-rawdelivery": "true" }),
    };
    const body = raw ? textFor(protocol, notification) : JSON.stringify(document);
    if (!(await post(endpoint, "Notification", body, headers)))
      throw new AwsError("DeliveryFailed", `${endpoint} did not take the message.`);
  } else
    call.cloud.log(
      `sns: ${notification.topic.arn} to ${protocol} ${endpoint}: ${textFor(protocol, notification)}`,
    );
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
  attributes: Notification["attributes"],
  notification: Notification,
  call: Call<SnsState>,
): Promise<void> {
  const [, , , , account = "", name = ""] = arn.split(":");
  const fifo = name.endsWith(".fifo");
  await asSns(notification.topic, call)("sqs", "SendMessage", arn, {
    QueueUrl: `/${account}/${name}`,
    MessageBody: body,
    MessageAttributes: attributes,
    ...(notification.groupId !== undefined && { MessageGroupId: notification.groupId }),
    ...(fifo &&
      notification.deduplicationId !== undefined && { MessageDeduplicationId: notification.deduplicationId }),
  });
}

async function deadLetter(
  subscription: Subscription,
  notification: Notification,
  error: AwsError,
  call: Call<SnsState>,
): Promise<void> {
  const policy = subscription.attributes["RedrivePolicy"];
  const queue =
    policy === undefined
      ? undefined
      : (JSON.parse(policy) as { deadLetterTargetArn?: string }).deadLetterTargetArn;
  const failed = `sns: ${notification.topic.arn} could not reach ${subscription.endpoint}: ${error.code}: ${error.message}`;
  if (queue === undefined) return call.cloud.log(failed);
  try {
    await sendToQueue(
      queue,
      JSON.stringify(envelope(subscription, notification, call.cloud.endpoint(), call)),
      {},
      notification,
      call,
    );
  } catch (rejection) {
    if (!(rejection instanceof AwsError)) throw rejection;
    call.cloud.log(
      `${failed}; its dead-letter queue ${queue} failed too: ${rejection.code}: ${rejection.message}`,
    );
  }
}
