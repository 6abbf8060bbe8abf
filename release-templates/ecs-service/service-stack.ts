/** The stack of a service that ECS itself moves to a new version: task by task, or by turning from one side to another. */
import type { PlainObject, TemplateDocument } from "#release/document/template-document.ts";
import type { Strategy } from "#release/traits/traits.ts";
import { attribute, ref, role } from "./intrinsics.ts";
import { rolling, rule, service, surroundings, targetGroup } from "./service.ts";
import type { Settings } from "./settings.ts";
import { taskDefinition, taskResources } from "./task-definition.ts";

export type ServiceStack = {
  readonly settings: Settings;
  readonly container: string;
  readonly image: string;
  readonly strategy: Strategy;
};

const oldSideMinutes = 30;

export function serviceStack({ settings, container, image, strategy }: ServiceStack): TemplateDocument {
  const { listener, count = 2 } = settings;
  const turning = strategy.type === "blue-green";
  return {
    Description: "A service released by Kedge",
    Resources: {
      ...taskResources(settings),
      ...surroundings(settings),
      TaskDefinition: taskDefinition(settings, container, image),
      ...(listener && { Targets: targetGroup(settings) }),
      ...(turning && { OtherTargets: targetGroup(settings), TurningRole: listenerRuleRole }),
      ...(listener && {
        Rule: rule(settings, [
          { group: "Targets", weight: 1 },
          ...(turning ? [{ group: "OtherTargets", weight: 0 }] : []),
        ]),
      }),
      Service: service({
        settings,
        container,
        taskDefinition: "TaskDefinition",
        ...(listener && { targetGroup: "Targets" }),
        count,
        deployment: turning ? blueGreen(strategy) : rolling(count, strategy.alarms),
        ...(turning && {
          advanced: {
            AlternateTargetGroupArn: ref("OtherTargets"),
            ProductionListenerRule: ref("Rule"),
            RoleArn: attribute("TurningRole", "Arn"),
          },
        }),
        discovered: true,
      }),
    },
    Outputs: {
      ServiceArn: { Value: ref("Service") },
      ServiceName: { Value: attribute("Service", "Name") },
      TaskDefinition: { Value: ref("TaskDefinition") },
      LogGroup: { Value: ref("Logs") },
      Image: { Value: image },
    },
  };
}

/**
 * ECS moves all traffic at once, and keeps the old side for the bake time, in which a rollback is still
 * possible.
 */
const blueGreen = ({ minutes = oldSideMinutes, alarms = [] }: Strategy): PlainObject => ({
  Strategy: "BLUE_GREEN",
  BakeTimeInMinutes: minutes,
  MinimumHealthyPercent: 100,
  MaximumPercent: 200,
  DeploymentCircuitBreaker: { Enable: true, Rollback: true },
  ...(alarms.length > 0 && { Alarms: { AlarmNames: alarms, Enable: true, Rollback: true } }),
});

/**
 * The role with which ECS changes the listener rule. Its calls are those of
 * AmazonECSInfrastructureRolePolicyForLoadBalancers.
 */
const listenerRuleRole = role("ecs.amazonaws.com", [
  {
    actions: ["DescribeListeners", "DescribeRules", "DescribeTargetGroups", "DescribeTargetHealth"].map(
      (action) => `elasticloadbalancing:${action}`,
    ),
    resources: ["*"],
  },
  { actions: ["elasticloadbalancing:ModifyRule"], resources: [ref("Rule")] },
  {
    actions: ["elasticloadbalancing:RegisterTargets", "elasticloadbalancing:DeregisterTargets"],
    resources: [ref("Targets"), ref("OtherTargets")],
  },
]);
