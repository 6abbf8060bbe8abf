/** The task definition of a service, with its roles and its log group. */

import { parseReferences } from "#release/document/references.ts";
import type { PlainObject, PlainValue } from "#release/document/template-document.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import { arn, attribute, ref, role } from "./intrinsics.ts";
import type { Settings } from "./settings.ts";

/** `image`: an intrinsic or a text. */
export function taskDefinition(settings: Settings, container: string, image: PlainValue): PlainObject {
  const { cpu = 256, memory = 512, architecture = "X86_64", port = 8080 } = settings;
  const { command, environment = {}, secrets = {}, healthCheck } = settings;
  return {
    Type: "AWS::ECS::TaskDefinition",
    Properties: {
      Family: ref("AWS::StackName"),
      RequiresCompatibilities: ["FARGATE"],
      NetworkMode: "awsvpc",
      Cpu: String(cpu),
      Memory: String(memory),
      RuntimePlatform: { CpuArchitecture: architecture, OperatingSystemFamily: "LINUX" },
      ExecutionRoleArn: attribute("ExecutionRole", "Arn"),
      TaskRoleArn: attribute("TaskRole", "Arn"),
      ContainerDefinitions: [
        {
          Name: container,
          Image: image,
          Essential: true,
          PortMappings: [{ Name: "main", ContainerPort: port, Protocol: "tcp", AppProtocol: "http" }],
          ...(command && { Command: command }),
          Environment: Object.entries(environment).map(([Name, Value]) => ({ Name, Value })),
          Secrets: Object.entries(secrets).map(([Name, Value]) => ({
            Name,
            ValueFrom: valueFrom(Name, Value),
          })),
          ...(healthCheck?.command !== undefined && {
            HealthCheck: {
              Command: ["CMD-SHELL", healthCheck.command],
              Interval: healthCheck.seconds ?? 30,
            },
          }),
          LogConfiguration: {
            LogDriver: "awslogs",
            Options: {
              "awslogs-group": ref("Logs"),
              "awslogs-region": ref("AWS::Region"),
              "awslogs-stream-prefix": container,
            },
          },
        },
      ],
    },
  };
}

/** ECS reads the value when it starts the task; Kedge never sees it. */
function valueFrom(name: string, value: string): PlainValue {
  const [only, ...others] = parseReferences(value).pieces;
  if (others.length === 0 && only?.kind === "ssm") {
    const path = only.name.startsWith("/") ? only.name : `/${only.name}`;
    return arn("ssm", `parameter${path}`);
  }
  if (/^arn:[\w-]+:(ssm|secretsmanager):\S+$/.test(value)) return value;
  const seen = `The secret ${name} is ${JSON.stringify(value)}; expected \${ssm:/path}, or the ARN of a parameter or secret.`;
  throw new ReleaseError("SettingsMalformed", seen);
}

export function taskResources(settings: Settings): PlainObject {
  const { policies = [], secrets = {}, logRetention = 90 } = settings;
  const from = Object.entries(secrets).map(([name, value]) => valueFrom(name, value));
  const wanted = from.map((each) => (typeof each === "string" ? secretArn(each) : each));
  return {
    Logs: { Type: "AWS::Logs::LogGroup", Properties: { RetentionInDays: logRetention } },
    ExecutionRole: role("ecs-tasks.amazonaws.com", [
      { actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [attribute("Logs", "Arn")] },
      { actions: ["ecr:GetAuthorizationToken"], resources: ["*"] },
      // Images are in a registry of the organization, which may be another account's.
      {
        actions: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        resources: ["*"],
      },
      ...(wanted.length > 0
        ? [{ actions: ["ssm:GetParameters", "secretsmanager:GetSecretValue"], resources: wanted }]
        : []),
    ]),
    TaskRole: role("ecs-tasks.amazonaws.com", policies),
  };
}

/** ECS takes a key, a stage and a version behind a secret's ARN; IAM knows the secret alone. */
const secretArn = (text: string): string => text.split(":").slice(0, 7).join(":");
