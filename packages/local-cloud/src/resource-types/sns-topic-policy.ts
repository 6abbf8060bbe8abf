/** AWS::SNS::TopicPolicy. */
import { isList, type JsonObject } from "#cloud/cloudformation/json.ts";
import { policyText } from "./policy-text.ts";
import type { ResourceContext, ResourceType } from "./resource-type.ts";

const topics = (properties: JsonObject): readonly string[] => {
  const value = properties["Topics"];
  return isList(value) ? value.map(String) : [];
};

async function apply(properties: JsonObject, context: ResourceContext): Promise<void> {
  for (const TopicArn of topics(properties)) {
    await context.call("sns", "SetTopicAttributes", {
      TopicArn,
      AttributeName: "Policy",
      AttributeValue: policyText(properties["PolicyDocument"]),
    });
  }
}

/** A topic without a policy of its own has SNS's default policy for its owner. */
const ownerPolicy = (arn: string, account: string): string =>
  JSON.stringify({
    Version: "2008-10-17",
    Id: "__default_policy_ID",
    Statement: [
      {
        Sid: "__default_statement_ID",
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: [
          "SNS:Publish",
          "SNS:Subscribe",
          "SNS:GetTopicAttributes",
          "SNS:SetTopicAttributes",
          "SNS:AddPermission",
          "SNS:RemovePermission",
          "SNS:DeleteTopic",
          "SNS:ListSubscriptionsByTopic",
        ],
        Resource: arn,
        Condition: { StringEquals: { "AWS:SourceOwner": account } },
      },
    ],
  });

export const snsTopicPolicy: ResourceType = {
  type: "AWS::SNS::TopicPolicy",
  create: async (properties, context) => {
    await apply(properties, context);
    const id = context.name({ max: 100 });
    return { physicalId: id, attributes: { Id: id } };
  },
  update: async (physicalId, properties, _previous, context) => {
    await apply(properties, context);
    return { physicalId, attributes: { Id: physicalId } };
  },
  delete: async (_id, properties, context) => {
    for (const TopicArn of topics(properties)) {
      await context.call("sns", "SetTopicAttributes", {
        TopicArn,
        AttributeName: "Policy",
        AttributeValue: ownerPolicy(TopicArn, context.account),
      });
    }
  },
  permissions: ["sns:SetTopicAttributes"],
};
