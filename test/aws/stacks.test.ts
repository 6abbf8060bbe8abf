/** Tests stacks and pipelines: the fakes keep the same promises as CloudFormation with CodePipeline. */
import { CloudFormationClient, CreateStackCommand } from "@aws-sdk/client-cloudformation";
import { STSClient } from "@aws-sdk/client-sts";
import { describe, expect, it } from "vitest";
import { applicationsCloudformation } from "#aws/applications-cloudformation.ts";
import { targetClients } from "#aws/target-clients.ts";
import { cacheKeys, lineName } from "#release/names/names.ts";
import { type ApplicationsSubject, applicationsContract, target } from "#test/contracts/applications.ts";
import { pipelinesContract } from "#test/contracts/pipelines.ts";
import { memoryApplications } from "#test/support/fakes/applications.ts";
import { memoryPipelines } from "#test/support/fakes/pipelines.ts";
import { memoryCache } from "#test/support/fakes/storage.ts";
import { anchor, awsCloud, region } from "./aws-cloud.ts";
import { line, name, pipelinesInCloud, pipelineTemplate } from "./pipelines-in-cloud.ts";

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

pipelinesContract("CloudFormation and CodePipeline", pipelinesInCloud);

const input = (over: object = {}) => ({
  ...{ line, name, template: pipelineTemplate(), planDigest: "d", tags: {}, token: "token-1" },
  releaseTemplate: { name: "sam", version: "1.0.0", sha256: "a".repeat(64) },
  ...over,
});

describe("a pipeline's stack", () => {
  it("takes a template from the cache when it is longer than a call can hold", async () => {
    await using subject = await pipelinesInCloud();
    await subject.stacks.create(input({ template: pipelineTemplate("x".repeat(60_000)) }));
    await subject.settle();
    expect((await subject.stacks.describe(name))?.status).toBe("CREATE_COMPLETE");
  });

  it("says by which call its creation failed and why", async () => {
    await using subject = await pipelinesInCloud();
    const broken = pipelineTemplate().replace('"RoleArn":"arn', '"RoleArn":"nonsense');
    await subject.stacks.create(input({ template: broken, token: "token-7" }));
    await subject.settle();
    const seen = await subject.stacks.describe(name);
    expect(seen).toMatchObject({ status: "ROLLBACK_COMPLETE", lastToken: "token-7" });
    expect(seen?.failure).toContain("Pipeline (AWS::CodePipeline::Pipeline) CREATE_FAILED");
  });
});

describe("a throttle", () => {
  it("is never taken for a missing stack or pipeline", async () => {
    await using subject = await pipelinesInCloud();
    for (const operation of ["DescribeStacks", "ListPipelineExecutions", "GetPipelineState"])
      subject.throttle(operation);
    await expect(subject.stacks.describe(name)).rejects.toThrow("Rate exceeded");
    await expect(subject.executions.list(name)).rejects.toThrow("Rate exceeded");
    await expect(subject.executions.stages(name)).rejects.toThrow("Rate exceeded");
  });

  it("a denial in a target is not taken for a missing stack", async () => {
    await using subject = await applicationsInCloud();
    const other = { account: "333333333333", region };
    await expect(subject.port.stack(other, "kedge-app-dev-x")).rejects.toThrow();
  });
});
