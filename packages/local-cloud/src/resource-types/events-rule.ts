/** AWS::Events::Rule. */
import { isList, isObject, type JsonObject } from "#cloud/cloudformation/json.ts";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import {
  type Provisioned,
  present,
  type ResourceContext,
  type ResourceType,
  textOf,
} from "./resource-type.ts";
import { allTags } from "./tag-lists.ts";

const targets = (properties: JsonObject): readonly JsonObject[] => {
  const value = properties["Targets"];
  return isList(value) ? value.filter(isObject) : [];
};

/** Converts the schema's spellings that differ from the API's. */
const apiTarget = (target: JsonObject): Record<string, unknown> => {
  const { InputTransformer: transformer, ...rest } = target;
  return {
    ...rest,
    ...(isObject(transformer)
      ? {
          InputTransformer: {
            InputPathsMap: transformer["InputPathsMap"],
            InputTemplate: transformer["InputTemplate"],
          },
        }
      : {}),
  };
};

const identity = (physicalId: string): { readonly Name: string; readonly EventBusName?: string } => {
  const bar = physicalId.indexOf("|");
  return bar < 0
    ? { Name: physicalId }
    : { EventBusName: physicalId.slice(0, bar), Name: physicalId.slice(bar + 1) };
};

async function put(
  Name: string,
  bus: string | undefined,
  properties: JsonObject,
  context: ResourceContext,
): Promise<string> {
  const pattern = properties["EventPattern"];
  const answer = await context.call<{ RuleArn: string }>(
    "events",
    "PutRule",
    present({
      Name,
      EventBusName: bus,
      Description: properties["Description"],
      EventPattern:
        pattern === undefined ? undefined : isObject(pattern) ? JSON.stringify(pattern) : String(pattern),
      ScheduleExpression: properties["ScheduleExpression"],
      State: properties["State"],
      RoleArn: properties["RoleArn"],
      Tags: allTags(properties, context),
    }),
  );
  if (targets(properties).length > 0) {
    const result = await context.call<{
      FailedEntryCount?: number;
      FailedEntries?: readonly { ErrorMessage?: string }[];
    }>(
      "events",
      "PutTargets",
      present({ Rule: Name, EventBusName: bus, Targets: targets(properties).map(apiTarget) }),
    );
    const [failed] = result.FailedEntries ?? [];
    if (failed) throw new AwsError("ValidationException", failed.ErrorMessage ?? "Target could not be added");
  }
  return answer.RuleArn;
}

const described = (Name: string, bus: string | undefined, arn: string): Provisioned => ({
  physicalId: bus === undefined || bus === "default" ? Name : `${bus.split("/").at(-1) ?? bus}|${Name}`,
  attributes: { Arn: arn },
});

export const eventsRule: ResourceType = {
  type: "AWS::Events::Rule",
  create: async (properties, context) => {
    const Name = textOf(properties, "Name") ?? context.name({ max: 64 });
    const bus = textOf(properties, "EventBusName");
    return described(Name, bus, await put(Name, bus, properties, context));
  },
  update: async (physicalId, properties, previous, context) => {
    const bus = textOf(properties, "EventBusName");
    const { Name } = identity(physicalId);
    const arn = await put(Name, bus, properties, context);
    const kept = targets(properties).map((target) => String(target["Id"]));
    const Ids = targets(previous)
      .map((target) => String(target["Id"]))
      .filter((id) => !kept.includes(id));
    if (Ids.length > 0)
      await context.call("events", "RemoveTargets", present({ Rule: Name, EventBusName: bus, Ids }));
    return described(Name, bus, arn);
  },
  delete: async (physicalId, properties, context) => {
    const { Name } = identity(physicalId);
    const EventBusName = textOf(properties, "EventBusName");
    const Ids = targets(properties).map((target) => String(target["Id"]));
    if (Ids.length > 0)
      await context.call("events", "RemoveTargets", present({ Rule: Name, EventBusName, Ids }));
    await context.call("events", "DeleteRule", present({ Name, EventBusName }));
  },
  permissions: [
    "events:PutRule",
    "events:PutTargets",
    "events:RemoveTargets",
    "events:DeleteRule",
    "iam:PassRole",
  ],
};
