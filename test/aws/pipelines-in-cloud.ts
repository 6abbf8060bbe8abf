/** A pipeline of two stages in the embedded cloud: the line's bundle, then an approval that waits. */
import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { CodePipelineClient } from "@aws-sdk/client-codepipeline";
import { executionsCodepipeline } from "#aws/executions-codepipeline.ts";
import { lineCacheS3 } from "#aws/line-cache-s3.ts";
import { pipelineStacksCloudformation } from "#aws/pipeline-stacks-cloudformation.ts";
import { cacheKeys, lineName, pipelineName } from "#release/names/names.ts";
import type { PipelinesSubject } from "#test/contracts/pipelines.ts";
import { anchor, awsCloud, region } from "./aws-cloud.ts";

export const line = { account: anchor, app: "shop", branch: "main" };
export const name = pipelineName(line);

const type = (Category: string, Provider: string) => ({ Category, Owner: "AWS", Provider, Version: "1" });

export const pipelineTemplate = (padding = "") =>
  JSON.stringify({
    Description: "A description",
    Metadata: { padding },
    Resources: {
      Pipeline: {
        Type: "AWS::CodePipeline::Pipeline",
        Properties: {
          Name: name,
          PipelineType: "V2",
          ExecutionMode: "SUPERSEDED",
          RoleArn: `arn:aws:iam::${anchor}:role/kedge-pipeline`,
          ArtifactStore: { Type: "S3", Location: "cache" },
          Stages: [
            {
              Name: "Source",
              Actions: [
                {
                  Name: "Source",
                  ActionTypeId: type("Source", "S3"),
                  Configuration: {
                    S3Bucket: "cache",
                    S3ObjectKey: cacheKeys.bundle(lineName(line)),
                    PollForSourceChanges: "false",
                  },
                  OutputArtifacts: [{ Name: "Release" }],
                },
              ],
            },
            {
              Name: "dev",
              Actions: [
                {
                  Name: "Approve",
                  ActionTypeId: type("Approval", "Manual"),
                  Configuration: { CustomData: "A description" },
                },
              ],
            },
          ],
        },
      },
    },
  });

export async function pipelinesInCloud(): Promise<
  PipelinesSubject & {
    readonly codepipeline: CodePipelineClient;
    readonly throttle: (operation: string) => void;
  }
> {
  const aws = await awsCloud();
  await aws.bucket("cache");
  await aws.role(anchor, "kedge-pipeline", { Service: "codepipeline.amazonaws.com" });
  await aws.role(anchor, "kedge-pipeline-stack", { Service: "cloudformation.amazonaws.com" });
  const bucket = { name: "cache", keyArn: await aws.key() };
  const cache = lineCacheS3(aws.s3, bucket, () => [aws.s3, bucket]);
  const cloudformation = aws.cloud.client(CloudFormationClient, anchor);
  const roleArn = `arn:aws:iam::${anchor}:role/kedge-pipeline-stack`;
  const codepipeline = aws.cloud.client(CodePipelineClient, anchor);
  return {
    cache,
    codepipeline,
    stacks: pipelineStacksCloudformation(cloudformation, cache, { roleArn, cacheBucket: "cache", region }),
    executions: executionsCodepipeline(codepipeline),
    template: pipelineTemplate(),
    settle: aws.cloud.cloud().settled,
    throttle: aws.throttle,
    [Symbol.asyncDispose]: () => aws[Symbol.asyncDispose](),
  };
}
