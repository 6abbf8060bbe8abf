/** These operations make, confirm, list and remove subscriptions, and edit their attributes. */
import { randomUUID } from "node:crypto";
import type * as sns from "@aws-sdk/client-sns";
import { parsePattern } from "#cloud/event-pattern/parse-pattern.ts";
import { PatternError } from "#cloud/event-pattern/pattern-error.ts";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import type { Call, OperationOf } from "#cloud/kernel/service.ts";
import { findTopic, invalid, locationOf, notFound, topicAccess } from "./find-topic.ts";
import { requestConfirmation } from "./http-endpoint.ts";
import { page } from "./page.ts";
import type { SnsState, Subscription } from "./state.ts";

const SETTABLE = [
  "FilterPolicy",
  "FilterPolicyScope",
  "RawMessageDelivery",
  "RedrivePolicy",
  "DeliveryPolicy",
  "SubscriptionRoleArn",
  "ReplayPolicy",
];
const PROTOCOLS = ["sqs", "lambda", "http", "https", "email", "email-json", "sms", "application", "firehose"];
const PENDING = "pending confirmation";

function checkAttribute(name: string, value: string): void {
  if (!SETTABLE.includes(name)) throw invalid("AttributeName");
  if (name === "FilterPolicy" && value !== "") {
    try {
      parsePattern(value);
    } catch (error) {
      if (error instanceof PatternError) throw invalid(`FilterPolicy: ${error.message}`);
      throw error;
    }
  }
  if (name === "FilterPolicyScope" && value !== "MessageAttributes" && value !== "MessageBody")
    throw invalid("FilterPolicyScope: Invalid value. Please use either MessageBody or MessageAttributes");
  if (name === "RawMessageDelivery" && !/^(true|false)$/i.test(value))
    throw invalid(`Attributes Reason: RawMessageDelivery: Invalid value [${value}]. Must be true or false.`);
}

function checkEndpoint(protocol: string, endpoint: string, fifo: boolean): void {
  if (!PROTOCOLS.includes(protocol)) throw invalid(`Does not support this protocol string: ${protocol}`);
  if (protocol === "sqs" && !endpoint.startsWith("arn:aws:sqs:")) throw invalid("SQS endpoint ARN");
  if (protocol === "lambda" && !endpoint.startsWith("arn:aws:lambda:")) throw invalid("Lambda endpoint ARN");
  if (protocol.startsWith("http") && !endpoint.startsWith(`${protocol}://`))
    throw invalid("Endpoint must match the specified protocol");
  if (protocol.startsWith("email") && !endpoint.includes("@")) throw invalid("Email address");
  if (endpoint.endsWith(".fifo") && protocol === "sqs" && !fifo)
    throw invalid("Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics");
}

export const subscribe: OperationOf<typeof sns, SnsState, "Subscribe"> = {
  access: ({ TopicArn, Protocol, Endpoint }, call) =>
    topicAccess("Subscribe", TopicArn, call, { "sns:Protocol": Protocol, "sns:Endpoint": Endpoint }),
  run: ({ TopicArn, Protocol = "", Endpoint = "", Attributes = {}, ReturnSubscriptionArn }, call) => {
    const { topic, state } = findTopic(TopicArn, call);
    checkEndpoint(Protocol, Endpoint, topic.fifo);
    for (const [name, value] of Object.entries(Attributes)) checkAttribute(name, value);
    const known = [...state.subscriptions.values()].find(
      ({ topicArn, protocol, endpoint }) =>
        topicArn === topic.arn && protocol === Protocol && endpoint === Endpoint,
    );
    if (known !== undefined) {
      const differs = Object.entries(Attributes).some(([name, value]) => known.attributes[name] !== value);
      if (differs) throw invalid("Attributes Reason: Subscription already exists with different attributes");
      return { SubscriptionArn: known.token === undefined || ReturnSubscriptionArn ? known.arn : PENDING };
    }
    // Queues and functions need no confirmation. Email addresses and HTTP endpoints do.
    const confirmed = Protocol === "sqs" || Protocol === "lambda";
    const subscription: Subscription = {
      arn: `${topic.arn}:${randomUUID()}`,
      topicArn: topic.arn,
      protocol: Protocol,
      endpoint: Endpoint,
      owner: call.account,
      ...(!confirmed && { token: randomUUID().replaceAll("-", "").repeat(2) }),
      attributes: Attributes,
    };
    state.subscriptions.set(subscription.arn, subscription);
    if (Protocol.startsWith("http")) requestConfirmation(subscription, call);
    return { SubscriptionArn: confirmed || ReturnSubscriptionArn ? subscription.arn : PENDING };
  },
};

