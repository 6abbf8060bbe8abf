/** AWS::SQS::QueuePolicy. */
import { isList, type JsonObject } from "#cloud/cloudformation/json.ts";
import { policyText } from "./policy-text.ts";
import type { ResourceContext, ResourceType } from "./resource-type.ts";

const queues = (properties: JsonObject): readonly string[] => {
  const value = properties["Queues"];
  return isList(value) ? value.map(String) : [];
};

async function apply(properties: JsonObject, context: ResourceContext): Promise<void> {
  for (const QueueUrl of queues(properties)) {
    await context.call("sqs", "SetQueueAttributes", {
      QueueUrl,
      Attributes: { Policy: policyText(properties["PolicyDocument"]) },
    });
  }
}

const clear = async (urls: readonly string[], context: ResourceContext): Promise<void> => {
  for (const QueueUrl of urls)
    await context.call("sqs", "SetQueueAttributes", { QueueUrl, Attributes: { Policy: "" } });
};

export const sqsQueuePolicy: ResourceType = {
  type: "AWS::SQS::QueuePolicy",
  create: async (properties, context) => {
    await apply(properties, context);
    const id = context.name({ max: 100 });
    return { physicalId: id, attributes: { Id: id } };
  },
  update: async (physicalId, properties, previous, context) => {
    await apply(properties, context);
    await clear(
      queues(previous).filter((url) => !queues(properties).includes(url)),
      context,
    );
    return { physicalId, attributes: { Id: physicalId } };
  },
  delete: async (_id, properties, context) => clear(queues(properties), context),
  permissions: ["sqs:SetQueueAttributes"],
};
