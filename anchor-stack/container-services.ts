/**
 * Defines the second half of CloudFormation's rights in a target account, because one policy cannot hold them
 * all: container services with their tasks, target groups, rules and namespaces; builds; distributions;
 * nested stacks.
 */
import type { Construct } from "constructs";
import { allow, type Grant, managedPolicy } from "#constructs/statements.ts";
import { applicationPrefix, containerPolicy } from "#release/names/deployed-names.ts";
import { here } from "./arns.ts";
import { applicationStacks } from "./boundary.ts";
import { enterClusters, makeProjects } from "./build-grants.ts";
import { makeDistributions } from "./site-grants.ts";

const named = (service: string, actions: string): readonly string[] =>
  actions.split(/\s+/).map((action) => `${service}:${action}`);

const ofApplications =
  "CloudFormation names an application's services, clusters and tasks after its stack, with the prefix kedge-app-.";
const noResource = "IAM offers no resource for these actions.";

const nestedStacks: Grant = allow(
  [
    "CreateStack",
    "UpdateStack",
    "DeleteStack",
    "DescribeStacks",
    "DescribeStackEvents",
    "DescribeStackResources",
    "GetTemplate",
    "CreateChangeSet",
    "DescribeChangeSet",
    "ExecuteChangeSet",
    "DeleteChangeSet",
    "TagResource",
  ].map((action) => `cloudformation:${action}`),
  applicationStacks,
  { because: ofApplications },
);

export const containerGrants: readonly Grant[] = [
  allow(
    named(
      "ecs",
      `CreateService UpdateService DeleteService DescribeServices DescribeServiceDeployments ListServiceDeployments
      StopServiceDeployment RegisterTaskDefinition CreateCluster UpdateCluster UpdateClusterSettings DeleteCluster
      DescribeClusters TagResource UntagResource ListTagsForResource`,
    ),
    [
      ...[`service/*/${applicationPrefix}*`, `service-deployment/*/${applicationPrefix}*`],
      ...[`task-definition/${applicationPrefix}*`, `cluster/${applicationPrefix}*`],
    ].map((resource) => here("ecs", resource)),
    { because: ofApplications },
  ),
  allow(named("ecs", "DeregisterTaskDefinition DescribeTaskDefinition"), ["*"], { because: noResource }),
  allow(
    named(
      "elasticloadbalancing",
      `CreateTargetGroup ModifyTargetGroup ModifyTargetGroupAttributes DeleteTargetGroup CreateRule ModifyRule
      SetRulePriorities DeleteRule AddTags RemoveTags`,
    ),
    ["targetgroup/*", "listener/app/*", "listener-rule/app/*"].map((resource) =>
      here("elasticloadbalancing", resource),
    ),
    {
      because:
        "The name of a rule contains its listener, which the platform created, and Elastic Load Balancing shortens the names of target groups.",
    },
  ),
  allow(
    named(
      "elasticloadbalancing",
      "DescribeTargetGroups DescribeTargetGroupAttributes DescribeRules DescribeListeners DescribeTags",
    ),
    ["*"],
    { because: noResource },
  ),
  allow(
    named(
      "servicediscovery",
      "GetOperation GetNamespace DeleteNamespace TagResource UntagResource ListTagsForResource",
    ),
    [here("servicediscovery", "namespace/*")],
    { because: "Cloud Map gives namespaces random ids." },
  ),
  allow(["servicediscovery:CreateHttpNamespace"], ["*"], { because: noResource }),
  makeProjects,
  ...enterClusters,
  ...makeDistributions,
  nestedStacks,
];

/** Answers the policy's ARN. */
export const containerServices = (scope: Construct): string =>
  managedPolicy(scope, "ContainerServices", {
    name: containerPolicy,
    description:
      "What CloudFormation may create for services of containers, beside what its role says itself",
    grants: containerGrants,
  });
