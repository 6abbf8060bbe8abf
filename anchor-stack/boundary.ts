/**
 * Defines kedge-app-boundary: the maximum rights of everything that is released into a target account,
 * whatever its own policies allow. It limits the execution role and every role of an application, and
 * protects Kedge's own resources from both. It applies in every region of the account; the policies of each
 * region decide which regions are open.
 */
import { CfnManagedPolicy } from "aws-cdk-lib/aws-iam";
import { Aws } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import {
  acknowledgeWildcards,
  allow,
  deny,
  type Grant,
  passRole,
  policyDocument,
} from "#constructs/statements.ts";
import { applicationPrefix, boundary, containerPolicy, roles, rules } from "#release/names/deployed-names.ts";
import { handlersStay } from "./handler-grants.ts";

const boundaryArn = `arn:aws:iam::${Aws.ACCOUNT_ID}:policy/${boundary}`;
const applicationRoles = `arn:aws:iam::${Aws.ACCOUNT_ID}:role/${applicationPrefix}*`;

/** The services that an application's role can be passed to. */
const passedTo = [
  "lambda.amazonaws.com",
  "apigateway.amazonaws.com",
  "states.amazonaws.com",
  "events.amazonaws.com",
  "scheduler.amazonaws.com",
  "pipes.amazonaws.com",
  "codebuild.amazonaws.com",
  "ecs-tasks.amazonaws.com",
  "ecs.amazonaws.com",
] as const;

const cap =
  "A boundary grants nothing. This statement limits applications to their own account and to the serverless services.";
const byRole =
  "CloudFormation names an application's roles after its stack, with the prefix kedge-app-. Other roles do not have this prefix.";

/** Services whose resources carry the account in their ARN. */
const accountServices = [
  "lambda",
  "dynamodb",
  "sqs",
  "sns",
  "events",
  "scheduler",
  "states",
  "logs",
  "cloudwatch",
  "ssm",
  "secretsmanager",
  "kms",
  "kinesis",
  "execute-api",
  "pipes",
  "ecs",
  "elasticloadbalancing",
  "servicediscovery",
  "cloudfront",
] as const;

/** Actions that IAM checks without a resource. */
const withoutResource = [
  "cloudwatch:PutMetricData",
  "ecr:GetAuthorizationToken",
  "ecs:DeregisterTaskDefinition",
  "ecs:DescribeTaskDefinition",
  "elasticloadbalancing:DescribeListeners",
  "elasticloadbalancing:DescribeRules",
  "elasticloadbalancing:DescribeTags",
  "elasticloadbalancing:DescribeTargetGroupAttributes",
  "elasticloadbalancing:DescribeTargetGroups",
  "elasticloadbalancing:DescribeTargetHealth",
  "servicediscovery:CreateHttpNamespace",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSecurityGroups",
  "ec2:DescribeSubnets",
  "ec2:DescribeVpcs",
  "lambda:CreateEventSourceMapping",
  "lambda:ListEventSourceMappings",
  "logs:DescribeLogGroups",
  "logs:DescribeResourcePolicies",
  "logs:CreateLogDelivery",
  "logs:DeleteLogDelivery",
  "logs:GetLogDelivery",
  "logs:ListLogDeliveries",
  "logs:UpdateLogDelivery",
  "secretsmanager:GetRandomPassword",
  "xray:GetSamplingRules",
  "xray:GetSamplingTargets",
  "xray:PutTelemetryRecords",
  "xray:PutTraceSegments",
] as const;

