/**
 * Tests that container services are checked as ECS and Elastic Load Balancing would check them, permissions
 * included. No container runs.
 */
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStackEventsCommand,
} from "@aws-sdk/client-cloudformation";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { expect, it } from "vitest";
import { testCloud } from "#cloud/testing/cloud.ts";

const account = "111111111111";
const role = (name: string): string => `arn:aws:iam::${account}:role/${name}`;
const listener = `arn:aws:elasticloadbalancing:us-east-1:${account}:listener/app/front/0a1b/1a2b`;

const task = (change: object = {}) => ({
  Type: "AWS::ECS::TaskDefinition",
  Properties: {
    Family: "kedge-app-orders",
    RequiresCompatibilities: ["FARGATE"],
    NetworkMode: "awsvpc",
    Cpu: "256",
    Memory: "512",
    ExecutionRoleArn: role("task"),
    ContainerDefinitions: [{ Name: "orders", Image: `registry.example/orders@sha256:${"a".repeat(64)}` }],
    ...change,
  },
});
const service = (subnet: string) => ({
  Type: "AWS::ECS::Service",
  Properties: {
    Cluster: "shared",
    LaunchType: "FARGATE",
    DesiredCount: 2,
    TaskDefinition: { Ref: "Task" },
    NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [subnet], SecurityGroups: ["sg-0a1b2c3d"] } },
  },
});
const group = (vpc: string) => ({
  Type: "AWS::ElasticLoadBalancingV2::TargetGroup",
  Properties: { TargetType: "ip", Port: 80, Protocol: "HTTP", VpcId: vpc },
});
const rule = (ListenerArn: string) => ({
  Type: "AWS::ElasticLoadBalancingV2::ListenerRule",
  Properties: {
    ListenerArn,
    Priority: 1,
    Conditions: [{ Field: "path-pattern", Values: ["/a"] }],
    Actions: [{ Type: "forward", ForwardConfig: { TargetGroups: [{ TargetGroupArn: { Ref: "Group" } }] } }],
  },
});

/** Returns the stack's first failure, if any. The stack is created as a role that may do `actions`. */
async function failureOf(Resources: object, actions: readonly string[] = ["*"]) {
  await using cloud = await testCloud({ pace: { resource: 1, poll: 5 } });
  const iam = cloud.client(IAMClient, account);
  const trust = {
    Effect: "Allow",
    Principal: { Service: "cloudformation.amazonaws.com" },
    Action: "sts:AssumeRole",
  };
  await iam.send(
    new CreateRoleCommand({
      RoleName: "maker",
      AssumeRolePolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [trust] }),
    }),
  );
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: "maker",
      PolicyName: "p",
      PolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: actions, Resource: "*" }],
      }),
    }),
  );
  const stacks = cloud.client(CloudFormationClient, account);
  await stacks.send(
    new CreateStackCommand({
      StackName: "kedge-app-orders",
      TemplateBody: JSON.stringify({ Resources }),
      RoleARN: role("maker"),
    }),
  );
  await cloud.cloud().settled();
  const { StackEvents = [] } = await stacks.send(
    new DescribeStackEventsCommand({ StackName: "kedge-app-orders" }),
  );
  const failed = StackEvents.filter(({ ResourceStatus }) => ResourceStatus === "CREATE_FAILED");
  return { failure: failed.at(-1)?.ResourceStatusReason, logged: cloud.logged };
}

const whole = {
  Task: task(),
  Service: service("subnet-0a1b2c3d"),
  Group: group("vpc-0a1b2c3d"),
  Rule: rule(listener),
};

it("records the services, and the log says that no container runs", async () => {
  const { failure, logged } = await failureOf(whole);
  expect(failure).toBeUndefined();
  expect(logged.join("\n")).toMatch(/Service: 2 tasks wanted; recorded: no container runs/);
});

it.each([
  ["memory that Fargate does not have", { Task: task({ Memory: "700" }) }, /No Fargate configuration exists/],
  ["another network mode", { Task: task({ NetworkMode: "bridge" }) }, /only supports network mode 'awsvpc'/],
  [
    "a digest that is none",
    { Task: task({ ContainerDefinitions: [{ Name: "a", Image: "r.example/a@sha256:12" }] }) },
    /invalid characters/,
  ],
  ["a subnet that is none", { Task: task(), Service: service("private") }, /subnet ID 'private'/],
  ["a network that is none", { Group: group("main") }, /VPC ID 'main'/],
  [
    "a listener that is none",
    { Group: group("vpc-0a1b2c3d"), Rule: rule("front") },
    /not a valid listener ARN/,
  ],
])("rejects %s", async (_, resources, message) => {
  expect((await failureOf(resources)).failure).toMatch(message);
});

const withoutRule = { Task: task(), Service: service("subnet-0a1b2c3d") };

it.each([
  ["to hand a role to tasks", withoutRule, ["ecs:*"], /iam:PassRole/],
  ["to make services", withoutRule, ["ecs:RegisterTaskDefinition", "iam:PassRole"], /ecs:CreateService/],
  ["to make target groups", { Group: group("vpc-0a1b2c3d") }, ["ecs:*"], /loadbalancing:CreateTargetGroup/],
])("requires the right %s", async (_, resources, actions, message) => {
  expect((await failureOf(resources, actions)).failure).toMatch(message);
});
