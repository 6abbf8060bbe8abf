/** AWS::Logs::LogStream, SubscriptionFilter and ResourcePolicy. */
import type { JsonObject } from "#cloud/cloudformation/json.ts";
import { policyText } from "./policy-text.ts";
import { type ResourceContext, type ResourceType, textOf } from "./resource-type.ts";

export const logsLogStream: ResourceType = {
  type: "AWS::Logs::LogStream",
  create: async (properties, context) => {
    const logStreamName = textOf(properties, "LogStreamName") ?? context.name({ max: 512 });
    await context.call("logs", "CreateLogStream", {
      logGroupName: properties["LogGroupName"],
      logStreamName,
    });
    return { physicalId: logStreamName, attributes: {} };
  },
  delete: async (logStreamName, { LogGroupName: logGroupName }, context) => {
    await context.call("logs", "DeleteLogStream", { logGroupName, logStreamName });
  },
  permissions: ["logs:CreateLogStream", "logs:DeleteLogStream"],
};

const putPolicy = async (properties: JsonObject, context: ResourceContext): Promise<void> => {
  await context.call("logs", "PutResourcePolicy", {
    policyName: properties["PolicyName"],
    policyDocument: policyText(properties["PolicyDocument"]),
  });
};

export const logsResourcePolicy: ResourceType = {
  type: "AWS::Logs::ResourcePolicy",
  create: async (properties, context) => {
    await putPolicy(properties, context);
    return { physicalId: String(properties["PolicyName"]), attributes: {} };
  },
  update: async (physicalId, properties, _previous, context) => {
    await putPolicy(properties, context);
    return { physicalId, attributes: {} };
  },
  delete: async (policyName, _properties, context) => {
    await context.call("logs", "DeleteResourcePolicy", { policyName });
  },
  permissions: ["logs:PutResourcePolicy", "logs:DeleteResourcePolicy"],
};

const putFilter = async (
  filterName: string,
  properties: JsonObject,
  context: ResourceContext,
): Promise<void> => {
  await context.call("logs", "PutSubscriptionFilter", {
    logGroupName: properties["LogGroupName"],
    filterName,
    filterPattern: properties["FilterPattern"],
    destinationArn: properties["DestinationArn"],
  });
};

export const logsSubscriptionFilter: ResourceType = {
  type: "AWS::Logs::SubscriptionFilter",
  create: async (properties, context) => {
    const filterName = textOf(properties, "FilterName") ?? context.name({ max: 512 });
    await putFilter(filterName, properties, context);
    return { physicalId: filterName, attributes: {} };
  },
  update: async (filterName, properties, _previous, context) => {
    await putFilter(filterName, properties, context);
    return { physicalId: filterName, attributes: {} };
  },
  delete: async (filterName, { LogGroupName: logGroupName }, context) => {
    await context.call("logs", "DeleteSubscriptionFilter", { logGroupName, filterName });
  },
  permissions: ["logs:PutSubscriptionFilter", "logs:DeleteSubscriptionFilter"],
};
