/**
 * Asks HTTP endpoints to confirm a subscription and posts notifications to them. It calls loopback addresses
 * only and logs other addresses.
 */
import type { Call } from "#cloud/kernel/service.ts";
import { locationOf } from "./find-topic.ts";
import { signMessage } from "./sign-message.ts";
import type { SnsState, Subscription } from "./state.ts";

type ConfirmationDeps = Pick<Call<SnsState>, "clock" | "cloud" | "stateOf">;

export const isLoopback = (endpoint: string): boolean => {
  try {
    return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(endpoint).hostname);
  } catch {
    return false;
  }
};

/** Posts a document. Returns true if the server accepted it. */
export async function post(
  endpoint: string,
  type: string,
  body: string,
  headers: Readonly<Record<string, string>>,
): Promise<boolean> {
  try {
    const response = await fetch(endpoint, {
      method: "POST",
      headers: { "content-type": "text/plain; charset=UTF-8", "x-amz-sns-message-type": type, ...headers },
      body,
      signal: AbortSignal.timeout(15_000),
    });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

export function requestConfirmation(subscription: Subscription, deps: ConfirmationDeps): void {
  const { cloud, clock, stateOf } = deps;
  const { topicArn, token = "", endpoint } = subscription;
  if (!isLoopback(endpoint)) {
    cloud.log(`sns: ${endpoint} is not on this machine; its subscription to ${topicArn} stays pending`);
    return;
  }
  const id = crypto.randomUUID();
  const document = {
    Type: "SubscriptionConfirmation",
    MessageId: id,
    Token: token,
    TopicArn: topicArn,
    Message: `You have chosen to subscribe to the topic ${topicArn}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`,
    SubscribeURL: `${cloud.endpoint()}/?Action=ConfirmSubscription&TopicArn=${encodeURIComponent(topicArn)}&Token=${token}`,
    Timestamp: clock.now().toISOString(),
  };
  const version = topicVersion(topicArn, stateOf);
  const signed = { ...document, ...signMessage(document, version, { endpoint: cloud.endpoint(), stateOf }) };
  cloud.spawn(`sns confirmation to ${endpoint}`, async () => {
    await post(endpoint, document.Type, JSON.stringify(signed), {
      "x-amz-sns-message-id": id,
      "x-amz-sns-topic-arn": topicArn,
    });
  });
}

function topicVersion(topicArn: string, stateOf: ConfirmationDeps["stateOf"]): string {
  const { account, region, name } = locationOf(topicArn);
  return stateOf(account, region).topics.get(name)?.attributes["SignatureVersion"] ?? "1";
}
