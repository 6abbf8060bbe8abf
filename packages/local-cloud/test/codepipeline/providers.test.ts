import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CloudFormationClient,
  DescribeChangeSetCommand,
  DescribeStacksCommand,
} from "@aws-sdk/client-cloudformation";
import { CodeBuildClient, CreateProjectCommand } from "@aws-sdk/client-codebuild";
import {
  type ActionDeclaration,
  CreatePipelineCommand,
  StartPipelineExecutionCommand,
} from "@aws-sdk/client-codepipeline";
import { CreateFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { writeZip } from "#cloud/build/zip-writer.ts";
import { ACCOUNT, type Estate, openEstate, ROLE } from "./estate.ts";
import { approval, commands, source } from "./stages.ts";

const TARGET = "222222222222";
const type = (category: "Deploy" | "Invoke" | "Build", provider: string) =>
  ({ category, owner: "AWS", provider, version: "1" }) as const;

/** A function that ends its job with the real SDK, on the second call if it asked for a continuation. */
const worker = `
import { CodePipelineClient, PutJobFailureResultCommand, PutJobSuccessResultCommand } from "@aws-sdk/client-codepipeline";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
export const handler = async (event) => {
  const job = event["CodePipeline.job"];
  const { inputArtifacts, outputArtifacts, artifactCredentials, continuationToken, actionConfiguration } = job.data;
  const pipelines = new CodePipelineClient();
  const parameters = actionConfiguration.configuration.UserParameters;
  if (parameters === "fail") {
    await pipelines.send(new PutJobFailureResultCommand({ jobId: job.id, failureDetails: { type: "JobFailed", message: "told to" } }));
    return;
  }
  if (continuationToken === undefined) {
    await pipelines.send(new PutJobSuccessResultCommand({ jobId: job.id, continuationToken: "again" }));
    return;
  }
  const s3 = new S3Client({ credentials: artifactCredentials, forcePathStyle: true });
  const from = inputArtifacts[0].location.s3Location;
  const to = outputArtifacts[0].location.s3Location;
  const input = await s3.send(new GetObjectCommand({ Bucket: from.bucketName, Key: from.objectKey }));
  const Body = Buffer.from(await input.Body.transformToByteArray());
  await s3.send(new PutObjectCommand({ Bucket: to.bucketName, Key: to.objectKey, Body }));
  const denied = await s3.send(new PutObjectCommand({ Bucket: to.bucketName, Key: "elsewhere", Body: "x" })).then(() => "no", (error) => error.name);
  await pipelines.send(new PutJobSuccessResultCommand({ jobId: job.id, outputVariables: { denied, token: continuationToken, summary: parameters } }));
};`;

async function deployWorker({ cloud, role }: Estate): Promise<void> {
  const bundled = await build({
    stdin: { contents: worker, resolveDir: import.meta.dirname },
    bundle: true,
    platform: "node",
    format: "cjs",
    write: false,
    minify: true,
  });
  const Role = await role("worker", "lambda.amazonaws.com", [
    { Effect: "Allow", Action: ["codepipeline:PutJob*", "logs:*"], Resource: "*" },
  ]);
  await cloud.client(LambdaClient, ACCOUNT).send(
    new CreateFunctionCommand({
      FunctionName: "worker",
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Role,
      Timeout: 30,
      Code: {
        ZipFile: writeZip([{ name: "index.js", data: Buffer.from(bundled.outputFiles[0]?.contents ?? []) }]),
      },
    }),
  );
}

const invoke = (parameters: string): ActionDeclaration => ({
  name: "Work",
  actionTypeId: type("Invoke", "Lambda"),
  configuration: { FunctionName: "worker", UserParameters: parameters },
  inputArtifacts: [{ name: "App" }],
  outputArtifacts: [{ name: "Copy" }],
  namespace: "Worker",
});

describe("a Lambda invoke action", () => {
  it("is called again with its continuation token, and can touch its own artifacts only", async () => {
    await using estate = await openEstate();
    await deployWorker(estate);
    await estate.source({ a: "1" });
    await estate.create([
      source(),
      { name: "Go", actions: [invoke("#{codepipeline.PipelineExecutionId}")] },
      { name: "Use", actions: [{ ...commands("Cat", "cat a"), inputArtifacts: [{ name: "Copy" }] }] },
    ]);
    const { id, status } = await estate.newest();
    expect((await estate.action("Work")).output).toMatchObject({
      outputVariables: { denied: "AccessDenied", token: "again", summary: id },
    });
    expect(status).toBe("Succeeded");
  });

  it("is called again after a restart of the cloud", async () => {
    const dataDir = await mkdtemp(join(tmpdir(), "pipeline-continued-"));
    try {
      {
        await using before = await openEstate({ dataDir, poll: 60_000 });
        await deployWorker(before);
        await before.source({ a: "1" });
        await before.create([source(), { name: "Go", actions: [invoke("x")] }]);
        expect((await before.newest()).status).toBe("InProgress");
      }
      await using after = await openEstate({ dataDir, found: true });
      await after.cloud.clock.push(61_000);
      await after.rest();
      expect((await after.action("Work")).output).toMatchObject({ outputVariables: { token: "again" } });
      expect((await after.newest()).status).toBe("Succeeded");
    } finally {
      await rm(dataDir, { recursive: true });
    }
  });

  it("fails with the function's message, or after twenty minutes without an answer", async () => {
    await using estate = await openEstate();
    await deployWorker(estate);
    await estate.source({ a: "1" });
    await estate.create([source(), { name: "Go", actions: [invoke("fail")] }]);
    expect((await estate.action("Work")).output?.executionResult?.errorDetails).toEqual({
      code: "JobFailed",
      message: "told to",
    });
    await estate.cloud.client(LambdaClient, ACCOUNT).send(
      new CreateFunctionCommand({
        FunctionName: "mute",
        Runtime: "nodejs24.x",
        Handler: "index.handler",
        Role: `arn:aws:iam::${ACCOUNT}:role/worker`,
        Code: {
          ZipFile: writeZip([
            { name: "index.mjs", data: Buffer.from("export const handler = async () => {};") },
          ]),
        },
      }),
    );
    await estate.pipelines.send(
      new CreatePipelineCommand({
        pipeline: {
          name: "mute",
          roleArn: ROLE,
          artifactStore: { type: "S3", location: "artifacts" },
          stages: [
            source(),
            { name: "Go", actions: [{ ...invoke("x"), configuration: { FunctionName: "mute" } }] },
          ],
        },
      }),
    );
    await estate.rest();
    const status = () => estate.statusOf("mute");
    await estate.cloud.clock.push(19 * 60_000);
    expect(await status()).toBe("InProgress");
    await estate.cloud.clock.push(2 * 60_000);
    expect(await status()).toBe("Failed");
  });
});

describe("a CodeBuild action", () => {
  it("builds its input and passes on its artifact and exported variables", async () => {
    await using estate = await openEstate();
    const serviceRole = await estate.role("builder", "codebuild.amazonaws.com", [
      { Effect: "Allow", Action: ["s3:GetObject*", "s3:PutObject"], Resource: ["arn:aws:s3:::artifacts/*"] },
      { Effect: "Allow", Action: ["logs:*", "kms:*"], Resource: "*" },
    ]);
    await estate.cloud.client(CodeBuildClient, ACCOUNT).send(
      new CreateProjectCommand({
        name: "proj",
        serviceRole,
        source: { type: "CODEPIPELINE" },
        artifacts: { type: "CODEPIPELINE" },
        environment: { type: "LINUX_CONTAINER", image: "x", computeType: "BUILD_GENERAL1_SMALL" },
      }),
    );
    await estate.source({
      "buildspec.yml": `version: 0.2
env: { exported-variables: [WHO] }
phases: { build: { commands: ["export WHO=$CODEBUILD_INITIATOR-$MOOD", "echo built > out.txt"] } }
artifacts: { files: [out.txt] }
`,
    });
    await estate.create([
      source(),
      {
        name: "Build",
        actions: [
          {
            name: "Make",
            actionTypeId: type("Build", "CodeBuild"),
            configuration: {
              ProjectName: "proj",
              EnvironmentVariables: '[{"name":"MOOD","value":"#{Src.ETag}"}]',
            },
            inputArtifacts: [{ name: "App" }],
            outputArtifacts: [{ name: "Built" }],
          },
        ],
      },
      {
        name: "Use",
        actions: [
          { ...commands("Cat", 'test "$(cat out.txt)" = built'), inputArtifacts: [{ name: "Built" }] },
        ],
      },
    ]);
    expect((await estate.action("Make")).output?.outputVariables?.["WHO"]).toMatch(
      /^codepipeline\/line-[0-9a-f]{32}$/,
    );
    expect((await estate.newest()).status).toBe("Succeeded");
  });
});

const template = (more: object = {}) =>
  JSON.stringify({
    Parameters: { Name: { Type: "String" } },
    Resources: { Queue: { Type: "AWS::SQS::Queue", Properties: { QueueName: { Ref: "Name" }, ...more } } },
    Outputs: { QueueName: { Value: { "Fn::GetAtt": ["Queue", "QueueName"] } } },
  });

const cloudFormation = (
  name: string,
  runOrder: number,
  configuration: Record<string, string>,
): ActionDeclaration => ({
  name,
  runOrder,
  actionTypeId: type("Deploy", "CloudFormation"),
  configuration: { StackName: "app", ...configuration },
  roleArn: `arn:aws:iam::${TARGET}:role/deploy`,
  ...(configuration["TemplatePath"] !== undefined && { inputArtifacts: [{ name: "App" }] }),
});

const made = {
  ChangeSetName: "change",
  TemplatePath: "App::template.json",
  TemplateConfiguration: "App::config.json",
  RoleArn: `arn:aws:iam::${TARGET}:role/execution`,
};

const deployStage = {
  name: "Deploy",
  actions: [
    cloudFormation("ChangeSet", 1, { ActionMode: "CHANGE_SET_REPLACE", ...made }),
    {
      ...cloudFormation("Execute", 2, { ActionMode: "CHANGE_SET_EXECUTE", ChangeSetName: "change" }),
      namespace: "Deployed",
    },
  ],
};

/**
 * The target's deploy role trusts the pipeline's role. The artifact bucket and its key grant the target
 * access.
 */
async function openTarget(estate: Estate): Promise<CloudFormationClient> {
  await estate.role(
    "execution",
    "cloudformation.amazonaws.com",
    [{ Effect: "Allow", Action: "sqs:*", Resource: "*" }],
    TARGET,
  );
  await estate.role(
    "deploy",
    ROLE,
    [
      {
        Effect: "Allow",
        Action: ["cloudformation:*", "s3:GetObject", "s3:ListBucket", "kms:*"],
        Resource: "*",
      },
      { Effect: "Allow", Action: "iam:PassRole", Resource: `arn:aws:iam::${TARGET}:role/execution` },
    ],
    TARGET,
  );
  await estate.share(TARGET);
  return estate.cloud.client(CloudFormationClient, TARGET);
}

describe("CloudFormation actions in another account", () => {
  it("creates a change set as the target's role, executes it, and passes on the stack's outputs", async () => {
    await using estate = await openEstate();
    const stacks = await openTarget(estate);
    await estate.source({
      "template.json": template(),
      "config.json": '{"Parameters":{"Name":"q1"},"Tags":{"team":"shop"}}',
    });
    await estate.createShared([source(), deployStage]);
    expect(await estate.problem()).toBeUndefined();
    const { Stacks } = await stacks.send(new DescribeStacksCommand({ StackName: "app" }));
    expect(Stacks?.[0]).toMatchObject({
      StackStatus: "CREATE_COMPLETE",
      Tags: [{ Key: "team", Value: "shop" }],
    });
    expect((await estate.action("Execute")).output?.outputVariables).toEqual({ QueueName: "q1" });
  });

  it("succeeds without changes", async () => {
    await using estate = await openEstate();
    const stacks = await openTarget(estate);
    await estate.source({ "template.json": template(), "config.json": '{"Parameters":{"Name":"q1"}}' });
    await estate.createShared([source(), deployStage]);
    await estate.pipelines.send(new StartPipelineExecutionCommand({ name: "line" }));
    await estate.rest();
    const set = await stacks.send(
      new DescribeChangeSetCommand({ StackName: "app", ChangeSetName: "change" }),
    );
    expect(set.Status).toBe("FAILED");
    expect(await estate.problem()).toBeUndefined();
    expect((await estate.action("Execute")).output?.outputVariables).toEqual({ QueueName: "q1" });
  });

  it("names the resource and the reason of the stack's failure", async () => {
    await using estate = await openEstate();
    await openTarget(estate);
    await estate.source({
      "template.json": template({ DelaySeconds: 100_000 }),
      "config.json": '{"Parameters":{"Name":"q1"}}',
    });
    await estate.createShared([source(), deployStage]);
    expect((await estate.newest()).status).toBe("Failed");
    expect(await estate.problem()).toMatch(
      /^The stack operation ended in ROLLBACK_COMPLETE\. Queue \(AWS::SQS::Queue\): .*DelaySeconds/,
    );
  });

  it("creates, replaces after a failure, and deletes without change sets", async () => {
    await using estate = await openEstate();
    const stacks = await openTarget(estate);
    await estate.source({
      "template.json": template({ DelaySeconds: 100_000 }),
      "config.json": '{"Parameters":{"Name":"q1"}}',
    });
    const { ChangeSetName: _, ...rest } = made;
    await estate.createShared([
      source(),
      {
        name: "Deploy",
        actions: [cloudFormation("Replace", 1, { ActionMode: "REPLACE_ON_FAILURE", ...rest })],
      },
      {
        name: "Remove",
        actions: [cloudFormation("Delete", 1, { ActionMode: "DELETE_ONLY", RoleArn: made.RoleArn })],
      },
    ]);
    expect((await estate.newest()).status).toBe("Failed");
    await estate.source({ "template.json": template(), "config.json": '{"Parameters":{"Name":"q1"}}' });
    await estate.pipelines.send(new StartPipelineExecutionCommand({ name: "line" }));
    await estate.rest();
    expect(await estate.problem()).toBeUndefined();
    await expect(stacks.send(new DescribeStacksCommand({ StackName: "app" }))).rejects.toThrow(
      /does not exist/,
    );
  });

  it("fails when the target's trust does not name the pipeline's role", async () => {
    await using estate = await openEstate();
    await openTarget(estate);
    await estate.role(
      "deploy2",
      `arn:aws:iam::${TARGET}:root`,
      [{ Effect: "Allow", Action: "s3:*", Resource: "*" }],
      TARGET,
    );
    const stages = [
      source(),
      {
        ...deployStage,
        actions: deployStage.actions.map((action) => ({
          ...action,
          roleArn: `arn:aws:iam::${TARGET}:role/deploy2`,
        })),
      },
    ];
    await expect(estate.createShared(stages)).rejects.toMatchObject({
      name: "InvalidStructureException",
      message: `${ROLE} is not authorized to perform AssumeRole on role arn:aws:iam::${TARGET}:role/deploy2`,
    });
  });
});

describe("other actions", () => {
  it("an approval notifies its topic with the token for the answer", async () => {
    await using estate = await openEstate();
    const sqs = estate.cloud.client(SQSClient, ACCOUNT);
    const sns = estate.cloud.client(SNSClient, ACCOUNT);
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: "ask" }));
    const { QueueUrl } = await sqs.send(
      new CreateQueueCommand({
        QueueName: "asked",
        Attributes: {
          Policy: JSON.stringify({
            Version: "2012-10-17",
            Statement: [
              {
                Effect: "Allow",
                Principal: { Service: "sns.amazonaws.com" },
                Action: "sqs:SendMessage",
                Resource: "*",
              },
            ],
          }),
        },
      }),
    );
    await sns.send(
      new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: `arn:aws:sqs:us-east-1:${ACCOUNT}:asked` }),
    );
    await estate.source({ a: "1" });
    const configuration = { NotificationArn: TopicArn ?? "", CustomData: "version #{Src.VersionId}" };
    await estate.create([source(), { name: "Gate", actions: [{ ...approval, configuration }] }]);
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    const { Message } = JSON.parse(Messages?.[0]?.Body ?? "{}") as { Message: string };
    const token = (await estate.state()).stageStates?.[1]?.actionStates?.[0]?.latestExecution?.token;
    expect(JSON.parse(Message)).toMatchObject({
      approval: {
        pipelineName: "line",
        stageName: "Gate",
        actionName: "Ok",
        token,
        customData: expect.stringMatching(/^version \S+$/),
      },
    });
  });

  it("an action of an unknown provider fails, and the log says where the provider belongs", async () => {
    await using estate = await openEstate();
    await estate.source({ a: "1" });
    await estate.create([
      source(),
      {
        name: "Go",
        actions: [
          {
            name: "Ship",
            actionTypeId: type("Deploy", "ECS"),
            configuration: { ClusterName: "c", ServiceName: "s" },
            inputArtifacts: [{ name: "App" }],
          },
        ],
      },
    ]);
    expect((await estate.newest()).status).toBe("Failed");
    expect(estate.cloud.logged.join("\n")).toContain("packages/local-cloud/src/action-providers/ecs.ts");
  });
});
