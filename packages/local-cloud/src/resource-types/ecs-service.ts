/**
 * AWS::ECS::Service and AWS::ECS::Cluster are checked and recorded. No container runs, and the log says so.
 */
import { isList, isObject, type Json, type JsonObject } from "#cloud/cloudformation/json.ts";
import { ResourceFailure } from "./resource-failure.ts";
import { present, type ResourceContext, type ResourceType, textOf } from "./resource-type.ts";

const invalidRequest = (message: string): ResourceFailure =>
  new ResourceFailure(
    `Invalid request provided: CreateService error: ${message} (Service: AmazonECS; Status Code: 400; Error Code: InvalidParameterException)`,
  );

const member = (value: Json | undefined, name: string): Json | undefined =>
  isObject(value) ? value[name] : undefined;

const texts = (value: Json | undefined): readonly string[] => (isList(value) ? value.map(String) : []);
const objects = (value: Json | undefined): readonly JsonObject[] =>
  isList(value) ? value.filter(isObject) : [];

function check(properties: JsonObject): void {
  const network = member(properties["NetworkConfiguration"], "AwsvpcConfiguration");
  const subnets = texts(member(network, "Subnets"));
  if (properties["LaunchType"] === "FARGATE" && subnets.length === 0)
    throw invalidRequest("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
  const odd = subnets.find((id) => !/^subnet-[0-9a-f]{8,17}$/.test(id));
  if (odd !== undefined) throw invalidRequest(`The subnet ID '${odd}' does not exist`);
  const group = texts(member(network, "SecurityGroups")).find((id) => !/^sg-[0-9a-f]{8,17}$/.test(id));
  if (group !== undefined) throw invalidRequest(`The security group ID '${group}' does not exist`);
}

const infrastructureRoles = (properties: JsonObject): readonly string[] =>
  objects(properties["LoadBalancers"]).flatMap((each) =>
    texts([member(each["AdvancedConfiguration"], "RoleArn") ?? ""]).filter(Boolean),
  );

const input = (properties: JsonObject, name: string): Record<string, unknown> =>
  present({
    cluster: textOf(properties, "Cluster"),
    serviceName: name,
    infrastructureRoleArns: infrastructureRoles(properties),
  });

const say = ({ cloud, stackName, logicalId }: ResourceContext, count: Json | undefined): void =>
  cloud.log(
    `ecs: ${stackName} ${logicalId}: ${String(count ?? 1)} tasks wanted; recorded: no container runs`,
  );

export const ecsService: ResourceType = {
  type: "AWS::ECS::Service",
  create: async (properties, context) => {
    check(properties);
    const name = textOf(properties, "ServiceName") ?? context.name({ max: 255 });
    const { serviceArn } = await context.call<{ serviceArn: string }>(
      "ecs",
      "CreateService",
      input(properties, name),
    );
    say(context, properties["DesiredCount"]);
    return { physicalId: serviceArn, attributes: { ServiceArn: serviceArn, Name: name } };
  },
  update: async (arn, properties, _previous, context) => {
    check(properties);
    const name = arn.split("/").at(-1) ?? "";
    await context.call("ecs", "UpdateService", { ...input(properties, name), service: arn });
    say(context, properties["DesiredCount"]);
    return { physicalId: arn, attributes: { ServiceArn: arn, Name: name } };
  },
  delete: async (service, properties, context) => {
    await context.call("ecs", "DeleteService", present({ cluster: textOf(properties, "Cluster"), service }));
  },
  permissions: ["ecs:CreateService", "ecs:UpdateService", "ecs:DeleteService", "iam:PassRole"],
};

const clusterArn = (name: string, { region, account }: ResourceContext): string =>
  `arn:aws:ecs:${region}:${account}:cluster/${name}`;

export const ecsCluster: ResourceType = {
  type: "AWS::ECS::Cluster",
  create: async (properties, context) => {
    const clusterName = textOf(properties, "ClusterName") ?? context.name({ max: 255 });
    await context.call("ecs", "CreateCluster", { clusterName });
    return { physicalId: clusterName, attributes: { Arn: clusterArn(clusterName, context) } };
  },
  update: async (name, _properties, _previous, context) => ({
    physicalId: name,
    attributes: { Arn: clusterArn(name, context) },
  }),
  delete: async (clusterName, _properties, context) => {
    await context.call("ecs", "DeleteCluster", { clusterName });
  },
  permissions: ["ecs:CreateCluster", "ecs:DeleteCluster"],
};
