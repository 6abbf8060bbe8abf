/**
 * The stack of a service with a canary: two services behind one listener rule. The stable side runs the
 * previous release. Each update of the stack raises the canary's share of the requests, until the stable side
 * gets the new image.
 */
import type { PlainObject, TemplateDocument } from "#release/document/template-document.ts";
import { attribute, ref } from "./intrinsics.ts";
import { rolling, rule, service, surroundings, targetGroup } from "./service.ts";
import type { ServiceStack } from "./service-stack.ts";
import type { Settings } from "./settings.ts";
import { taskDefinition, taskResources } from "./task-definition.ts";

const weight = { Type: "Number", MinValue: 0, MaxValue: 100 };

export function canaryStack({
  settings,
  container,
}: Omit<ServiceStack, "strategy" | "image">): TemplateDocument {
  const { count = 2 } = settings;
  const side = { settings, container };
  return {
    Description: "A service released by Kedge, and its canary",
    Parameters: {
      Image: { Type: "String" },
      StableImage: { Type: "String" },
      CanaryWeight: weight,
      StableWeight: weight,
      CanaryCount: { Type: "Number", MinValue: 0 },
    },
    Resources: {
      ...taskResources(settings),
      ...surroundings(settings),
      StableTask: taskDefinition(settings, container, ref("StableImage")),
      CanaryTask: taskDefinition(settings, container, ref("Image")),
      StableTargets: targetGroup(settings),
      CanaryTargets: targetGroup(settings),
      Rule: rule(settings, [
        { group: "StableTargets", weight: ref("StableWeight") },
        { group: "CanaryTargets", weight: ref("CanaryWeight") },
      ]),
      Service: service({
        ...side,
        taskDefinition: "StableTask",
        targetGroup: "StableTargets",
        count,
        deployment: rolling(count),
        discovered: true,
      }),
      Canary: service({
        ...side,
        taskDefinition: "CanaryTask",
        targetGroup: "CanaryTargets",
        count: ref("CanaryCount"),
        deployment: rolling(count),
      }),
      Errors: errorsAlarm(settings),
    },
    Outputs: {
      ServiceArn: { Value: ref("Service") },
      CanaryArn: { Value: ref("Canary") },
      LogGroup: { Value: ref("Logs") },
      ErrorsAlarm: { Value: ref("Errors") },
      Image: { Value: ref("Image") },
      StableImage: { Value: ref("StableImage") },
    },
  };
}

/** The balancer is in its listener's ARN: `…:listener/app/<name>/<id>/<listener>`. */
const errorsAlarm = ({ listener, errors = 5 }: Settings): PlainObject => ({
  Type: "AWS::CloudWatch::Alarm",
  Properties: {
    AlarmDescription: "The canary answers with errors",
    Namespace: "AWS/ApplicationELB",
    MetricName: "HTTPCode_Target_5XX_Count",
    Dimensions: [
      { Name: "TargetGroup", Value: attribute("CanaryTargets", "TargetGroupFullName") },
      { Name: "LoadBalancer", Value: (listener?.arn ?? "").split("/").slice(1, 4).join("/") },
    ],
    Statistic: "Sum",
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: errors,
    ComparisonOperator: "GreaterThanOrEqualToThreshold",
    TreatMissingData: "notBreaching",
  },
});
