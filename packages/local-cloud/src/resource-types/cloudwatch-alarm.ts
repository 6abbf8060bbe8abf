/**
 * AWS::CloudWatch::Alarm on a single metric. Alarms on metric math, percentiles and anomalies are only
 * recorded.
 */
import type { JsonObject } from "#cloud/cloudformation/json.ts";
import {
  type Provisioned,
  present,
  type ResourceContext,
  type ResourceType,
  textOf,
} from "./resource-type.ts";
import { allTags } from "./tag-lists.ts";

/** Properties that PutMetricAlarm takes under the same name. */
const same = [
  "ActionsEnabled",
  "AlarmActions",
  "AlarmDescription",
  "ComparisonOperator",
  "DatapointsToAlarm",
  "Dimensions",
  "EvaluationPeriods",
  "InsufficientDataActions",
  "MetricName",
  "Namespace",
  "OKActions",
  "Period",
  "Statistic",
  "Threshold",
  "TreatMissingData",
  "Unit",
];

/** Properties of alarms that the embedded CloudWatch does not evaluate. */
const beyond = ["Metrics", "ExtendedStatistic", "ThresholdMetricId"];

async function put(name: string, properties: JsonObject, context: ResourceContext): Promise<Provisioned> {
  if (!beyond.some((each) => properties[each] !== undefined)) {
    await context.call("monitoring", "PutMetricAlarm", {
      AlarmName: name,
      ...present(Object.fromEntries(same.map((each) => [each, properties[each]]))),
      Tags: allTags(properties, context),
    });
  }
  const Arn = `arn:aws:cloudwatch:${context.region}:${context.account}:alarm:${name}`;
  return { physicalId: name, attributes: { Arn } };
}

export const cloudWatchAlarm: ResourceType = {
  type: "AWS::CloudWatch::Alarm",
  create: (properties, context) =>
    put(textOf(properties, "AlarmName") ?? context.name({ max: 255 }), properties, context),
  update: (name, properties, _previous, context) => put(name, properties, context),
  delete: async (name, _properties, context) => {
    await context.call("monitoring", "DeleteAlarms", { AlarmNames: [name] });
  },
  permissions: ["cloudwatch:PutMetricAlarm", "cloudwatch:DeleteAlarms"],
};
