/**
 * Defines the CodeBuild project that plans a Terraform configuration before its approval. The buildspec and the
 * image are the central team's. The project's role has read rights only.
 */
import { CfnProject } from "aws-cdk-lib/aws-codebuild";
import { CfnLogGroup } from "aws-cdk-lib/aws-logs";
import { Aws, Validations } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { allow, deny, type Grant, type Statement, trustService } from "#constructs/statements.ts";
import { cacheKeyAlias, planFiles, planProject } from "#release/names/deployed-names.ts";
import { here } from "./arns.ts";
import { handedToPlans, madeByBuilds } from "./build-artifacts.ts";
import { readActions } from "./read-actions.ts";

/** Outside of the configuration's folder, so that no file of the team is handed on. */
const out = "$CODEBUILD_SRC_DIR/.kedge/out";
const input = (file: string): string => `"$CODEBUILD_SRC_DIR/${file}"`;

/**
 * The lock of the state is not taken: the role cannot write it, and the apply refuses a plan whose state has
 * changed since.
 */
const commands: readonly string[] = [
  `export TF_CLI_CONFIG_FILE=${input(planFiles.cliConfig)} CHECKPOINT_DISABLE=1 TF_IN_AUTOMATION=1`,
  `cd "$CODEBUILD_SRC_DIR/app/$(cat ${input(planFiles.directory)})"`,
  "printf 'terraform {\\n  backend \"s3\" {}\\n}\\n' > kedge_override.tf",
  `cp ${input(planFiles.variables)} kedge.auto.tfvars.json`,
  "terraform version",
  `terraform init -input=false -no-color -backend-config=${input(planFiles.backend)}`,
  "terraform validate -no-color",
  `mkdir -p "${out}"`,
  `terraform plan $(cat ${input(planFiles.arguments)}) -lock=false -no-color "-out=${out}/${planFiles.plan}"`,
  `terraform show -json "${out}/${planFiles.plan}" > "${out}/${planFiles.json}"`,
  `touch ${planFiles.lock}`, // terraform writes no lock file if the configuration uses no provider
  `cp ${planFiles.lock} "${out}/"`,
  'export PLAN_LOG="$CODEBUILD_BUILD_URL"',
];

const buildspec = JSON.stringify({
  version: "0.2",
  env: { "exported-variables": ["PLAN_LOG"] },
  phases: { build: { "on-failure": "ABORT", commands } },
  artifacts: {
    "base-directory": ".kedge/out",
    files: [planFiles.plan, planFiles.lock, planFiles.json],
  },
});

const apis = (path: string): string => `arn:aws:apigateway:*::${path}*`;
const logGroup = `/aws/codebuild/${planProject}`;

export const trustPlans: readonly Statement[] = [trustService("codebuild.amazonaws.com")];

const ownOnly = { StringEquals: { "aws:ResourceAccount": Aws.ACCOUNT_ID } };
const toCompare =
  "Terraform compares what there is with the configuration; these actions read no secret and no data.";

/** The rights that hold in every region. */
export const planGrants: readonly Grant[] = [
  allow(readActions.ofTheAccount, [`arn:aws:*:*:${Aws.ACCOUNT_ID}:*`], { because: toCompare }),
  allow(readActions.withoutResource, ["*"], { because: "IAM offers no resource for these actions." }),
  allow(readActions.ofBuckets, ["arn:aws:s3:::*"], { when: ownOnly, because: toCompare }),
  allow(["apigateway:GET"], ["/restapis", "/apis", "/usageplans", "/domainnames", "/tags"].map(apis), {
    because: toCompare,
  }),
  deny(["apigateway:GET"], ["arn:aws:apigateway:*::/usageplans/*/keys*"]),
  allow(readActions.ofImages, ["arn:aws:ecr:*:*:repository/*"], {
    because: "The build image may be in a registry of the organization, which may be another account's.",
  }),
  allow(["s3:GetObject"], ["arn:aws:s3:::*/*/*.tfstate"], {
    when: ownOnly,
    because: "The state of a line in the account's own bucket, whose name the account's parameter store has.",
  }),
];

/** The rights in one region: the log, and the artifacts that CodePipeline hands on. */
export const planGrantsOfARegion = (cacheArn: string, anchorAccount: string): readonly Grant[] => [
  allow(["logs:CreateLogStream", "logs:PutLogEvents"], [here("logs", `log-group:${logGroup}:*`)], {
    because: "The log-stream part of the log group's ARN.",
  }),
  allow(["s3:GetObject", "s3:GetObjectVersion"], [`${cacheArn}/${handedToPlans}`], {
    because:
      "CodePipeline gives each artifact a random name, and only the build that receives the artifact learns the name.",
  }),
  allow(["s3:PutObject"], [`${cacheArn}/${madeByBuilds}`], {
    because: "The build writes its plan under a random name, which only this build learns.",
  }),
  allow(["kms:Decrypt", "kms:GenerateDataKey"], [`arn:aws:kms:${Aws.REGION}:${anchorAccount}:key/*`], {
    when: { "ForAnyValue:StringEquals": { "kms:ResourceAliases": cacheKeyAlias } },
    because:
      "The condition names the key by its alias, because this template does not know the id of another account's key.",
  }),
];

export function planProjectOf(scope: Construct, roleArn: string, image: string): void {
  const logs = new CfnLogGroup(scope, "PlanLogs", { logGroupName: logGroup, retentionInDays: 90 });
  const project = new CfnProject(scope, "PlanProject", {
    name: planProject,
    description: "Plans Terraform configurations before their approval; it can change nothing",
    serviceRole: roleArn,
    source: { type: "CODEPIPELINE", buildSpec: buildspec },
    artifacts: { type: "CODEPIPELINE" },
    environment: {
      type: "LINUX_CONTAINER",
      computeType: "BUILD_GENERAL1_SMALL",
      image,
      imagePullCredentialsType: "SERVICE_ROLE",
    },
    timeoutInMinutes: 45,
    queuedTimeoutInMinutes: 10,
    logsConfig: { cloudWatchLogs: { status: "ENABLED", groupName: logs.ref } },
    visibility: "PRIVATE",
  });
  Validations.of(project).acknowledge(
    {
      id: "AwsSolutions-CB4",
      reason:
        "CodePipeline gives each build the key of the anchor's cache, which belongs to another account.",
    },
    { id: "AwsSolutions-CB5", reason: "The estate lists the image; it has Terraform and no more." },
  );
}
