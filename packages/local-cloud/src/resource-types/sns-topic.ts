/** AWS::SNS::Topic. */
import { isList, isObject, type JsonObject } from "#cloud/cloudformation/json.ts";
import { present, type ResourceContext, type ResourceType, textOf } from "./resource-type.ts";
import { allTags, tagChanges } from "./tag-lists.ts";

const settable = [
  "DisplayName",
  "KmsMasterKeyId",
  "ContentBasedDeduplication",
  "FifoThroughputScope",
  "SignatureVersion",
  "TracingConfig",
] as const;

const attributesOf = (properties: JsonObject): Record<string, string> =>
  present(Object.fromEntries(settable.map((name) => [name, textOf(properties, name)]))) as Record<
    string,
    string
  >;

const subscriptions = (properties: JsonObject): readonly JsonObject[] => {
  const value = properties["Subscription"];
  return isList(value) ? value.filter(isObject) : [];
};

const described = (arn: string) => ({
  physicalId: arn,
  attributes: { TopicArn: arn, TopicName: arn.slice(arn.lastIndexOf(":") + 1) },
});

async function subscribe(
  arn: string,
  wanted: readonly JsonObject[],
  context: ResourceContext,
): Promise<void> {
  for (const one of wanted) {
    await context.call("sns", "Subscribe", {
      TopicArn: arn,
      Protocol: one["Protocol"],
      Endpoint: one["Endpoint"],
    });
  }
}

export const snsTopic: ResourceType = {
  type: "AWS::SNS::Topic",
  create: async (properties, context) => {
    const fifo = String(properties["FifoTopic"]) === "true";
    const name =
      textOf(properties, "TopicName") ?? context.name({ max: 256, ...(fifo ? { suffix: ".fifo" } : {}) });
    const answer = await context.call<{ TopicArn: string }>("sns", "CreateTopic", {
      Name: name,
      Attributes: { ...attributesOf(properties), ...(fifo ? { FifoTopic: "true" } : {}) },
      Tags: allTags(properties, context),
    });
    await subscribe(answer.TopicArn, subscriptions(properties), context);
    return described(answer.TopicArn);
  },
  update: async (arn, properties, previous, context) => {
    const [wanted, before] = [attributesOf(properties), attributesOf(previous)];
    for (const name of settable) {
      if (wanted[name] === before[name]) continue;
      await context.call("sns", "SetTopicAttributes", {
        TopicArn: arn,
        AttributeName: name,
        AttributeValue: wanted[name] ?? "",
      });
    }
    const old = subscriptions(previous).map((one) => JSON.stringify(one));
    await subscribe(
      arn,
      subscriptions(properties).filter((one) => !old.includes(JSON.stringify(one))),
      context,
    );
    const current = await context.call<{ Tags?: { Key: string; Value: string }[] }>(
      "sns",
      "ListTagsForResource",
      { ResourceArn: arn },
    );
    const { add, remove } = tagChanges(current.Tags ?? [], allTags(properties, context));
    if (add.length > 0) await context.call("sns", "TagResource", { ResourceArn: arn, Tags: add });
    if (remove.length > 0) await context.call("sns", "UntagResource", { ResourceArn: arn, TagKeys: remove });
    return described(arn);
  },
  delete: async (arn, _properties, context) => {
    await context.call("sns", "DeleteTopic", { TopicArn: arn });
  },
  permissions: [
    "sns:CreateTopic",
    "sns:SetTopicAttributes",
    "sns:DeleteTopic",
    "sns:Subscribe",
    "sns:TagResource",
    "sns:UntagResource",
    "sns:ListTagsForResource",
  ],
};