export function applicationBoundary(scope: Construct, ofTheCache: readonly Grant[]): CfnManagedPolicy {
  const grants: readonly Grant[] = [
    allow(
      accountServices.map((service) => `${service}:*`),
      [`arn:aws:*:*:${Aws.ACCOUNT_ID}:*`], // the actions name the services; a list of every ARN would not fit
      { because: cap },
    ),
    allow(["apigateway:*"], ["arn:aws:apigateway:*::/*"], { because: cap }),
    allow(["s3:*"], ["arn:aws:s3:::*"], {
      when: { StringEqualsIfExists: { "aws:ResourceAccount": Aws.ACCOUNT_ID } },
      because: cap,
    }),
    allow(["cloudformation:*"], stacksIn("*"), { because: cap }),
    allow(["lambda:GetLayerVersion"], ["arn:aws:lambda:*:*:layer:*"], {
      because: "Public layers, such as Powertools, belong to other accounts.",
    }),
    allow(
      ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      ["arn:aws:ecr:*:*:repository/*"],
      { because: "The registry of images may belong to another account of the organization." },
    ),
    allow(
      ["ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface"],
      ["network-interface", "subnet", "security-group"].map(
        (kind) => `arn:aws:ec2:*:${Aws.ACCOUNT_ID}:${kind}/*`,
      ),
      { because: "A function in a VPC creates network interfaces, and their ids are not known in advance." },
    ),
    allow(withoutResource, ["*"], { because: "IAM offers no resource for these actions." }),
    ...ofTheCache,
    ...roleGrants,
    allow(["sts:AssumeRole"], [applicationRoles], { because: byRole }),
    handsOff,
    handlersStay,
    recordsStay,
  ];
  const made = new CfnManagedPolicy(scope, "Boundary", {
    managedPolicyName: boundary,
    description: "The most an application released by Kedge can do in this account",
    policyDocument: policyDocument(grants.map(({ statement }) => statement)),
  });
  acknowledgeWildcards(made, grants);
  return made;
}

const stacksIn = (region: string): readonly string[] => [
  `arn:aws:cloudformation:${region}:${Aws.ACCOUNT_ID}:stack/${applicationPrefix}*/*`,
  ...["Serverless-2016-10-31", "Include", "LanguageExtensions"].map(
    (transform) => `arn:aws:cloudformation:${region}:aws:transform/${transform}`,
  ),
];

export const applicationStacks = stacksIn(Aws.REGION);

/**
 * Roles of applications: they are created and changed only with the boundary, and passed only to the listed
 * services.
 */
export const roleGrants: readonly Grant[] = [
  allow(
    [
      "iam:CreateRole",
      "iam:PutRolePolicy",
      "iam:DeleteRolePolicy",
      "iam:AttachRolePolicy",
      "iam:DetachRolePolicy",
      "iam:PutRolePermissionsBoundary",
    ],
    [applicationRoles],
    { when: { StringEquals: { "iam:PermissionsBoundary": boundaryArn } }, because: byRole },
  ),
  allow(
    [
      "iam:GetRole",
      "iam:GetRolePolicy",
      "iam:ListRolePolicies",
      "iam:ListAttachedRolePolicies",
      "iam:UpdateRole",
      "iam:UpdateRoleDescription",
      "iam:UpdateAssumeRolePolicy",
      "iam:TagRole",
      "iam:UntagRole",
      "iam:DeleteRole",
    ],
    [applicationRoles],
    { because: byRole },
  ),
  passRole([applicationRoles], passedTo, byRole),
];

/** Only Kedge records the migrations of an environment: no application may forge a record. */
const recordsStay: Grant = deny(
  ["ssm:PutParameter", "ssm:DeleteParameter*"],
  [`arn:aws:ssm:*:${Aws.ACCOUNT_ID}:parameter/kedge/*`],
);

/**
 * Kedge's own resources in a target account. An account has only one role in the estate, so this list is
 * complete.
 */
const handsOff: Grant = deny(
  ["*"],
  [
    ...[roles.deploy, roles.cloudformation, roles.forwardEvents, roles.launch, roles.provisioner].map(
      (name) => `arn:aws:iam::${Aws.ACCOUNT_ID}:role/${name}`,
    ),
    boundaryArn,
    `arn:aws:iam::${Aws.ACCOUNT_ID}:policy/${containerPolicy}*`,
    `arn:aws:events:*:${Aws.ACCOUNT_ID}:rule/${rules.forward}`,
    `arn:aws:cloudformation:*:${Aws.ACCOUNT_ID}:stack/SC-*`,
  ],
);
