/**
 * Lists the calls that CodePipeline makes as the pipeline role and as the deploy role, for the actions in our
 * pipelines. The permissions are those of CodePipeline's action reference and of its guide to custom service
 * roles.
 */

import { type DeployedEstate, strings } from "#access/deployed-estate.ts";
import { aHandlersProject } from "#access/resource.ts";
import { roles } from "#release/names/deployed-names.ts";
import { everywhere, type Need, needs } from "./need.ts";

/** Of each target, where the deploy role runs it. */
const planned = "PlanProject";
/** Of a line, in its anchor. */
const smokeTest = "a line's smoke test";
const handedOn = [
  ...["a source's artifact", "a pipeline's artifact", "a build's plan"],
  ...["a smoke test's input", "a former smoke test's input"],
];

/** `lambdas`: the needs of the Lambdas. A Lambda that answers jobs is an action of a pipeline. */
export function pipelineNeeds({ resources }: DeployedEstate, lambdas: readonly Need[]): readonly Need[] {
  const answering = new Set(
    lambdas.filter(({ action }) => action === "codepipeline:PutJobSuccessResult").map(({ who }) => who),
  );
  const ids = (wanted: (type: string, name: string) => boolean): readonly string[] => [
    ...new Set(
      resources
        .filter(({ type, properties }) => wanted(type, String(properties["FunctionName"])))
        .map(({ logicalId }) => logicalId),
    ),
  ];
  const invoked = ids((type, name) => type === "AWS::Lambda::Function" && answering.has(name));
  const built = ids((type) => type === "AWS::CodeBuild::Project").filter((id) => id !== planned);
  const { pipeline, deploy, pipelineStack } = roles;
  const versions = "s3:GetObject s3:GetObjectVersion";
  // An action runs in its environment's region and uses the cache there.
  const artifacts = everywhere(handedOn);
  const caches = everywhere(["Cache"]);
  const keys = everywhere(["CacheKey"]);
  return [
    ...needs("codepipeline.amazonaws.com", "sts:AssumeRole", ["PipelineRole"], "pipelines run as this role"),
    ...needs(
      "cloudformation.amazonaws.com",
      "sts:AssumeRole",
      ["PipelineStackRole", "ExecutionRole"],
      "CloudFormation changes stacks as this role",
    ),
    ...needs(
      pipeline,
      `${versions} s3:GetObjectTagging s3:GetObjectVersionTagging`,
      ["a line's folder"],
      "the source action",
    ),
    ...needs(
      pipeline,
      "s3:GetBucketVersioning s3:GetBucketLocation s3:GetBucketAcl",
      caches,
      "the source action",
    ),
    ...needs(
      pipeline,
      `${versions} s3:PutObject s3:PutObjectTagging`,
      artifacts,
      "an action writes the input of the next action",
    ),
    ...needs(
      pipeline,
      "kms:Decrypt kms:Encrypt kms:ReEncryptFrom kms:ReEncryptTo kms:GenerateDataKey kms:DescribeKey",
      keys,
      "artifacts are encrypted",
    ),
    ...needs(pipeline, "s3:ListBucket", caches, "without it S3 answers 403 for a missing artifact"),
    ...needs(pipeline, "lambda:InvokeFunction", invoked, "the pipeline's Lambda actions"),
    ...needs(
      pipeline,
      "codebuild:StartBuild codebuild:BatchGetBuilds",
      [...built, smokeTest],
      "the pipeline's smoke test action",
    ),
    ...needs(pipeline, "sns:Publish", ["Notifications"], "an approval announces itself"),
    ...needs(pipeline, "sts:AssumeRole", ["DeployRole"], "the pipeline's actions in a target account"),
    ...needs(deploy, versions, artifacts, "a change set action reads its template"),
    ...needs(
      deploy,
      "s3:GetBucketLocation s3:GetBucketVersioning",
      caches,
      "an action finds the artifact's bucket",
    ),
    ...needs(deploy, "kms:Decrypt kms:DescribeKey", keys, "artifacts are encrypted"),
    ...needs(
      deploy,
      "cloudformation:CreateChangeSet cloudformation:DescribeChangeSet cloudformation:ExecuteChangeSet cloudformation:DeleteChangeSet cloudformation:DescribeStacks cloudformation:DescribeStackEvents cloudformation:TagResource",
      everywhere(["an application's stack"]),
      "the pipeline's change set actions",
    ),
    ...needs(
      deploy,
      "cloudformation:CreateChangeSet",
      everywhere(["the transform of SAM"]),
      "a template may use a transform",
    ),
    ...needs(
      deploy,
      versions,
      everywhere(["an asset"]),
      "CloudFormation reads nested templates with the rights of the caller of CreateChangeSet",
    ),
    ...needs(deploy, "iam:PassRole", ["ExecutionRole"], "CloudFormation works as the execution role"),
    ...needs(
      "kedge-cloudformation",
      versions,
      everywhere(["an asset"]),
      "the cache holds the code of functions",
    ),
    ...needs("kedge-cloudformation", "kms:Decrypt", keys, "the cache is encrypted"),
    ...needs(
      pipelineStack,
      "codepipeline:CreatePipeline codepipeline:UpdatePipeline codepipeline:DeletePipeline codepipeline:GetPipeline",
      ["a pipeline"],
      "CloudFormation creates, changes and removes pipelines",
    ),
    ...needs(pipelineStack, "iam:PassRole", ["PipelineRole"], "a pipeline names its role"),
    ...needs(
      pipelineStack,
      "codebuild:CreateProject codebuild:UpdateProject codebuild:DeleteProject codebuild:BatchGetProjects",
      [smokeTest],
      "a pipeline's stack has the project of the line's smoke tests",
    ),
    ...needs(
      pipelineStack,
      "iam:CreateRole iam:PutRolePolicy iam:DeleteRolePolicy iam:GetRole iam:GetRolePolicy iam:ListRolePolicies iam:ListAttachedRolePolicies iam:UpdateRole iam:UpdateRoleDescription iam:UpdateAssumeRolePolicy iam:PutRolePermissionsBoundary iam:DeleteRole iam:PassRole",
      ["a smoke test's role"],
      "the project has a role of the line, whose description, trust and boundary a release of Kedge may change",
    ),
    ...needs(
      deploy,
      "cloudformation:ValidateTemplate",
      ["all of cloudformation"],
      "CodePipeline's action reference asks for it",
    ),
    ...needs(
      deploy,
      "lambda:GetAlias lambda:UpdateAlias lambda:GetFunctionConfiguration lambda:GetProvisionedConcurrencyConfig",
      everywhere(["an application's function"]),
      "the Lambda deploy action moves traffic",
    ),
    ...needs(
      deploy,
      "eks:DescribeCluster",
      everywhere(["an application's eks cluster/x"]),
      "the EKS action finds its cluster",
    ),
    ...needs(
      deploy,
      "cloudwatch:DescribeAlarms",
      everywhere(["a foreign alarm"]),
      "the Lambda deploy action reads the alarms of its configuration",
    ),
    ...needs(deploy, "logs:CreateLogGroup", everywhere(["a deploy action's log"]), "and writes a log"),
    ...needs(
      deploy,
      "logs:CreateLogStream logs:PutLogEvents",
      everywhere(["streams of a deploy action's log"]),
      "and writes a log",
    ),
    ...needs(
      deploy,
      "codebuild:StartBuild codebuild:BatchGetBuilds",
      everywhere(["an application's build", aHandlersProject, planned]),
      "builds that deploy run in the target",
    ),
  ].filter(({ at }) => strings(at).length > 0);
}
