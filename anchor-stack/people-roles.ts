/**
 * Defines the roles of people and their tools: the CI that uploads, the approver, and the operator of the
 * anchor.
 */
import { Aws } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { bucketArn } from "#constructs/bucket.ts";
import { allow, role } from "#constructs/statements.ts";
import {
  folders,
  functions,
  lineQueues,
  pipelinePrefix,
  queues,
  roles,
} from "#release/names/deployed-names.ts";
import { encryptAndDecrypt, here, listCache, onLocks, onPipelines, onReviews, readNames } from "./arns.ts";
import type { Cache } from "./cache.ts";
import type { SessionName } from "./parameters.ts";

type PeopleRolesProps = {
  readonly artifactBucket: string;
  readonly ciPrincipals: readonly string[];
  readonly approverPrincipals: readonly string[];
  readonly operatorPrincipals: readonly string[];
  /** Of kedge-ci. */
  readonly ciSessionName: SessionName;
  /** Of kedge-approver and kedge-operator. */
  readonly peopleSessionName: SessionName;
  readonly cache: Cache;
};

/** Creates the roles. Returns the unique id of kedge-ci. */
export function peopleRoles(scope: Construct, props: PeopleRolesProps): { readonly ciRoleId: string } {
  operatorRole(scope, props);
  const uploads = bucketArn(props.artifactBucket);
  const ownResults = `${folders.results}${Aws.ACCOUNT_ID}/*`;
  const ci = role(scope, "CiRole", {
    name: roles.ci,
    description: "A CI assumes this role to upload artifacts and to read their results",
    trust: [props.ciSessionName.trust(props.ciPrincipals)],
    grants: [
      allow(
        ["s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
        [`${uploads}/${Aws.ACCOUNT_ID}/*`],
        { because: "The account's own prefix: an upload creates its application and its branch." },
      ),
      allow(["s3:GetObject"], [`${uploads}/${ownResults}`], {
        because: "The results of this account's uploads: each upload has its own object.",
      }),
      allow(["s3:GetObject"], [`${uploads}/${folders.cli}*`], {
        because: "The command line of Kedge, in every published version.",
      }),
      allow(["s3:ListBucket"], [uploads], { when: { StringLike: { "s3:prefix": [ownResults] } } }),
    ],
  });
  role(scope, "ApproverRole", {
    name: roles.approver,
    description: "Approvers assume this role to read the changes that wait, and to approve or reject them",
    trust: [props.peopleSessionName.trust(props.approverPrincipals)],
    grants: [
      allow(["codepipeline:PutApprovalResult"], [here("codepipeline", `${pipelinePrefix}*/*/Approve`)], {
        because: "The approval actions of all environments of all lines of this anchor.",
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
      readNames(props.artifactBucket),
      allow(["codepipeline:ListPipelines"], ["*"], {
        because: "ListPipelines concerns the whole account: IAM offers no resource for it.",
      }),
    ],
  });
  return { ciRoleId: ci.attrRoleId };
}

/**
 * The grants for `kedge sweep`, `kedge redrive`, `kedge unlock` and `kedge history`. The sweep Lambda and SQS do the removing
 * and moving with their own rights.
 */
function operatorRole(
  scope: Construct,
  { artifactBucket, operatorPrincipals, peopleSessionName, cache }: PeopleRolesProps,
): void {
  const deadLetters = [queues.linesDeadLetters, queues.observeDeadLetters].map((name) => here("sqs", name));
  role(scope, "OperatorRole", {
    name: roles.operator,
    description:
      "Operators assume this role to collect orphans, redrive dead letters, open stopped environments and read the history of a line",
    trust: [peopleSessionName.trust(operatorPrincipals)],
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
            "The results of this account's uploads: a result has the reason of a dead letter, and its versions are the history of the upload.",
        },
      ),
      readNames(artifactBucket),
      onLocks(cache),
      listCache(cache),
      encryptAndDecrypt(cache),
      // Without s3:ListBucket, S3 answers 403 for a missing result (S3 API Reference, GetObject).
      allow(["s3:ListBucket", "s3:ListBucketVersions"], [bucketArn(artifactBucket)], {
        when: { StringLike: { "s3:prefix": [`${folders.results}${Aws.ACCOUNT_ID}/*`] } },
      }),
    ],
  });
}
