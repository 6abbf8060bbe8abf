/** AWS::ECS::TaskDefinition is checked as Fargate would check it. No service registers it. */
import { isList, isObject, type Json, type JsonObject } from "#cloud/cloudformation/json.ts";
import { ResourceFailure } from "./resource-failure.ts";
import { present, type ResourceType, textOf } from "./resource-type.ts";

const gigabyte = 1024;
const range = (least: number, most: number, step = 1): readonly number[] =>
  Array.from({ length: (most - least) / step + 1 }, (_, at) => (least + at * step) * gigabyte);

/** Memory in megabytes by CPU units, for Linux (ECS Developer Guide, "Task size"). */
const fargate: Readonly<Record<string, readonly number[]>> = {
  256: [512, gigabyte, 2 * gigabyte],
  512: range(1, 4),
  1024: range(2, 8),
  2048: range(4, 16),
  4096: range(8, 30),
  8192: range(16, 60, 4),
  16384: range(32, 120, 8),
};

const image = /^[\w.-]+(:\d+)?(\/[\w.-]+)*(:[\w.-]{1,128})?(@sha256:[0-9a-f]{64})?$/;

const invalidRequest = (message: string): ResourceFailure =>
  new ResourceFailure(
    `Invalid request provided: Create TaskDefinition: ${message} (Service: AmazonECS; Status Code: 400; Error Code: ClientException)`,
  );

const listOf = (value: Json | undefined): readonly JsonObject[] =>
  isList(value) ? value.filter(isObject) : [];

function check(properties: JsonObject): void {
  const needs = properties["RequiresCompatibilities"];
  const [cpu, memory] = [textOf(properties, "Cpu") ?? "", Number(textOf(properties, "Memory"))];
  if (isList(needs) && needs.includes("FARGATE")) {
    if (properties["NetworkMode"] !== "awsvpc")
      throw invalidRequest("Fargate only supports network mode 'awsvpc'.");
    if (!fargate[cpu]?.includes(memory))
      throw invalidRequest(`No Fargate configuration exists for given values: ${cpu} CPU, ${memory} memory.`);
  }
  const containers = listOf(properties["ContainerDefinitions"]);
  if (containers.length === 0) throw invalidRequest("Container list cannot be empty.");
  for (const container of containers) {
    const named = textOf(container, "Image") ?? "";
    if (!image.test(named)) throw invalidRequest(`Container.image contains invalid characters: ${named}`);
    const logs = isObject(container["LogConfiguration"]) || listOf(container["Secrets"]).length > 0;
    if (logs && textOf(properties, "ExecutionRoleArn") === undefined)
      throw invalidRequest(
        "Fargate requires task definition to have execution role ARN to support log driver awslogs.",
      );
  }
}

export const ecsTaskDefinition: ResourceType = {
  type: "AWS::ECS::TaskDefinition",
  create: async (properties, context) => {
    check(properties);
    const family = textOf(properties, "Family") ?? context.name({ max: 255 });
    await context.call(
      "ecs",
      "RegisterTaskDefinition",
      present({
        family,
        executionRoleArn: textOf(properties, "ExecutionRoleArn"),
        taskRoleArn: textOf(properties, "TaskRoleArn"),
      }),
    );
    // No service counts revisions here, so each creation draws a number.
    const revision = Number.parseInt(Buffer.from(context.token).toString("hex").slice(-8), 16);
    const arn = `arn:aws:ecs:${context.region}:${context.account}:task-definition/${family}:${revision}`;
    return { physicalId: arn, attributes: { TaskDefinitionArn: arn } };
  },
  delete: async (taskDefinition, _properties, context) => {
    await context.call("ecs", "DeregisterTaskDefinition", { taskDefinition });
  },
  permissions: ["ecs:RegisterTaskDefinition", "ecs:DeregisterTaskDefinition", "iam:PassRole"],
};
