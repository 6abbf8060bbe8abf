/**
 * Renders the CodeBuild project and the role of a line's smoke tests. A test is code of a team, so its role reads the
 * artifacts of its own line alone: the folder of the pipeline has the line's code.
 */
import { CfnResource, type Stack } from "aws-cdk-lib/core";
import { boundary, smokeLogs } from "#release/names/deployed-names.ts";
import { artifactFolder } from "#release/names/names.ts";
import { smokeMachine, smokeMinutes } from "#release/names/smoke-project.ts";
import type { Plan } from "#release/plan/plan.ts";
import type { Setting } from "./setting.ts";

export function smokeBuild(stack: Stack, plan: Plan, setting: Setting): void {
  const name = plan.stages
    .flatMap(({ actions }) => actions)
    .flatMap((action) => (action.type === "smoke-test" ? (action.project ?? []) : []))[0];
  if (name === undefined) return;
  const { account } = setting;
  // The Lambda's bundle has the constructs of CodePipeline alone (lib/bundle/cdk-diet.ts).
  const role = new CfnResource(stack, "SmokeTestRole", {
    type: "AWS::IAM::Role",
    properties: {
      RoleName: name,
      Description: "The smoke tests of one line run as this role",
      PermissionsBoundary: `arn:aws:iam::${account}:policy/${boundary}`,
      AssumeRolePolicyDocument: {
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Principal: { Service: "codebuild.amazonaws.com" }, Action: "sts:AssumeRole" },
        ],
      },
      Policies: [
        {
          PolicyName: "own",
          PolicyDocument: { Version: "2012-10-17", Statement: statements(name, plan, setting) },
        },
      ],
    },
  });
  new CfnResource(stack, "SmokeTest", {
    type: "AWS::CodeBuild::Project",
    properties: {
      Name: name,
      Description: "Runs the smoke tests of one line, with the outputs of its stacks as variables",
      ServiceRole: role.getAtt("Arn"),
      Source: { Type: "CODEPIPELINE" },
      Artifacts: { Type: "CODEPIPELINE" },
      EncryptionKey: setting.cacheKeyArn,
      Environment: {
        Type: smokeMachine.type,
        ComputeType: smokeMachine.computeType,
        Image: smokeMachine.image,
      },
      TimeoutInMinutes: smokeMinutes.build,
      QueuedTimeoutInMinutes: smokeMinutes.queued,
      LogsConfig: { CloudWatchLogs: { Status: "ENABLED", GroupName: smokeLogs, StreamName: name } },
      Visibility: "PRIVATE",
    },
  });
}

/** CodePipeline cuts the artifact's name, Smoke_<environment>, to ten characters. */
const statements = (
  name: string,
  plan: Plan,
  { account, region, cacheBucket, cacheKeyArn }: Setting,
): readonly object[] => [
  {
    Effect: "Allow",
    Action: ["s3:GetObject", "s3:GetObjectVersion"],
    Resource: [`arn:aws:s3:::${cacheBucket}/${artifactFolder(plan.pipeline)}*/Smoke_*`],
  },
  { Effect: "Allow", Action: ["kms:Decrypt"], Resource: [cacheKeyArn] },
  {
    Effect: "Allow",
    Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
    Resource: [`arn:aws:logs:${region}:${account}:log-group:${smokeLogs}:log-stream:${name}/*`],
  },
];
