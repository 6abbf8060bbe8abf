/**
 * Generates the policies that a cloud team attaches to the accounts of an estate: service control policies for
 * callers, and a resource control policy for resources. They hold below the pipelines, also for administrators.
 */
import type { Estate } from "#release/estate/estate.ts";
import { pipelinePrefix, roles } from "#release/names/deployed-names.ts";

type Statement = {
  readonly Sid: string;
  readonly Effect: "Deny";
  readonly Principal?: "*";
  readonly Action: readonly string[];
  readonly Resource: string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
};

type Policy = { readonly Version: "2012-10-17"; readonly Statement: readonly Statement[] };

type Guardrail = {
  readonly name: string;
  readonly kind: "SERVICE_CONTROL_POLICY" | "RESOURCE_CONTROL_POLICY";
  /** The accounts to attach it to, and its effect. */
  readonly says: string;
  readonly policy: Policy;
};

/** The policy for the organization needs the organization's id in the estate. */
export const guardrailsOf = ({ organization }: Pick<Estate, "organization">): readonly Guardrail[] => [
  gates,
  publicUrls,
  ...(organization === undefined ? [] : [insiders(organization)]),
];

const pipelines = `arn:aws:codepipeline:*:*:${pipelinePrefix}*`;
const except = (...names: readonly string[]) => ({
  ArnNotLike: { "aws:PrincipalArn": names.map((name) => `arn:aws:iam::*:role/${name}`) },
});

const gates: Guardrail = {
  name: "scp-gates",
  kind: "SERVICE_CONTROL_POLICY",
  says: "For anchors: only the approver answers approvals, only reconcile starts releases, and no condition of a stage is overridden.",
  policy: {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "OnlyApproversDecide",
        Effect: "Deny",
        Action: ["codepipeline:PutApprovalResult"],
        Resource: pipelines,
        Condition: except(roles.approver),
      },
      {
        Sid: "OnlyReconcileStarts",
        Effect: "Deny",
        Action: ["codepipeline:StartPipelineExecution"],
        Resource: pipelines,
        Condition: except(roles.reconcile),
      },
      {
        Sid: "NoWayPastAStage",
        Effect: "Deny",
        Action: ["codepipeline:OverrideStageCondition", "codepipeline:RollbackStage"],
        Resource: pipelines,
      },
    ],
  },
};

const publicUrls: Guardrail = {
  name: "scp-public-urls",
  kind: "SERVICE_CONTROL_POLICY",
  says: "For targets that the estate protects: no function has a URL without authorization.",
  policy: {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "FunctionUrlsAskForAuthorization",
        Effect: "Deny",
        Action: ["lambda:CreateFunctionUrlConfig", "lambda:UpdateFunctionUrlConfig", "lambda:AddPermission"],
        Resource: "*",
        Condition: { StringEquals: { "lambda:FunctionUrlAuthType": "NONE" } },
      },
    ],
  },
};

/** RCPs do not reach Lambda, SNS, API Gateway, IAM and SSM (user guide of AWS Organizations, "RCPs"). */
const reached = ["s3:*", "sqs:*", "kms:*", "secretsmanager:*", "ecr:*", "codepipeline:*"];

/**
 * Two statements, because a service calls without an organization of its own: it is asked for whom it calls,
 * where it says so.
 */
const insiders = (organization: string): Guardrail => ({
  name: "rcp-organization",
  kind: "RESOURCE_CONTROL_POLICY",
  says: "For all accounts of the estate: buckets, queues, keys, secrets, images and pipelines serve the organization alone.",
  policy: {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "PrincipalsOfTheOrganization",
        Effect: "Deny",
        Principal: "*",
        Action: reached,
        Resource: "*",
        Condition: {
          StringNotEqualsIfExists: { "aws:PrincipalOrgID": organization },
          BoolIfExists: { "aws:PrincipalIsAWSService": "false" },
        },
      },
      {
        Sid: "ServicesForTheOrganization",
        Effect: "Deny",
        Principal: "*",
        Action: reached,
        Resource: "*",
        Condition: {
          StringNotEqualsIfExists: { "aws:SourceOrgID": organization },
          Null: { "aws:SourceAccount": "false" },
          Bool: { "aws:PrincipalIsAWSService": "true" },
        },
      },
    ],
  },
});
