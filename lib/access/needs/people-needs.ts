/**
 * Lists the calls of people and their tools that no command of Kedge makes: in the console of AWS, with the AWS CLI, and in
 * Service Catalog. The calls of commands are derived (command-needs.ts).
 */

import { roles } from "#release/names/deployed-names.ts";
import { type Need, needs } from "./need.ts";

export const peopleNeeds: readonly Need[] = [
  ...needs(
    roles.ci,
    "s3:ListMultipartUploadParts",
    ["an upload"],
    "a CI that uploads with another tool continues an upload of several pieces",
  ),
  ...needs(roles.ci, "s3:GetObject", ["the command line"], "a CI downloads the command line"),
  ...needs(
    roles.approver,
    "codepipeline:GetPipeline codepipeline:GetPipelineExecution codepipeline:ListPipelineExecutions",
    ["a pipeline"],
    "an approver reads the change that waits in the console",
  ),
  ...needs(
    roles.templatePublisher,
    "s3:ListBucket",
    // A listing has keys only: they have ids and hashes of people.
    ["Artifacts", "Artifacts (records of uploads)", "Artifacts (people)"],
    "the role lists the lines of every anchor, and their prefixes are not known in advance",
  ),
  ...needs(
    roles.operator,
    "sqs:GetQueueUrl sqs:GetQueueAttributes sqs:ReceiveMessage sqs:ChangeMessageVisibility sqs:DeleteMessage sqs:StartMessageMoveTask sqs:ListMessageMoveTasks",
    ["ObserveDeadLetters"],
    "an operator reads the events that were given up, and moves them back, in the console",
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
