/** AWS::SQS::QueueInlinePolicy and AWS::SNS::TopicInlinePolicy: the policy of one queue or topic. */
import type { JsonObject } from "#cloud/cloudformation/json.ts";
import type { ResourceType } from "./resource-type.ts";
import { snsTopicPolicy } from "./sns-topic-policy.ts";
import { sqsQueuePolicy } from "./sqs-queue-policy.ts";

type Single = {
  readonly type: string;
  /** The property that names the queue or topic. It is the resource's id. */
  readonly one: string;
  /** The property of `of` that lists queues or topics. */
  readonly many: string;
  readonly of: ResourceType;
};

/** Builds the type for one queue or topic from the type for several. */
function single({ type, one, many, of }: Single): ResourceType {
  const listed = (properties: JsonObject): JsonObject => ({
    PolicyDocument: properties["PolicyDocument"] ?? null,
    [many]: [properties[one] ?? null],
  });
  return {
    type,
    create: async (properties, context) => {
      await of.create(listed(properties), context);
      return { physicalId: String(properties[one]), attributes: {} };
    },
    update: async (physicalId, properties, previous, context) => {
      await of.update?.(physicalId, listed(properties), listed(previous), context);
      return { physicalId, attributes: {} };
    },
    delete: (physicalId, properties, context) => of.delete(physicalId, listed(properties), context),
    permissions: of.permissions,
  };
}

export const sqsQueueInlinePolicy = single({
  type: "AWS::SQS::QueueInlinePolicy",
  one: "Queue",
  many: "Queues",
  of: sqsQueuePolicy,
});

export const snsTopicInlinePolicy = single({
  type: "AWS::SNS::TopicInlinePolicy",
  one: "TopicArn",
  many: "Topics",
  of: snsTopicPolicy,
});
