/**
 * Serves the calls of CloudFormation to Amazon ECS. IAM decides about services, task definitions, clusters
 * and passed roles as on AWS, but no task runs. A client from outside gets the error of an unknown operation.
 */
import type { AccessRequest } from "#cloud/kernel/access.ts";
import type { Call, Operation, Service } from "#cloud/kernel/service.ts";

type Input = {
  readonly cluster?: string;
  readonly clusterName?: string;
  readonly serviceName?: string;
  readonly service?: string;
  readonly family?: string;
  readonly executionRoleArn?: string;
  readonly taskRoleArn?: string;
  /** The roles with which ECS changes the rules of load balancers. */
  readonly infrastructureRoleArns?: readonly string[];
};

type Location = Pick<Call<unknown>, "account" | "region">;

const arn = ({ region, account }: Location, resource: string): string =>
  `arn:aws:ecs:${region}:${account}:${resource}`;

const passRole = (role: string | undefined, service: string): readonly AccessRequest[] =>
  role === undefined
    ? []
    : [
        {
          action: "iam:PassRole",
          resource: role,
          resourceAccount: role.split(":")[4] ?? "",
          context: { "iam:PassedToService": service },
        },
      ];

const nameOf = (cluster = "default"): string => cluster.split("/").at(-1) ?? cluster;

const serviceArn = (call: Location, { cluster, serviceName, service }: Input): string =>
  service?.startsWith("arn:") ? service : arn(call, `service/${nameOf(cluster)}/${serviceName ?? service}`);

const onService =
  (action: string): Operation<Input, unknown, unknown>["access"] =>
  (input, call) => [
    { action: `ecs:${action}`, resource: serviceArn(call, input) },
    ...(input.infrastructureRoleArns ?? []).flatMap((role) => passRole(role, "ecs.amazonaws.com")),
  ];

const onCluster =
  (action: string): Operation<Input, unknown, unknown>["access"] =>
  ({ clusterName, cluster }, call) => ({
    action: `ecs:${action}`,
    resource: arn(call, `cluster/${clusterName ?? nameOf(cluster)}`),
  });

const operation = (
  access: Operation<Input, unknown, unknown>["access"],
  run: Operation<Input, unknown, unknown>["run"] = () => ({}),
): Operation<never, unknown, never> => ({ access, run }) as Operation<never, unknown, never>;

export const ecs: Service = {
  name: "ecs",
  sdk: {},
  protocols: ["json-1.1"],
  target: "AmazonEC2ContainerServiceV20141113",
  state: () => ({}),
  operations: {
    CreateCluster: operation(onCluster("CreateCluster")),
    CreateService: operation(onService("CreateService"), (input, call) => ({
      serviceArn: serviceArn(call, input),
    })),
    DeleteCluster: operation(onCluster("DeleteCluster")),
    DeleteService: operation(onService("DeleteService")),
    DeregisterTaskDefinition: operation(() => ({ action: "ecs:DeregisterTaskDefinition", resource: "*" })),
    RegisterTaskDefinition: operation(({ family, executionRoleArn, taskRoleArn }, call) => [
      { action: "ecs:RegisterTaskDefinition", resource: arn(call, `task-definition/${family}:*`) },
      ...passRole(executionRoleArn, "ecs-tasks.amazonaws.com"),
      ...passRole(taskRoleArn, "ecs-tasks.amazonaws.com"),
    ]),
    UpdateService: operation(onService("UpdateService")),
  },
};