export const confirmSubscription: OperationOf<typeof sns, SnsState, "ConfirmSubscription"> = {
  // The token authorizes an unsigned call, which the receiver makes when it opens SubscribeURL.
  access: ({ TopicArn }, call) =>
    call.principal.kind === "anonymous" ? [] : topicAccess("ConfirmSubscription", TopicArn, call),
  run: ({ TopicArn, Token, AuthenticateOnUnsubscribe }, call) => {
    const { topic, state } = findTopic(TopicArn, call);
    const found = [...state.subscriptions.values()].find(
      ({ topicArn, token }) => topicArn === topic.arn && token === Token,
    );
    if (found === undefined) throw invalid("Token");
    const { token: _token, ...confirmed } = found;
    const signed = call.principal.kind !== "anonymous";
    state.subscriptions.set(found.arn, {
      ...confirmed,
      ...(signed && AuthenticateOnUnsubscribe?.toLowerCase() === "true" && { guarded: true }),
    });
    return { SubscriptionArn: found.arn };
  },
};

function find(arn: string | undefined, call: Call<SnsState>) {
  const { account, region } = locationOf(arn);
  const state = call.stateOf(account, region);
  const subscription = state.subscriptions.get(arn ?? "");
  if (subscription === undefined) throw notFound("Subscription");
  return { state, subscription };
}

const access =
  (action: string) =>
  ({ SubscriptionArn }: { readonly SubscriptionArn?: string | undefined }, _call: Call<SnsState>) => ({
    action: `sns:${action}`,
    resource: (SubscriptionArn ?? "").split(":").slice(0, 6).join(":"),
    resourceAccount: locationOf(SubscriptionArn).account,
  });

export const unsubscribe: OperationOf<typeof sns, SnsState, "Unsubscribe"> = {
  // A receiver opens UnsubscribeURL without a signature (SNS API Reference, Unsubscribe).
  access: (input, call) => (call.principal.kind === "anonymous" ? [] : access("Unsubscribe")(input, call)),
  run: ({ SubscriptionArn = "" }, call) => {
    const { account, region } = locationOf(SubscriptionArn);
    const { subscriptions } = call.stateOf(account, region);
    if (call.principal.kind === "anonymous" && subscriptions.get(SubscriptionArn)?.guarded)
      throw new AwsError("AuthorizationErrorException", "This subscription needs a signed call.", 403);
    subscriptions.delete(SubscriptionArn);
    return {};
  },
};

export const getSubscriptionAttributes: OperationOf<typeof sns, SnsState, "GetSubscriptionAttributes"> = {
  access: access("GetSubscriptionAttributes"),
  run: ({ SubscriptionArn }, call) => {
    const { subscription } = find(SubscriptionArn, call);
    return {
      Attributes: {
        SubscriptionArn: subscription.arn,
        TopicArn: subscription.topicArn,
        Protocol: subscription.protocol,
        Endpoint: subscription.endpoint,
        Owner: subscription.owner,
        RawMessageDelivery: "false",
        PendingConfirmation: String(subscription.token !== undefined),
        ConfirmationWasAuthenticated: String(subscription.token === undefined),
        SubscriptionPrincipal: `arn:aws:iam::${subscription.owner}:root`,
        ...(subscription.attributes["FilterPolicy"] && { FilterPolicyScope: "MessageAttributes" }),
        ...subscription.attributes,
      },
    };
  },
};

export const setSubscriptionAttributes: OperationOf<typeof sns, SnsState, "SetSubscriptionAttributes"> = {
  access: access("SetSubscriptionAttributes"),
  run: ({ SubscriptionArn, AttributeName = "", AttributeValue = "" }, call) => {
    const { subscription, state } = find(SubscriptionArn, call);
    checkAttribute(AttributeName, AttributeValue);
    const { [AttributeName]: _old, ...rest } = subscription.attributes;
    const empty = AttributeValue === "" || (AttributeName === "FilterPolicy" && AttributeValue === "{}");
    state.subscriptions.set(subscription.arn, {
      ...subscription,
      attributes: empty ? rest : { ...rest, [AttributeName]: AttributeValue },
    });
    return {};
  },
};

const show = (subscription: Subscription) => ({
  SubscriptionArn: subscription.token === undefined ? subscription.arn : "PendingConfirmation",
  Owner: subscription.owner,
  Protocol: subscription.protocol,
  Endpoint: subscription.endpoint,
  TopicArn: subscription.topicArn,
});

export const listSubscriptions: OperationOf<typeof sns, SnsState, "ListSubscriptions"> = {
  access: () => ({ action: "sns:ListSubscriptions", resource: "*" }),
  run: ({ NextToken }, call) => {
    const { shown, next } = page([...call.state.subscriptions.values()], NextToken);
    return { Subscriptions: shown.map(show), ...(next && { NextToken: next }) };
  },
};

export const listSubscriptionsByTopic: OperationOf<typeof sns, SnsState, "ListSubscriptionsByTopic"> = {
  access: ({ TopicArn }, call) => topicAccess("ListSubscriptionsByTopic", TopicArn, call),
  run: ({ TopicArn, NextToken }, call) => {
    const { topic, state } = findTopic(TopicArn, call);
    const mine = [...state.subscriptions.values()].filter(({ topicArn }) => topicArn === topic.arn);
    const { shown, next } = page(mine, NextToken);
    return { Subscriptions: shown.map(show), ...(next && { NextToken: next }) };
  },
};
