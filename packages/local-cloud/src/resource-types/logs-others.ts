/** AWS::Logs::LogStream and AWS::Logs::ResourcePolicy. */
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
