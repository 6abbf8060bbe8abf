/** AWS::Logs::LogGroup. */
import { present, type ResourceContext, type ResourceType, textOf } from "./resource-type.ts";
import { allTags, tagMap } from "./tag-lists.ts";

const arnOf = (name: string, context: ResourceContext): string =>
  `arn:aws:logs:${context.region}:${context.account}:log-group:${name}`;

const described = (name: string, context: ResourceContext) => ({
  physicalId: name,
  attributes: { Arn: `${arnOf(name, context)}:*` },
});

export const logsLogGroup: ResourceType = {
  type: "AWS::Logs::LogGroup",
  create: async (properties, context) => {
    const logGroupName = textOf(properties, "LogGroupName") ?? context.name({ max: 512 });
    const tags = tagMap(allTags(properties, context));
    await context.call(
      "logs",
      "CreateLogGroup",
      present({
        logGroupName,
        kmsKeyId: properties["KmsKeyId"],
        logGroupClass: properties["LogGroupClass"],
        ...(Object.keys(tags).length > 0 ? { tags } : {}),
      }),
    );
    const retentionInDays = properties["RetentionInDays"];
    if (retentionInDays !== undefined)
      await context.call("logs", "PutRetentionPolicy", { logGroupName, retentionInDays });
    return described(logGroupName, context);
  },
  update: async (logGroupName, properties, previous, context) => {
    const retentionInDays = properties["RetentionInDays"];
    if (retentionInDays !== undefined)
      await context.call("logs", "PutRetentionPolicy", { logGroupName, retentionInDays });
    else if (previous["RetentionInDays"] !== undefined)
      await context.call("logs", "DeleteRetentionPolicy", { logGroupName });
    const tags = tagMap(allTags(properties, context));
    if (Object.keys(tags).length > 0)
      await context.call("logs", "TagResource", { resourceArn: arnOf(logGroupName, context), tags });
    return described(logGroupName, context);
  },
  delete: async (logGroupName, _properties, context) => {
    await context.call("logs", "DeleteLogGroup", { logGroupName });
  },
  permissions: [
    "logs:CreateLogGroup",
    "logs:PutRetentionPolicy",
    "logs:DeleteRetentionPolicy",
    "logs:TagResource",
    "logs:DeleteLogGroup",
  ],
};
