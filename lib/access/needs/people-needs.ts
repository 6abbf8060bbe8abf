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
    "a CI uploads artifacts, large ones in pieces",
  ),
  ...needs(roles.ci, "s3:GetObject", ["a result"], "a CI reads how its release went"),
  ...needs(roles.ci, "s3:GetObject", ["the command line"], "a CI downloads the command line"),
  ...needs(roles.ci, "s3:ListBucket", ["Artifacts (results)"], "and finds out that there is no result yet"),
  ...needs(roles.approver, "codepipeline:PutApprovalResult", ["an approval"], "an approver decides"),
  ...needs(
    roles.approver,
    "codepipeline:GetPipeline codepipeline:GetPipelineState codepipeline:GetPipelineExecution codepipeline:ListPipelineExecutions codepipeline:ListActionExecutions",
    ["a pipeline"],
    "after reading what waits",
  ),
  ...needs(roles.approver, "s3:GetObject", ["a review", "a result"], "after reading the review and the result"),
  ...needs(roles.approver, "s3:ListBucket", ["Artifacts (results)"], "and finds out that there is no result yet"),
  ...needs(roles.approver, "codepipeline:ListPipelines", ["all of codepipeline"], "and finding it"),
  ...needs(
    roles.templatePublisher,
    "s3:GetObject s3:PutObject",
    ["a release template"],
    "kedge template publishes versions and moves lines to them",
  ),
  ...needs(roles.templatePublisher, "s3:GetObject", ["the estate"], "which lines there may be"),
  ...needs(
    roles.templatePublisher,
    "s3:ListBucket",
    ["Registry", "Artifacts (uploads)", "Artifacts (results)", "Artifacts"],
    "and which there are",
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
    "has lines looked at again",
  ),
  ...needs(roles.operator, "lambda:InvokeFunction", ["Sweep"], "kedge sweep"),
  ...needs(
    roles.operator,
    "sqs:GetQueueUrl sqs:GetQueueAttributes sqs:ReceiveMessage sqs:ChangeMessageVisibility sqs:DeleteMessage sqs:StartMessageMoveTask sqs:ListMessageMoveTasks",
    ["LinesDeadLetters", "ObserveDeadLetters"],
    "kedge redrive shows what was given up, and moves it back",
  ),
  ...needs(roles.operator, "sqs:SendMessage", lineQueues, "where a redrive moves lines"),
  ...needs(roles.operator, "s3:GetObject", ["a result"], "kedge redrive tells why"),
  ...needs(roles.operator, "s3:ListBucket", ["Artifacts (results)"], "and finds out that there is no result"),
  ...needs(roles.operator, "s3:GetObjectVersion", ["a result"], "kedge history reads what was said before"),
  ...needs(roles.operator, "s3:ListBucketVersions", ["Artifacts (results)"], "and finds it"),
  ...needs(
    roles.provisioner,
    "servicecatalog:DescribeProduct servicecatalog:ListLaunchPaths servicecatalog:DescribeProvisioningParameters servicecatalog:ProvisionProduct",
    ["a product"],
    "chooses and launches a product",
  ),
  ...needs(
    roles.provisioner,
    "servicecatalog:SearchProducts servicecatalog:DescribeProductView servicecatalog:SearchProvisionedProducts servicecatalog:ScanProvisionedProducts servicecatalog:DescribeProvisionedProduct servicecatalog:GetProvisionedProductOutputs servicecatalog:UpdateProvisionedProduct servicecatalog:TerminateProvisionedProduct servicecatalog:DescribeRecord servicecatalog:ListRecordHistory",
    ["all of servicecatalog"],
    "finds, changes and ends what was launched",
  ),
  ...needs(
    roles.provisioner,
    "cloudformation:DescribeStacks cloudformation:DescribeStackEvents cloudformation:DescribeStackResources",
    ["a product's stack"],
    "sees why a launch failed",
  ),
];
