/** AWS::SNS::Subscription. */
import { isObject, type JsonObject } from "#cloud/cloudformation/json.ts";
import { present, type ResourceType, textOf } from "./resource-type.ts";

const names = [
  "DeliveryPolicy",
  "FilterPolicy",
  "FilterPolicyScope",
  "RawMessageDelivery",
  "RedrivePolicy",
  "ReplayPolicy",
  "SubscriptionRoleArn",
] as const;

const attributesOf = (properties: JsonObject): Record<string, string> =>
  present(
    Object.fromEntries(
      names.map((name) => {
        const value = properties[name];
        return [name, isObject(value) ? JSON.stringify(value) : textOf(properties, name)];
      }),
    ),
  ) as Record<string, string>;

export const snsSubscription: ResourceType = {
  type: "AWS::SNS::Subscription",
  create: async (properties, context) => {
    const answer = await context.call<{ SubscriptionArn: string }>("sns", "Subscribe", {
      TopicArn: properties["TopicArn"],
      Protocol: properties["Protocol"],
      Endpoint: properties["Endpoint"],
      Attributes: attributesOf(properties),
      ReturnSubscriptionArn: true,
    });
    return { physicalId: answer.SubscriptionArn, attributes: { Arn: answer.SubscriptionArn } };
  },
  update: async (arn, properties, previous, context) => {
    const [wanted, before] = [attributesOf(properties), attributesOf(previous)];
    for (const name of names) {
      if (wanted[name] === before[name]) continue;
      await context.call("sns", "SetSubscriptionAttributes", {
        SubscriptionArn: arn,
        AttributeName: name,
        AttributeValue: wanted[name] ?? "",
      });
    }
    return { physicalId: arn, attributes: { Arn: arn } };
  },
  delete: async (arn, _properties, context) => {
    if (arn.startsWith("arn:")) await context.call("sns", "Unsubscribe", { SubscriptionArn: arn });
  },
  permissions: ["sns:Subscribe", "sns:Unsubscribe", "sns:SetSubscriptionAttributes"],
};
