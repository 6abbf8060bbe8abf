/** These operations create, list and delete topics, and edit their attributes and permissions. */
import type * as sns from "@aws-sdk/client-sns";
import type { OperationOf } from "#cloud/kernel/service.ts";
import { defaultPolicy, findTopic, invalid, locationOf, topicAccess } from "./find-topic.ts";
import { page } from "./page.ts";
import { toTags } from "./resource-tags.ts";
import type { SnsState, Topic } from "./state.ts";

const SETTABLE = [
  "Policy",
  "DisplayName",
  "DeliveryPolicy",
  "KmsMasterKeyId",
  "SignatureVersion",
  "TracingConfig",
  "FifoTopic",
  "ContentBasedDeduplication",
  "ArchivePolicy",
  "FifoThroughputScope",
  "FifoTopicThroughputScope",
  "DataProtectionPolicy",
];

const topicArn = (
  name: string | undefined,
  call: { readonly region: string; readonly account: string },
): string => `arn:aws:sns:${call.region}:${call.account}:${name}`;

function checkAttributes(attributes: Readonly<Record<string, string>>): void {
  const unknown = Object.keys(attributes).find((name) => !SETTABLE.includes(name) && !/Feedback/.test(name));
  if (unknown !== undefined) throw invalid(`Attributes Reason: Unknown attribute ${unknown}`);
  const policy = attributes["Policy"];
  if (policy === undefined || policy === "") return;
  try {
    JSON.parse(policy);
  } catch {
    throw invalid("Policy Error: null");
  }
}

export const createTopic: OperationOf<typeof sns, SnsState, "CreateTopic"> = {
  access: ({ Name, Tags = [] }, call) => ({
    action: "sns:CreateTopic",
    resource: topicArn(Name, call),
    context: { "aws:TagKeys": Tags.map(({ Key = "" }) => Key) },
  }),
  run: ({ Name: name = "", Attributes = {}, Tags = [] }, call) => {
    const fifo = name.endsWith(".fifo");
    if (name.length > 256 || !/^[\w-]+$/.test(fifo ? name.slice(0, -5) : name)) throw invalid("Topic Name");
    if (fifo !== (Attributes["FifoTopic"] === "true"))
      throw invalid(
        fifo
          ? "Topic Name"
          : "Fifo Topic names must end with .fifo and must be made up of only uppercase and lowercase ASCII letters, numbers, underscores, and hyphens, and must be between 1 and 256 characters long.",
      );
    checkAttributes(Attributes);
    const existing = call.state.topics.get(name);
    if (existing !== undefined) {
      const differs = Object.entries(Attributes).some(
        ([key, value]) => (existing.attributes[key] ?? "") !== value,
      );
      if (differs) throw invalid("Attributes Reason: Topic already exists with different attributes");
      const tags = toTags(Tags);
      if (Tags.length > 0 && JSON.stringify(tags) !== JSON.stringify(existing.tags))
        throw invalid("Tags Reason: Topic already exists with different tags");
      return { TopicArn: existing.arn };
    }
    const arn = topicArn(name, call);
    const { Policy: policy, ...attributes } = Attributes;
    call.state.topics.set(name, {
      name,
      arn,
      account: call.account,
      region: call.region,
      fifo,
      attributes: { ...attributes, ...(policy && { Policy: policy }) },
      tags: toTags(Tags),
    });
    return { TopicArn: arn };
  },
};

export const deleteTopic: OperationOf<typeof sns, SnsState, "DeleteTopic"> = {
  access: ({ TopicArn }, call) => topicAccess("DeleteTopic", TopicArn, call),
  run: ({ TopicArn }, call) => {
    const { account, region, name } = locationOf(TopicArn);
    const state = call.stateOf(account, region);
    state.topics.delete(name);
    for (const [key, { topicArn: arn }] of [...state.subscriptions.entries()])
      if (arn === TopicArn) state.subscriptions.delete(key);
    return {};
  },
};

export const listTopics: OperationOf<typeof sns, SnsState, "ListTopics"> = {
  access: () => ({ action: "sns:ListTopics", resource: "*" }),
  run: ({ NextToken }, call) => {
    const { shown, next } = page([...call.state.topics.values()], NextToken);
    return { Topics: shown.map(({ arn }) => ({ TopicArn: arn })), ...(next && { NextToken: next }) };
  },
};

