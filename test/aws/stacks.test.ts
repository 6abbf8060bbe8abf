/** Stacks and pipelines: the fakes, and CloudFormation with CodePipeline, keep the same promises. */
import { CloudFormationClient, CreateStackCommand } from "@aws-sdk/client-cloudformation";
import { CodePipelineClient } from "@aws-sdk/client-codepipeline";
import { STSClient } from "@aws-sdk/client-sts";
import { describe, expect, it } from "vitest";
import { applicationsCloudformation } from "#aws/applications-cloudformation.ts";
import { executionsCodepipeline } from "#aws/executions-codepipeline.ts";
import { lineCacheS3 } from "#aws/line-cache-s3.ts";
import { pipelineStacksCloudformation } from "#aws/pipeline-stacks-cloudformation.ts";
import { targetClients } from "#aws/target-clients.ts";
import { cacheKeys, lineName, pipelineName } from "#release/names/names.ts";
import { type ApplicationsSubject, applicationsContract, target } from "#test/contracts/applications.ts";
import { type PipelinesSubject, pipelinesContract } from "#test/contracts/pipelines.ts";
import { memoryApplications } from "#test/support/fakes/applications.ts";
import { memoryPipelines } from "#test/support/fakes/pipelines.ts";
import { memoryCache } from "#test/support/fakes/storage.ts";
import { anchor, awsCloud, region } from "./aws-cloud.ts";

const line = { account: anchor, app: "shop", branch: "main" };
const name = pipelineName(line);

applicationsContract("memory", async () => {
  const port = memoryApplications();
  return {
    port,
    create: async (stack) => port.set(target, stack, { outputs: { Greeting: "hello" } }),
    createFailing: async (stack) => {
      port.set(target, stack, { status: "ROLLBACK_COMPLETE", failure: "Second: already there" });
      return "already there";
    },
    settle: async () => {
      while (port.settleOne() !== undefined);
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
});

const parameter = (Name: string, more: object = {}) => ({
  Type: "AWS::SSM::Parameter",
  Properties: { Type: "String", Name, Value: "x" },
  ...more,
});

async function applicationsInCloud(): Promise<ApplicationsSubject> {
  const aws = await awsCloud();
  await aws.role(target.account, "kedge-deploy", { AWS: `arn:aws:iam::${anchor}:root` });
  const there = aws.cloud.client(CloudFormationClient, target.account);
  const clients = targetClients(
    aws.cloud.client(STSClient, anchor),
    aws.config,
    (config) => new CloudFormationClient(config),
  );
  const { settled } = aws.cloud.cloud();
  const create = async (StackName: string, template: object): Promise<void> => {
    await there.send(new CreateStackCommand({ StackName, TemplateBody: JSON.stringify(template) }));
    await settled();
  };
  return {
    port: applicationsCloudformation(clients),
    create: (stack) =>
      create(stack, { Resources: { P: parameter("/a") }, Outputs: { Greeting: { Value: "hello" } } }),
    createFailing: async (stack) => {
      await create(stack, {
        Resources: { First: parameter("/same"), Second: parameter("/same", { DependsOn: "First" }) },
      });
      return "Second (AWS::SSM::Parameter) CREATE_FAILED";
    },
    settle: settled,
    [Symbol.asyncDispose]: () => aws[Symbol.asyncDispose](),
  };
}
applicationsContract("CloudFormation, as the target's role", applicationsInCloud);

const plan = {
  pipeline: name,
  description: "A description",
  stages: [
    {
      name: "Source",
      actions: [{ type: "source", name: "Source", key: cacheKeys.bundle(lineName(line)) }],
    },
    { name: "dev", actions: [{ type: "approve", name: "Approve" }] },
  ],
};

pipelinesContract("memory", async () => {
  const cache = memoryCache();
  const { stacks, executions, settleOne } = memoryPipelines(cache, memoryApplications());
  return {
    ...{ stacks, executions, cache },
    template: JSON.stringify(plan),
    settle: async () => {
      while (settleOne() !== undefined);
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
});

const type = (Category: string, Provider: string) => ({ Category, Owner: "AWS", Provider, Version: "1" });

const template = (padding = "") =>
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

async function pipelinesInCloud(): Promise<
  PipelinesSubject & { readonly throttle: (operation: string) => void }
> {
  const aws = await awsCloud();
  await aws.bucket("cache");
  await aws.role(anchor, "kedge-pipeline", { Service: "codepipeline.amazonaws.com" });
  await aws.role(anchor, "kedge-pipeline-stack", { Service: "cloudformation.amazonaws.com" });
  const bucket = { name: "cache", keyArn: await aws.key() };
  const cache = lineCacheS3(aws.s3, bucket, () => [aws.s3, bucket]);
  const cloudformation = aws.cloud.client(CloudFormationClient, anchor);
  const roleArn = `arn:aws:iam::${anchor}:role/kedge-pipeline-stack`;
  return {
    cache,
    stacks: pipelineStacksCloudformation(cloudformation, cache, { roleArn, cacheBucket: "cache", region }),
    executions: executionsCodepipeline(aws.cloud.client(CodePipelineClient, anchor)),
    template: template(),
    settle: aws.cloud.cloud().settled,
    throttle: aws.throttle,
    [Symbol.asyncDispose]: () => aws[Symbol.asyncDispose](),
  };
}
pipelinesContract("CloudFormation and CodePipeline", pipelinesInCloud);

const input = (over: object = {}) => ({
  ...{ line, name, template: template(), planDigest: "d", tags: {}, token: "token-1" },
  releaseTemplate: { name: "sam", version: "1.0.0", sha256: "a".repeat(64) },
  ...over,
});

describe("a pipeline's stack", () => {
  it("takes a template longer than a call can hold from the cache", async () => {
    await using subject = await pipelinesInCloud();
    await subject.stacks.create(input({ template: template("x".repeat(60_000)) }));
    await subject.settle();
    expect((await subject.stacks.describe(name))?.status).toBe("CREATE_COMPLETE");
  });

  it("that could not be created says by which call and why", async () => {
    await using subject = await pipelinesInCloud();
    const broken = template().replace('"RoleArn":"arn', '"RoleArn":"nonsense');
    await subject.stacks.create(input({ template: broken, token: "token-7" }));
    await subject.settle();
    const seen = await subject.stacks.describe(name);
    expect(seen).toMatchObject({ status: "ROLLBACK_COMPLETE", lastToken: "token-7" });
    expect(seen?.failure).toContain("Pipeline (AWS::CodePipeline::Pipeline) CREATE_FAILED");
  });
});

describe("a throttle", () => {
  it("is never taken for a stack or pipeline that is not there", async () => {
    await using subject = await pipelinesInCloud();
    for (const operation of ["DescribeStacks", "ListPipelineExecutions", "GetPipelineState"])
      subject.throttle(operation);
    await expect(subject.stacks.describe(name)).rejects.toThrow("Rate exceeded");
    await expect(subject.executions.list(name)).rejects.toThrow("Rate exceeded");
    await expect(subject.executions.stages(name)).rejects.toThrow("Rate exceeded");
  });

  it("or a denial in a target is not either", async () => {
    await using subject = await applicationsInCloud();
    const other = { account: "333333333333", region };
    await expect(subject.port.status(other, "kedge-app-dev-x")).rejects.toThrow();
  });
});
