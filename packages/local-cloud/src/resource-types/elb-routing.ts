/**
 * AWS::ElasticLoadBalancingV2::TargetGroup and ListenerRule are checked and recorded. No call is balanced.
 */
import { createHash } from "node:crypto";
import { isList, isObject, type JsonObject } from "#cloud/cloudformation/json.ts";
import { ResourceFailure } from "./resource-failure.ts";
import { type ResourceContext, type ResourceType, textOf } from "./resource-type.ts";

const service = "elasticloadbalancing";
const drawn = (seed: string): string => createHash("sha256").update(seed).digest("hex").slice(0, 16);
const call = (context: ResourceContext, operation: string, ResourceArn: string): Promise<unknown> =>
  context.call(service, operation, { ResourceArn });

const invalidRequest = (message: string): ResourceFailure =>
  new ResourceFailure(
    `${message} (Service: ElasticLoadBalancingV2; Status Code: 400; Error Code: ValidationError)`,
  );

export const elbTargetGroup: ResourceType = {
  type: "AWS::ElasticLoadBalancingV2::TargetGroup",
  create: async (properties, context) => {
    const vpc = textOf(properties, "VpcId");
    if (properties["TargetType"] !== "lambda" && !/^vpc-[0-9a-f]{8,17}$/.test(vpc ?? ""))
      throw invalidRequest(`The VPC ID '${vpc ?? ""}' is not found`);
    const name = textOf(properties, "Name") ?? context.name({ max: 32 });
    const full = `targetgroup/${name}/${drawn(context.token)}`;
    const arn = `arn:aws:${service}:${context.region}:${context.account}:${full}`;
    await call(context, "CreateTargetGroup", arn);
    return {
      physicalId: arn,
      attributes: { TargetGroupArn: arn, TargetGroupFullName: full, TargetGroupName: name },
    };
  },
  update: async (arn, _properties, _previous, context) => {
    await call(context, "ModifyTargetGroup", arn);
    return { physicalId: arn, attributes: { TargetGroupArn: arn } };
  },
  delete: async (arn, _properties, context) => void (await call(context, "DeleteTargetGroup", arn)),
  permissions: ["CreateTargetGroup", "ModifyTargetGroup", "DeleteTargetGroup"].map(
    (action) => `${service}:${action}`,
  ),
};

const listener =
  /^arn:aws[\w-]*:elasticloadbalancing:[a-z0-9-]+:\d{12}:listener\/(app|net)\/[\w-]+\/[0-9a-f]+\/[0-9a-f]+$/;

function checkRule(properties: JsonObject): void {
  const arn = textOf(properties, "ListenerArn") ?? "";
  if (!listener.test(arn)) throw invalidRequest(`'${arn}' is not a valid listener ARN`);
  const actions = isList(properties["Actions"]) ? properties["Actions"].filter(isObject) : [];
  for (const { ForwardConfig } of actions) {
    const groups = isObject(ForwardConfig) ? ForwardConfig["TargetGroups"] : undefined;
    const weights = isList(groups)
      ? groups.filter(isObject).map((group) => Number(group["Weight"] ?? 1))
      : [];
    if (weights.some((weight) => !(weight >= 0 && weight <= 999)))
      throw invalidRequest("The weight of a target group must be between 0 and 999");
  }
}

export const elbListenerRule: ResourceType = {
  type: "AWS::ElasticLoadBalancingV2::ListenerRule",
  create: async (properties, context) => {
    checkRule(properties);
    const of = textOf(properties, "ListenerArn") ?? "";
    await call(context, "CreateRule", of);
    const arn = `${of.replace(":listener/", ":listener-rule/")}/${drawn(context.token)}`;
    return { physicalId: arn, attributes: { RuleArn: arn, IsDefault: false } };
  },
  update: async (arn, properties, _previous, context) => {
    checkRule(properties);
    await call(context, "ModifyRule", arn);
    return { physicalId: arn, attributes: { RuleArn: arn, IsDefault: false } };
  },
  delete: async (arn, _properties, context) => void (await call(context, "DeleteRule", arn)),
  permissions: ["CreateRule", "ModifyRule", "DeleteRule"].map((action) => `${service}:${action}`),
};
