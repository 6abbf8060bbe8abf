/**
 * Lists the calls that people and their tools make: a CI, an approver, a template publisher, an operator and
 * a provisioner of products.
 */

import { lineQueues } from "#access/calls/adapters.ts";
import { roles } from "#release/names/deployed-names.ts";
import { type Need, needs } from "./need.ts";

export const peopleNeeds: readonly Need[] = [
  ...needs(
    roles.ci,
    "s3:PutObject s3:AbortMultipartUpload s3:ListMultipartUploadParts",
    ["an upload"],
    "a CI uploads artifacts, a large artifact in several pieces",
  ),
  ...needs(roles.ci, "s3:GetObject", ["a result"], "a CI reads the result of its release"),
  ...needs(roles.ci, "s3:GetObject", ["the command line"], "a CI downloads the command line"),
  ...needs(
    roles.ci,
    "s3:ListBucket",
    ["Artifacts (results)"],
    "a CI learns that a result does not exist yet",
  ),
  ...needs(
    roles.approver,
    "codepipeline:PutApprovalResult",
    ["an approval"],
    "an approver approves or rejects a change",
  ),
  ...needs(
    roles.approver,
    "codepipeline:GetPipeline codepipeline:GetPipelineState codepipeline:GetPipelineExecution codepipeline:ListPipelineExecutions codepipeline:ListActionExecutions",
    ["a pipeline"],
    "an approver reads the change that waits",
  ),
  ...needs(
    roles.approver,
    "codepipeline:ListPipelines",
    ["all of codepipeline"],
    "an approver finds the pipelines that wait",
  ),
  ...needs(
    roles.approver,
    "s3:GetObject",
    ["a review", "a result"],
    "an approver reads the review and the result",
  ),
  ...needs(roles.approver, "s3:GetObject", ["a person's name"], "an approver reads who uploaded"),
  ...needs(
    roles.approver,
    "s3:ListBucket",
    ["Artifacts (results)"],
    "an approver learns that a result does not exist yet",
  ),
  ...needs(
    roles.templatePublisher,
    "s3:GetObject s3:PutObject",
    ["a release template"],
    "kedge template publishes versions and moves lines to them",
  ),
  ...needs(
    roles.templatePublisher,
    "s3:GetObject",
    ["the estate"],
    "kedge template reads the environments of the estate",
  ),
  ...needs(
    roles.templatePublisher,
    "s3:ListBucket",
    [
      ...["Registry", "Artifacts (uploads)", "Artifacts (results)", "Artifacts"],
      // A listing has keys only: they have ids and hashes of people.
      ...["Artifacts (records of uploads)", "Artifacts (people)"],
    ],
    "kedge template lists the lines",
  ),
  ...needs(
    roles.templatePublisher,
    "s3:GetObject s3:GetObjectVersion",
    ["an upload", "a result"],
    "the impact of a version is planned from every line's artifact",
  ),
  ...needs(
    roles.templatePublisher,
    "sqs:SendMessage sqs:GetQueueUrl",
    ["Intake"],
    "kedge template asks for a new observation of lines",
  ),
  ...needs(roles.operator, "lambda:InvokeFunction", ["Sweep"], "kedge sweep"),
  ...needs(
    roles.operator,
    "sqs:GetQueueUrl sqs:GetQueueAttributes sqs:ReceiveMessage sqs:ChangeMessageVisibility sqs:DeleteMessage sqs:StartMessageMoveTask sqs:ListMessageMoveTasks",
    ["LinesDeadLetters", "ObserveDeadLetters"],
    "kedge redrive shows dead letters and moves them back",
  ),
  ...needs(roles.operator, "sqs:SendMessage", lineQueues, "kedge redrive moves messages to these queues"),
  ...needs(roles.operator, "s3:GetObject", ["a result"], "kedge redrive shows the reason of a dead letter"),
  ...needs(
    roles.operator,
    "s3:ListBucket",
    ["Artifacts (results)"],
    "kedge redrive learns that a result does not exist",
  ),
  ...needs(roles.operator, "s3:GetObject", ["a person's name"], "kedge history shows who decided"),
  ...needs(
    roles.operator,
    "s3:GetObject s3:PutObject",
    ["an environment's lock"],
    "kedge unlock opens an environment that a broken clearance has stopped",
  ),
  ...needs(roles.operator, "s3:ListBucket", ["Cache"], "kedge unlock learns that there is no lock"),
  ...needs(roles.operator, "kms:Decrypt kms:GenerateDataKey", ["CacheKey"], "the locks are encrypted"),
  ...needs(
    roles.operator,
    "s3:GetObjectVersion",
    ["a result"],
    "kedge history reads earlier versions of a result",
  ),
  ...needs(
    roles.operator,
    "s3:ListBucketVersions",
    ["Artifacts (results)"],
    "kedge history lists the versions of a result",
  ),
  ...needs(
    roles.provisioner,
    "servicecatalog:DescribeProduct servicecatalog:ListLaunchPaths servicecatalog:DescribeProvisioningParameters servicecatalog:ProvisionProduct",
    ["a product"],
    "a provisioner chooses and launches a product",
  ),
  ...needs(
    roles.provisioner,
    "servicecatalog:SearchProducts servicecatalog:DescribeProductView servicecatalog:SearchProvisionedProducts servicecatalog:ScanProvisionedProducts servicecatalog:DescribeProvisionedProduct servicecatalog:GetProvisionedProductOutputs servicecatalog:UpdateProvisionedProduct servicecatalog:TerminateProvisionedProduct servicecatalog:DescribeRecord servicecatalog:ListRecordHistory",
    ["all of servicecatalog"],
    "a provisioner finds, changes and terminates launched products",
  ),
  ...needs(
    roles.provisioner,
    "cloudformation:DescribeStacks cloudformation:DescribeStackEvents cloudformation:DescribeStackResources",
    ["a product's stack"],
    "a provisioner sees the cause of a failed launch",
  ),
];
