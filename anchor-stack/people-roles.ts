/**
 * Defines the roles of people and their tools: the CI that uploads, the approver, and the operator of the
 * anchor.
 */
import { Aws } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { bucketArn } from "#constructs/bucket.ts";
import { allow, role, type Statement } from "#constructs/statements.ts";
import {
  folders,
  functions,
  lineQueues,
  pipelinePrefix,
  queues,
  roles,
} from "#release/names/deployed-names.ts";
import { here, onPipelines, onReviews } from "./arns.ts";

type PeopleRolesProps = {
  readonly artifactBucket: string;
  readonly ciPrincipals: readonly string[];
  readonly approverPrincipals: readonly string[];
  readonly operatorPrincipals: readonly string[];
};

export function peopleRoles(scope: Construct, props: PeopleRolesProps): void {
  operatorRole(scope, props);
  const uploads = bucketArn(props.artifactBucket);
  const ownResults = `${folders.results}${Aws.ACCOUNT_ID}/*`;
  role(scope, "CiRole", {
    name: roles.ci,
    description: "What a CI uploads artifacts as, and reads how their release went",
    trust: [trust(props.ciPrincipals)],
    grants: [
      allow(
        ["s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
        [`${uploads}/${Aws.ACCOUNT_ID}/*`],
        { because: "The account's own prefix: its applications and branches are made by uploading." },
      ),
      allow(["s3:GetObject"], [`${uploads}/${ownResults}`], {
        because: "The results of this account's uploads, one object per upload.",
      }),
      allow(["s3:GetObject"], [`${uploads}/${folders.cli}*`], {
        because: "The command line of Kedge, in every version that was published.",
      }),
      allow(["s3:ListBucket"], [uploads], { when: { StringLike: { "s3:prefix": [ownResults] } } }),
    ],
  });
  role(scope, "ApproverRole", {
    name: roles.approver,
    description: "What approvers decide as, after reading what waits for them",
    trust: [trust(props.approverPrincipals)],
    grants: [
      allow(["codepipeline:PutApprovalResult"], [here("codepipeline", `${pipelinePrefix}*/*/Approve`)], {
        because: "The approval action of every environment of every line of this anchor.",
      }),
      onPipelines(
        "GetPipeline",
        "GetPipelineState",
        "GetPipelineExecution",
        "ListPipelineExecutions",
        "ListActionExecutions",
      ),
      allow(["s3:GetObject"], [`${uploads}/${ownResults}`], {
        because: "The results of this account's uploads say what waits and why.",
      }),
      allow(["s3:ListBucket"], [uploads], { when: { StringLike: { "s3:prefix": [ownResults] } } }),
      onReviews(props.artifactBucket, "GetObject"),
      allow(["codepipeline:ListPipelines"], ["*"], {
        because: "Listing pipelines is of the account: IAM offers no resource for it.",
      }),
    ],
  });
}

/**
 * The grants for `kedge sweep`, `kedge redrive` and `kedge history`. The sweep Lambda and SQS do the removing
 * and moving with their own rights.
 */
function operatorRole(scope: Construct, { artifactBucket, operatorPrincipals }: PeopleRolesProps): void {
  const deadLetters = [queues.linesDeadLetters, queues.observeDeadLetters].map((name) => here("sqs", name));
  role(scope, "OperatorRole", {
    name: roles.operator,
    description: "What operators sweep orphans, redrive dead letters and look into the past as",
    trust: [trust(operatorPrincipals)],
    grants: [
      allow(["lambda:InvokeFunction"], [here("lambda", `function:${functions.sweep}`)]),
      allow(
        [
          "sqs:GetQueueUrl",
          "sqs:GetQueueAttributes",
          "sqs:ReceiveMessage",
          "sqs:ChangeMessageVisibility",
          "sqs:DeleteMessage",
          "sqs:StartMessageMoveTask",
          "sqs:ListMessageMoveTasks",
        ],
        deadLetters,
      ),
      allow(
        ["sqs:SendMessage"],
        Object.values(lineQueues).map((name) => here("sqs", name)),
      ),
      allow(
        ["s3:GetObject", "s3:GetObjectVersion"],
        [`${bucketArn(artifactBucket)}/${folders.results}${Aws.ACCOUNT_ID}/*`],
        {
          because:
            "The results of this account's uploads, which tell why a message was given up; their versions are the log of what happened.",
        },
      ),
      // Without s3:ListBucket, S3 answers 403 for a missing result (S3 API Reference, GetObject).
      allow(["s3:ListBucket", "s3:ListBucketVersions"], [bucketArn(artifactBucket)], {
        when: { StringLike: { "s3:prefix": [`${folders.results}${Aws.ACCOUNT_ID}/*`] } },
      }),
    ],
  });
}

const trust = (principals: readonly string[]): Statement => ({
  Effect: "Allow",
  Principal: { AWS: principals },
  Action: ["sts:AssumeRole"],
});
