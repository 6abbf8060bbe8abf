/** AWS::Events::EventBus and AWS::Events::EventBusPolicy. */
import { isObject, type JsonObject } from "#cloud/cloudformation/json.ts";
import { present, type ResourceContext, type ResourceType, textOf } from "./resource-type.ts";
import { allTags } from "./tag-lists.ts";

const described = (name: string, context: ResourceContext) => ({
  physicalId: name,
  attributes: { Name: name, Arn: `arn:aws:events:${context.region}:${context.account}:event-bus/${name}` },
});

const policyText = (value: JsonObject[string] | undefined): string | undefined =>
  value === undefined ? undefined : isObject(value) ? JSON.stringify(value) : String(value);

export const eventsEventBus: ResourceType = {
  type: "AWS::Events::EventBus",
  create: async (properties, context) => {
    const Name = String(properties["Name"]);
    await context.call(
      "events",
      "CreateEventBus",
      present({
        Name,
        EventSourceName: properties["EventSourceName"],
        Description: properties["Description"],
        KmsKeyIdentifier: properties["KmsKeyIdentifier"],
        DeadLetterConfig: properties["DeadLetterConfig"],
        Tags: allTags(properties, context),
      }),
    );
    const Policy = policyText(properties["Policy"]);
    if (Policy !== undefined) await context.call("events", "PutPermission", { EventBusName: Name, Policy });
    return described(Name, context);
  },
  update: async (Name, properties, _previous, context) => {
    await context.call(
      "events",
      "UpdateEventBus",
      present({
        Name,
        Description: properties["Description"],
        KmsKeyIdentifier: properties["KmsKeyIdentifier"],
        DeadLetterConfig: properties["DeadLetterConfig"],
      }),
    );
    const Policy = policyText(properties["Policy"]);
    if (Policy !== undefined) await context.call("events", "PutPermission", { EventBusName: Name, Policy });
    return described(Name, context);
  },
  delete: async (Name, _properties, context) => {
    await context.call("events", "DeleteEventBus", { Name });
  },
  permissions: [
    "events:CreateEventBus",
    "events:UpdateEventBus",
    "events:DeleteEventBus",
    "events:PutPermission",
  ],
};

/**
 * Adds the template's statement, if it has one, to the policy of the bus; otherwise it calls PutPermission
 * with the properties.
 */
async function put(properties: JsonObject, context: ResourceContext): Promise<void> {
  const EventBusName = textOf(properties, "EventBusName");
  const StatementId = String(properties["StatementId"]);
  const statement = properties["Statement"];
  if (statement === undefined) {
    await context.call(
      "events",
      "PutPermission",
      present({
        EventBusName,
        StatementId,
        Action: properties["Action"],
        Principal: properties["Principal"],
        Condition: properties["Condition"],
      }),
    );
    return;
  }
  const bus = await context.call<{ Policy?: string }>(
    "events",
    "DescribeEventBus",
    present({ Name: EventBusName }),
  );
  const current: unknown = bus.Policy === undefined || bus.Policy === "" ? undefined : JSON.parse(bus.Policy);
  const others =
    isObject(current) && Array.isArray(current["Statement"])
      ? current["Statement"].filter((one) => isObject(one) && one["Sid"] !== StatementId)
      : [];
  const own = isObject(statement) ? { Sid: StatementId, ...statement } : statement;
  await context.call(
    "events",
    "PutPermission",
    present({ EventBusName, Policy: JSON.stringify({ Version: "2012-10-17", Statement: [...others, own] }) }),
  );
}

export const eventsEventBusPolicy: ResourceType = {
  type: "AWS::Events::EventBusPolicy",
  create: async (properties, context) => {
    await put(properties, context);
    return {
      physicalId: `${textOf(properties, "EventBusName") ?? "default"}|${String(properties["StatementId"])}`,
      attributes: {},
    };
  },
  update: async (physicalId, properties, _previous, context) => {
    await put(properties, context);
    return { physicalId, attributes: {} };
  },
  delete: async (_id, properties, context) => {
    await context.call(
      "events",
      "RemovePermission",
      present({ EventBusName: textOf(properties, "EventBusName"), StatementId: properties["StatementId"] }),
    );
  },
  permissions: ["events:PutPermission", "events:RemovePermission", "events:DescribeEventBus"],
};