export const getTopicAttributes: OperationOf<typeof sns, SnsState, "GetTopicAttributes"> = {
  access: ({ TopicArn }, call) => topicAccess("GetTopicAttributes", TopicArn, call),
  run: ({ TopicArn }, call) => {
    const { topic, state } = findTopic(TopicArn, call);
    const mine = [...state.subscriptions.values()].filter(({ topicArn: arn }) => arn === topic.arn);
    const pending = mine.filter(({ token }) => token !== undefined).length;
    return {
      Attributes: {
        TopicArn: topic.arn,
        Owner: topic.account,
        DisplayName: "",
        Policy: defaultPolicy(topic.arn, topic.account),
        SubscriptionsConfirmed: String(mine.length - pending),
        SubscriptionsPending: String(pending),
        SubscriptionsDeleted: "0",
        EffectiveDeliveryPolicy: JSON.stringify({
          http: {
            defaultHealthyRetryPolicy: {
              minDelayTarget: 20,
              maxDelayTarget: 20,
              numRetries: 3,
              numMaxDelayRetries: 0,
              numNoDelayRetries: 0,
              numMinDelayRetries: 0,
              backoffFunction: "linear",
            },
            disableSubscriptionOverrides: false,
          },
        }),
        ...(topic.fifo && { FifoTopic: "true", ContentBasedDeduplication: "false" }),
        ...topic.attributes,
      },
    };
  },
};

export const setTopicAttributes: OperationOf<typeof sns, SnsState, "SetTopicAttributes"> = {
  access: ({ TopicArn }, call) => topicAccess("SetTopicAttributes", TopicArn, call),
  run: ({ TopicArn, AttributeName = "", AttributeValue = "" }, call) => {
    const { topic, state } = findTopic(TopicArn, call);
    if (AttributeName === "FifoTopic") throw invalid("AttributeName");
    checkAttributes({ [AttributeName]: AttributeValue });
    const { [AttributeName]: _old, ...rest } = topic.attributes;
    const attributes = AttributeValue === "" ? rest : { ...rest, [AttributeName]: AttributeValue };
    state.topics.set(topic.name, { ...topic, attributes });
    return {};
  },
};

type Policy = { Version: string; Statement: { Sid?: string }[] };

const policyOf = (topic: Topic): Policy =>
  JSON.parse(topic.attributes["Policy"] ?? defaultPolicy(topic.arn, topic.account)) as Policy;

const save = (state: SnsState, topic: Topic, policy: Policy): void =>
  void state.topics.set(topic.name, {
    ...topic,
    attributes: { ...topic.attributes, Policy: JSON.stringify(policy) },
  });

export const addPermission: OperationOf<typeof sns, SnsState, "AddPermission"> = {
  access: ({ TopicArn }, call) => topicAccess("AddPermission", TopicArn, call),
  run: ({ TopicArn, Label, AWSAccountId = [], ActionName = [] }, call) => {
    const { topic, state } = findTopic(TopicArn, call);
    const policy = policyOf(topic);
    if (policy.Statement.some(({ Sid }) => Sid === Label)) throw invalid("Statement already exists");
    const statement = {
      Sid: Label ?? "",
      Effect: "Allow",
      Principal: { AWS: AWSAccountId.map((id) => `arn:aws:iam::${id}:root`) },
      Action: ActionName.map((action) => `SNS:${action}`),
      Resource: topic.arn,
    };
    save(state, topic, { ...policy, Statement: [...policy.Statement, statement] });
    return {};
  },
};

export const removePermission: OperationOf<typeof sns, SnsState, "RemovePermission"> = {
  access: ({ TopicArn }, call) => topicAccess("RemovePermission", TopicArn, call),
  run: ({ TopicArn, Label }, call) => {
    const { topic, state } = findTopic(TopicArn, call);
    const policy = policyOf(topic);
    save(state, topic, { ...policy, Statement: policy.Statement.filter(({ Sid }) => Sid !== Label) });
    return {};
  },
};
