/**
 * Defines the role of the lines' pipelines, the role that creates them, and the CodeBuild project that runs
 * an artifact's own smoke test.
 */
import { CfnProject } from "aws-cdk-lib/aws-codebuild";
import type { CfnFunction } from "aws-cdk-lib/aws-lambda";
import { CfnLogGroup } from "aws-cdk-lib/aws-logs";
import { Aws } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { writeLogs } from "#constructs/lambda.ts";
import { allow, type Grant, managedPolicy, passRole, role, trustService } from "#constructs/statements.ts";
import {
  applicationPrefix,
  boundary,
  folders,
  pipelinePrefix,
  roles,
  smokeLogs,
  smokeProject,
} from "#release/names/deployed-names.ts";
import { smokeMachine, smokeMinutes } from "#release/names/smoke-project.ts";
import { assumeDeployRoles, decrypt, here, inCache, listCache, onPipelines, ownRole } from "./arns.ts";
import { type Cache, keyUse } from "./cache.ts";
import { topicArn } from "./notifications.ts";

type PipelineRolesProps = {
  readonly cache: Cache;
  readonly actions: readonly CfnFunction[];
  readonly targetAccounts: readonly string[];
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
      allow(["codebuild:StartBuild", "codebuild:BatchGetBuilds"], [project.attrArn, smokeBuilds], {
        because: ofALine,
      }),
      allow(["sns:Publish"], [topicArn]),
      assumeDeployRoles(props.targetAccounts),
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
      ...makeSmokeBuilds,
    ],
  });
}

const ofALine = "Each line with a smoke test has a project and a role, whose names have the line's code.";
const smokeBuilds = here("codebuild", `project/${applicationPrefix}*-smoke`);
const smokeRoles = ownRole(`${applicationPrefix}*-smoke`);

/** CloudFormation makes and changes the project and the role of a line's smoke tests, the role only under the boundary. */
const makeSmokeBuilds: readonly Grant[] = [
  allow(
    ["CreateProject", "UpdateProject", "DeleteProject", "BatchGetProjects"].map(
      (name) => `codebuild:${name}`,
    ),
    [smokeBuilds],
    { because: ofALine },
  ),
  allow(
    ["CreateRole", "PutRolePolicy", "DeleteRolePolicy", "PutRolePermissionsBoundary"].map(
      (name) => `iam:${name}`,
    ),
    [smokeRoles],
    {
      when: {
        StringEquals: { "iam:PermissionsBoundary": `arn:aws:iam::${Aws.ACCOUNT_ID}:policy/${boundary}` },
      },
      because: ofALine,
    },
  ),
  allow(
    [
      "GetRole",
      "GetRolePolicy",
      "ListRolePolicies",
      "ListAttachedRolePolicies",
      "UpdateRole",
      "UpdateRoleDescription",
      "UpdateAssumeRolePolicy",
      "DeleteRole",
      "TagRole",
      "UntagRole",
    ].map((name) => `iam:${name}`),
    [smokeRoles],
    { because: ofALine },
  ),
  passRole([smokeRoles], ["codebuild.amazonaws.com"], ofALine),
];

/**
 * CodePipeline shortens the names of artifacts to ten characters. The first name is `SmokeInput_<environment>` of
 * release templates before 1.1.0, the second is `Smoke_<environment>`.
 */
const readInput = (cache: Cache, ...names: readonly ("SmokeInput/" | "Smoke_")[]): readonly Grant[] =>
  names.map((name) =>
    inCache(cache, ["GetObject", "GetObjectVersion"], `${pipelinePrefix}*/${name}`, ofAPipeline),
  );

/** The boundary of the shared project's role, and of each line's role. The line's own policy names its folder. */
const smokeBoundary = (scope: Construct, cache: Cache): string =>
  managedPolicy(scope, "Boundary", {
    name: boundary,
    description: "The most a smoke test can do in this account",
    grants: [writeLogs(smokeLogs), ...readInput(cache, "SmokeInput/", "Smoke_"), decrypt(cache)],
  });

function smokeTest(scope: Construct, cache: Cache): CfnProject {
  const logs = new CfnLogGroup(scope, "SmokeTestLogs", { logGroupName: smokeLogs, retentionInDays: 90 });
  const own = role(scope, "SmokeTestRole", {
    name: roles.smokeTest,
    description: "An artifact's own smoke test runs as this role: it reads its input and writes its log",
    trust: [trustService("codebuild.amazonaws.com")],
    grants: [writeLogs(smokeLogs), ...readInput(cache, "SmokeInput/"), decrypt(cache)],
    boundary: smokeBoundary(scope, cache),
  });
  return new CfnProject(scope, "SmokeTest", {
    name: smokeProject,
    description: "Runs an artifact's own smoke test, with the stack's outputs as variables",
    serviceRole: own.attrArn,
    source: { type: "CODEPIPELINE" },
    artifacts: { type: "CODEPIPELINE" },
    encryptionKey: cache.keyArn,
    environment: smokeMachine,
    timeoutInMinutes: smokeMinutes.build,
    queuedTimeoutInMinutes: smokeMinutes.queued,
    logsConfig: { cloudWatchLogs: { status: "ENABLED", groupName: logs.ref } },
    visibility: "PRIVATE",
  });
}
