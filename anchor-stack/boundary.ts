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
import { applicationPrefix, boundary, rules } from "#release/names/deployed-names.ts";
import { applicationsApart, writeStacks } from "./apart.ts";
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

/** Services whose resources carry the account in their ARN, each with the actions that an application may need. */
const accountServices = [
  "lambda:*",
  "dynamodb:*",
  "sqs:*",
  "sns:*",
  "events:*",
  "scheduler:*",
  "states:*",
  "logs:*",
  "cloudwatch:*",
  "ssm:*Parameter*", // no sessions, commands or documents
  "ssm:*Tags*",
  "secretsmanager:*",
  "kms:*crypt*", // the use of keys, not their policies and grants
  "kms:DescribeKey",
  "kms:Ge*",
  "kms:Sign",
  "kms:Verify*",
  "kinesis:*",
  "execute-api:*",
  "pipes:*",
  "ecs:*",
  "elasticloadbalancing:*",
  "servicediscovery:*",
  "cloudfront:*",
  "cloudformation:Describe*", // stacks are read; the execution role alone writes them
  "cloudformation:Get*",
  "cloudformation:List*",
] as const;

/** Actions that IAM checks without a resource. Patterns keep the boundary below IAM's limit of size. */
const withoutResource = [
  "cloudwatch:PutMetricData",
  "ecr:GetAuthorizationToken",
  "ecs:DeregisterT*", // task definitions
  "ecs:DescribeTaskD*",
  "elasticloadbalancing:Describe*",
  "servicediscovery:CreateH*", // a namespace for HTTP
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSecurityGroups",
  "ec2:DescribeSubnets",
  "ec2:DescribeVpcs",
  "lambda:CreateEv*", // mappings of event sources
  "lambda:ListEv*",
  "logs:DescribeLogGroups",
  "logs:DescribeResourcePolicies",
  "logs:*LogDeliver*",
  "secretsmanager:GetRandomPassword",
  "xray:GetSampling*",
  "xray:PutT*", // traces and telemetry
] as const;

export function applicationBoundary(scope: Construct, ofTheCache: readonly Grant[]): CfnManagedPolicy {
  const grants: readonly Grant[] = [
    allow(
      accountServices,
      [
        `arn:aws:*:*:${Aws.ACCOUNT_ID}:*`, // the actions name the services; a list of every ARN would not fit
        "arn:aws:ssm:*::*", // parameters that AWS publishes; no account can change them
      ],
      { because: cap },
    ),
    allow(["apigateway:*"], ["arn:aws:apigateway:*::/*"], { because: cap }),
    allow(["s3:*"], ["arn:aws:s3:::*"], {
      when: { StringEqualsIfExists: { "aws:ResourceAccount": Aws.ACCOUNT_ID } },
      because: cap,
    }),
    writeStacks(stacksIn("*")),
    allow(["lambda:GetLayerVersion"], ["arn:aws:lambda:*:*:layer:*"], {
      because: "Public layers, such as Powertools, belong to other accounts.",
    }),
    allow(["ecr:BatchCheck*", "ecr:BatchGetImage", "ecr:GetDown*"], ["arn:aws:ecr:*:*:repository/*"], {
      because: "The registry of images may belong to another account of the organization.",
    }),
    allow(
      ["ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface"],
      [`arn:aws:ec2:*:${Aws.ACCOUNT_ID}:*`],
      {
        because:
          "A function in a VPC creates network interfaces. The ids of interfaces, subnets and security groups are not known in advance.",
      },
    ),
    allow(withoutResource, ["*"], { because: "IAM offers no resource for these actions." }),
    ...ofTheCache,
    changeRoles,
    maintainRoles(["iam:GetRole*", "iam:List*Policies", "iam:UpdateRole*"]),
    passRoles,
    allow(["sts:AssumeRole"], [applicationRoles], { because: byRole }),
    handsOff,
    handlersStay,
    recordsStay,
    ...applicationsApart,
  ];
  const made = new CfnManagedPolicy(scope, "Boundary", {
    managedPolicyName: boundary,
    description: "The most an application released by Kedge can do in this account",
    policyDocument: policyDocument(grants.map(({ statement }) => withoutLists(statement))),
  });
  acknowledgeWildcards(made, grants);
  return made;
}

const stacksIn = (region: string): readonly string[] => [
  `arn:aws:cloudformation:${region}:${Aws.ACCOUNT_ID}:stack/${applicationPrefix}*/*`,
  `arn:aws:cloudformation:${region}:aws:transform/*`, // AWS's own; a macro of the account has the account's ARN
];

export const applicationStacks = stacksIn(Aws.REGION);

/** Roles of applications are created and changed only with the boundary. */
const changeRoles: Grant = allow(
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
);

/** Rights without a condition on the boundary: to read and delete roles, and to change their trust and tags. */
const maintainRoles = (actions: readonly string[]): Grant =>
  allow(
    [...actions, "iam:UpdateAssumeRolePolicy", "iam:TagRole", "iam:UntagRole", "iam:DeleteRole"],
    [applicationRoles],
    {
      because: byRole,
    },
  );

/** Roles of applications are passed only to the listed services. */
const passRoles: Grant = passRole([applicationRoles], passedTo, byRole);

/** The rights of the execution role on roles of applications. */
export const roleGrants: readonly Grant[] = [
  changeRoles,
  maintainRoles([
    "iam:GetRole",
    "iam:GetRolePolicy",
    "iam:ListRolePolicies",
    "iam:ListAttachedRolePolicies",
    "iam:UpdateRole",
    "iam:UpdateRoleDescription",
  ]),
  passRoles,
];

/** Only Kedge records the migrations of an environment: no application may forge a record. */
const recordsStay: Grant = deny(
  ["ssm:PutParameter", "ssm:DeleteParameter*"],
  [`arn:aws:ssm:*:${Aws.ACCOUNT_ID}:parameter/kedge/*`],
);

/** Kedge's own resources that a statement above would allow: the rule that tells the anchor of every change, and product stacks. */
const handsOff: Grant = deny(
  ["*"],
  [
    `arn:aws:events:*:${Aws.ACCOUNT_ID}:rule/${rules.forward}`,
    `arn:aws:cloudformation:*:${Aws.ACCOUNT_ID}:stack/SC-*`,
  ],
);

/** Writes a list of one member as the member alone, which has the same meaning and is shorter. */
const withoutLists = (statement: object): object =>
  Object.fromEntries(
    Object.entries(statement).map(([name, value]: [string, unknown]) => [
      name,
      Array.isArray(value) && value.length === 1 ? (value[0] as unknown) : value,
    ]),
  );
