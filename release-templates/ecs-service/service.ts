/** The resources of a service: the service itself, its load balancer rule, and its network. */
import type { PlainObject, PlainValue } from "#release/document/template-document.ts";
import { attribute, ref } from "./intrinsics.ts";
import { each, type Settings } from "./settings.ts";

type Side = {
  readonly settings: Settings;
  readonly container: string;
  /** Logical ids. */
  readonly taskDefinition: string;
  readonly targetGroup?: string;
  readonly count: PlainValue;
  readonly deployment: PlainObject;
  /** Of the load balancer, for a strategy in which ECS turns the traffic itself. */
  readonly advanced?: PlainObject;
  /** Only one of two sides is called by its name. */
  readonly discovered?: true;
};

const clusterOf = ({ cluster }: Settings): PlainValue => cluster ?? ref("Cluster");

export function service(side: Side): PlainObject {
  const { settings, container, targetGroup, advanced } = side;
  const { port = 8080, graceSeconds = 120, subnets, securityGroups, publicIp } = settings;
  return {
    Type: "AWS::ECS::Service",
    // A task that registers with a target group no listener leads to is refused.
    ...(targetGroup !== undefined && { DependsOn: ["Rule"] }),
    Properties: {
      Cluster: clusterOf(settings),
      LaunchType: "FARGATE",
      TaskDefinition: ref(side.taskDefinition),
      DesiredCount: side.count,
      DeploymentConfiguration: side.deployment,
      EnableECSManagedTags: true,
      PropagateTags: "SERVICE",
      NetworkConfiguration: {
        AwsvpcConfiguration: {
          Subnets: each(subnets),
          SecurityGroups: each(securityGroups),
          AssignPublicIp: publicIp ? "ENABLED" : "DISABLED",
        },
      },
      ...(targetGroup !== undefined && {
        HealthCheckGracePeriodSeconds: graceSeconds,
        LoadBalancers: [
          {
            ContainerName: container,
            ContainerPort: port,
            TargetGroupArn: ref(targetGroup),
            ...(advanced && { AdvancedConfiguration: advanced }),
          },
        ],
      }),
      ...(side.discovered && settings.discovery && { ServiceConnectConfiguration: connect(settings) }),
    },
  };
}

const connect = ({ discovery, port = 8080 }: Settings): PlainObject => ({
  Enabled: true,
  Namespace: discovery?.namespace ?? attribute("Namespace", "Arn"),
  Services: [
    {
      PortName: "main",
      DiscoveryName: discovery?.name ?? "",
      ClientAliases: [{ Port: port, DnsName: discovery?.name ?? "" }],
    },
  ],
});

/** A cluster of the service's own, and the namespace its services find each other in. */
export const surroundings = ({ cluster, discovery }: Settings): PlainObject => ({
  ...(cluster === undefined && {
    Cluster: {
      Type: "AWS::ECS::Cluster",
      Properties: { ClusterSettings: [{ Name: "containerInsights", Value: "enabled" }] },
    },
  }),
  ...(discovery &&
    discovery.namespace === undefined && {
      Namespace: {
        Type: "AWS::ServiceDiscovery::HttpNamespace",
        Properties: { Name: ref("AWS::StackName") },
      },
    }),
});

export function targetGroup({ vpc = "", port = 8080, healthCheck = {} }: Settings): PlainObject {
  const { path = "/", codes = "200-299", seconds = 30 } = healthCheck;
  return {
    Type: "AWS::ElasticLoadBalancingV2::TargetGroup",
    Properties: {
      TargetType: "ip",
      Protocol: "HTTP",
      Port: port,
      VpcId: vpc,
      HealthCheckPath: path,
      HealthCheckIntervalSeconds: seconds,
      Matcher: { HttpCode: codes },
      TargetGroupAttributes: [{ Key: "deregistration_delay.timeout_seconds", Value: "30" }],
    },
  };
}

type Weighted = readonly { readonly group: string; readonly weight: PlainValue }[];

/** The conditions for requests to this service, and the weights of its target groups. */
export function rule({ listener }: Settings, groups: Weighted): PlainObject {
  const { arn = "", priority = 1, hosts, paths } = listener ?? {};
  return {
    Type: "AWS::ElasticLoadBalancingV2::ListenerRule",
    Properties: {
      ListenerArn: arn,
      Priority: priority,
      Conditions: [
        ...(hosts ? [{ Field: "host-header", HostHeaderConfig: { Values: hosts } }] : []),
        ...(paths ? [{ Field: "path-pattern", PathPatternConfig: { Values: paths } }] : []),
      ],
      Actions: [
        {
          Type: "forward",
          ForwardConfig: {
            TargetGroups: groups.map(({ group, weight }) => ({ TargetGroupArn: ref(group), Weight: weight })),
          },
        },
      ],
    },
  };
}

/**
 * No task goes before another has come. ECS rounds the upper limit down, so a small service needs more than 125 percent
 * to have room for even one task.
 */
export function rolling(count: number, alarms: readonly string[] = []): PlainObject {
  const maximum = count > 0 && count < 4 ? Math.ceil(((count + 1) / count) * 100) : 125;
  return {
    MinimumHealthyPercent: 100,
    MaximumPercent: maximum,
    DeploymentCircuitBreaker: { Enable: true, Rollback: true },
    ...(alarms.length > 0 && { Alarms: { AlarmNames: alarms, Enable: true, Rollback: true } }),
  };
}
