/**
 * Defines the role of the lines' pipelines, the role that creates them, and the CodeBuild project that runs
 * an artifact's own smoke test.
 */
import { CfnProject } from "aws-cdk-lib/aws-codebuild";
import type { CfnFunction } from "aws-cdk-lib/aws-lambda";
import { CfnLogGroup } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";
import { writeLogs } from "#constructs/lambda.ts";
import { allow, passRole, role, trustService } from "#constructs/statements.ts";
import { folders, pipelinePrefix, roles, smokeProject } from "#release/names/deployed-names.ts";
import { assumeDeployRoles, decrypt, inCache, listCache, onPipelines, ownRole } from "./arns.ts";
import { type Cache, keyUse } from "./cache.ts";
import { topicArn } from "./notifications.ts";

type PipelineRolesProps = {
  readonly cache: Cache;
  readonly actions: readonly CfnFunction[];
  readonly deployRoles: readonly string[];
};

const ofAPipeline = "CodePipeline creates a folder for each pipeline, with random names in it.";

export function pipelineRoles(scope: Construct, props: PipelineRolesProps): void {
  const { cache } = props;
  const project = smokeTest(scope, cache);
  role(scope, "PipelineRole", {
    name: roles.pipeline,
    description: "The pipelines of the release lines run as this role",
    // CodePipeline is not documented to send aws:SourceArn or aws:SourceAccount when it assumes this role.
    trust: [trustService("codepipeline.amazonaws.com")],
    grants: [
      inCache(
        cache,
        ["GetObject", "GetObjectVersion", "GetObjectTagging", "GetObjectVersionTagging"],
        `${folders.lines}*/release.zip`,
        "The release bundle of each line is the source of its pipeline.",
      ),
      inCache(
        cache,
        ["GetObject", "GetObjectVersion", "PutObject", "PutObjectTagging"],
        pipelinePrefix,
        ofAPipeline,
      ),
      listCache(cache),
      allow(["s3:GetBucketVersioning", "s3:GetBucketLocation", "s3:GetBucketAcl"], [cache.arn]),
      allow(keyUse, [cache.keyArn]),
      allow(
        ["lambda:InvokeFunction"],
        props.actions.map((action) => action.attrArn),
      ),
      allow(["codebuild:StartBuild", "codebuild:BatchGetBuilds"], [project.attrArn]),
      allow(["sns:Publish"], [topicArn]),
      assumeDeployRoles(props.deployRoles),
    ],
  });
  role(scope, "PipelineStackRole", {
    name: roles.pipelineStack,
    description: "CloudFormation assumes this role to create, change and remove the pipelines",
    trust: [trustService("cloudformation.amazonaws.com")],
    grants: [
      onPipelines(
        "CreatePipeline",
        "UpdatePipeline",
        "DeletePipeline",
        "GetPipeline",
        "GetPipelineState",
        "TagResource",
        "UntagResource",
        "ListTagsForResource",
      ),
      passRole([ownRole(roles.pipeline)], ["codepipeline.amazonaws.com"]),
    ],
  });
}

function smokeTest(scope: Construct, cache: Cache): CfnProject {
  const logGroup = `/aws/codebuild/${smokeProject}`;
  const logs = new CfnLogGroup(scope, "SmokeTestLogs", { logGroupName: logGroup, retentionInDays: 90 });
  const own = role(scope, "SmokeTestRole", {
    name: roles.smokeTest,
    description: "An artifact's own smoke test runs as this role: it reads its input and writes its log",
    trust: [trustService("codebuild.amazonaws.com")],
    grants: [
      writeLogs(logGroup),
      // CodePipeline shortens the artifact's name, SmokeInput_<environment>, to ten characters.
      inCache(cache, ["GetObject", "GetObjectVersion"], `${pipelinePrefix}*/SmokeInput/`, ofAPipeline),
      decrypt(cache),
    ],
  });
  return new CfnProject(scope, "SmokeTest", {
    name: smokeProject,
    description: "Runs an artifact's own smoke test, with the stack's outputs as variables",
    serviceRole: own.attrArn,
    source: { type: "CODEPIPELINE" },
    artifacts: { type: "CODEPIPELINE" },
    encryptionKey: cache.keyArn,
    environment: {
      type: "ARM_CONTAINER",
      computeType: "BUILD_GENERAL1_SMALL",
      image: "aws/codebuild/amazonlinux-aarch64-standard:3.0",
    },
    timeoutInMinutes: 30,
    queuedTimeoutInMinutes: 60,
    logsConfig: { cloudWatchLogs: { status: "ENABLED", groupName: logs.ref } },
    visibility: "PRIVATE",
  });
}
