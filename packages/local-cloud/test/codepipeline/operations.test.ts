import {
  AcknowledgeJobCommand,
  CodePipelineClient,
  CreateCustomActionTypeCommand,
  DeletePipelineCommand,
  DisableStageTransitionCommand,
  EnableStageTransitionCommand,
  GetJobDetailsCommand,
  GetPipelineStateCommand,
  ListPipelineExecutionsCommand,
  ListPipelinesCommand,
  ListRuleExecutionsCommand,
  ListTagsForResourceCommand,
  PollForJobsCommand,
  PutApprovalResultCommand,
  PutJobSuccessResultCommand,
  RollbackStageCommand,
  type StageDeclaration,
  StartPipelineExecutionCommand,
  StopPipelineExecutionCommand,
  TagResourceCommand,
  UpdatePipelineCommand,
} from "@aws-sdk/client-codepipeline";
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { describe, expect, it } from "vitest";
import { ACCOUNT, type Estate, openEstate, ROLE } from "./estate.ts";
import { approval, commands, source } from "./stages.ts";

const ARN = `arn:aws:codepipeline:us-east-1:${ACCOUNT}:line`;
const gate: StageDeclaration = { name: "Gate", actions: [approval] };
const pipelineName = "line";

const opened = async (...stages: StageDeclaration[]) => {
  const estate = await openEstate();
  await estate.source({ a: "1" });
  await estate.create([source(), ...stages]);
  return estate;
};
const start = async (estate: Estate): Promise<string> => {
  const { pipelineExecutionId = "" } = await estate.pipelines.send(
    new StartPipelineExecutionCommand({ name: "line" }),
  );
  await estate.rest();
  return pipelineExecutionId;
};
const statuses = async (estate: Estate) =>
  (
    await estate.pipelines.send(new ListPipelineExecutionsCommand({ pipelineName }))
  ).pipelineExecutionSummaries?.map(({ status }) => status);

describe("operating a pipeline", () => {
  it("disables a transition, supersedes what waits before it, and lets the newest in when enabled", async () => {
    await using estate = await opened(gate);
    const at = { pipelineName, stageName: "Gate", transitionType: "Inbound" } as const;
    await expect(
      estate.pipelines.send(new DisableStageTransitionCommand({ ...at, reason: "no: comma, allowed" })),
    ).rejects.toMatchObject({
      name: "ValidationException",
      message:
        "1 validation error detected: Value 'no: comma, allowed' at 'reason' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9!@ \\(\\)\\.\\*\\?\\-]+",
    });
    await estate.pipelines.send(new DisableStageTransitionCommand({ ...at, reason: "freeze" }));
    await start(estate);
    const newest = await start(estate);
    const held = (await estate.state()).stageStates?.[1];
    expect(held).toMatchObject({
      inboundExecution: { pipelineExecutionId: newest, status: "InProgress" },
      inboundTransitionState: {
        enabled: false,
        disabledReason: "freeze",
        lastChangedBy: `arn:aws:iam::${ACCOUNT}:root`,
      },
    });
    expect(await statuses(estate)).toEqual(["InProgress", "Superseded", "InProgress"]);
    await estate.pipelines.send(
      new StopPipelineExecutionCommand({
        pipelineName,
        pipelineExecutionId: held?.latestExecution?.pipelineExecutionId,
        abandon: true,
        reason: "old",
      }),
    );
    await estate.pipelines.send(new EnableStageTransitionCommand(at));
    expect((await estate.state()).stageStates?.[1]?.latestExecution).toMatchObject({
      pipelineExecutionId: newest,
    });
    expect(await statuses(estate)).toEqual(["InProgress", "Superseded", "Stopped"]);
  });

  it("cancels what runs when the pipeline is updated, and counts the version", async () => {
    await using estate = await opened(gate);
    const { pipeline } = await estate.pipelines.send(
      new UpdatePipelineCommand({
        pipeline: {
          name: "line",
          roleArn: ROLE,
          artifactStore: { type: "S3", location: "artifacts" },
          stages: [source(), gate],
        },
      }),
    );
    expect(pipeline).toMatchObject({ version: 2, pipelineType: "V2" });
    expect(await statuses(estate)).toEqual(["Cancelled"]);
    await start(estate);
    expect(await statuses(estate)).toEqual(["InProgress", "Cancelled"]);
  });

  it("rolls a stage back to an execution that succeeded in it", async () => {
    await using estate = await opened({ name: "Do", actions: [commands("Run", "cat a")] });
    const first = (await estate.newest()).id;
    await start(estate);
    const { pipelineExecutionId } = await estate.pipelines.send(
      new RollbackStageCommand({ pipelineName, stageName: "Do", targetPipelineExecutionId: first }),
    );
    await estate.rest();
    const { pipelineExecutionSummaries } = await estate.pipelines.send(
      new ListPipelineExecutionsCommand({ pipelineName, filter: { succeededInStage: { stageName: "Do" } } }),
    );
    expect(pipelineExecutionSummaries?.[0]).toMatchObject({
      pipelineExecutionId,
      executionType: "ROLLBACK",
      status: "Succeeded",
      trigger: { triggerType: "ManualRollback" },
      rollbackMetadata: { rollbackTargetPipelineExecutionId: first },
    });
    expect(pipelineExecutionSummaries).toHaveLength(3);
  });

  it("evaluates a stage's condition with variables, and lists its rules", async () => {
    const rule = (Value: string) => ({
      conditions: [
        {
          result: "SKIP" as const,
          rules: [
            {
              name: "IsRight",
              ruleTypeId: { category: "Rule" as const, provider: "VariableCheck" },
              configuration: { Variable: "#{Src.ObjectKey}", Value, Operator: "EQ" },
            },
          ],
        },
      ],
    });
    await using estate = await opened(
      { name: "Skipped", actions: [commands("No", "false")], beforeEntry: rule("other.zip") },
      { name: "Taken", actions: [commands("Yes", "true")], beforeEntry: rule("app.zip") },
    );
    const { stageStates } = await estate.state();
    expect(stageStates?.map(({ latestExecution }) => latestExecution?.status)).toEqual([
      "Succeeded",
      "Skipped",
      "Succeeded",
    ]);
    expect(stageStates?.[1]?.beforeEntryConditionState).toMatchObject({
      latestExecution: { status: "Failed" },
      conditionStates: [{ ruleStates: [{ ruleName: "IsRight", latestExecution: { status: "Failed" } }] }],
    });
    const { ruleExecutionDetails } = await estate.pipelines.send(
      new ListRuleExecutionsCommand({ pipelineName }),
    );
    expect(ruleExecutionDetails?.map(({ stageName, status }) => [stageName, status])).toEqual([
      ["Taken", "Succeeded"],
      ["Skipped", "Failed"],
    ]);
  });

  it("gives a PARALLEL pipeline's approval tokens by its action executions", async () => {
    await using estate = await openEstate();
    await estate.source({ a: "1" });
    await estate.create([source(), gate], { executionMode: "PARALLEL" });
    await start(estate);
    expect(await statuses(estate)).toEqual(["InProgress", "InProgress"]);
    expect((await estate.state()).stageStates).toEqual([]);
    const token = (await estate.action("Ok")).output?.executionResult?.externalExecutionId;
    await estate.pipelines.send(
      new PutApprovalResultCommand({
        pipelineName,
        stageName: "Gate",
        actionName: "Ok",
        token,
        result: { status: "Rejected", summary: "no" },
      }),
    );
    expect(await statuses(estate)).toEqual(["Failed", "InProgress"]);
  });

  it("pages, tags and deletes", async () => {
    await using estate = await opened(gate);
    for (let count = 0; count < 3; count += 1) await start(estate);
    const ids: (string | undefined)[] = [];
    let nextToken: string | undefined;
    do {
      const page = await estate.pipelines.send(
        new ListPipelineExecutionsCommand({ pipelineName, maxResults: 3, ...(nextToken && { nextToken }) }),
      );
      ids.push(
        ...(page.pipelineExecutionSummaries ?? []).map(({ pipelineExecutionId }) => pipelineExecutionId),
      );
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    expect(new Set(ids).size).toBe(4);
    await estate.pipelines.send(
      new TagResourceCommand({ resourceArn: ARN, tags: [{ key: "team", value: "a" }] }),
    );
    const { tags } = await estate.pipelines.send(new ListTagsForResourceCommand({ resourceArn: ARN }));
    expect(tags).toEqual([{ key: "team", value: "a" }]);
    await estate.pipelines.send(new DeletePipelineCommand({ name: "line" }));
    await estate.pipelines.send(new DeletePipelineCommand({ name: "line" }));
    expect((await estate.pipelines.send(new ListPipelinesCommand({}))).pipelines).toEqual([]);
  });
});

describe("a custom action", () => {
  it("is polled for, acknowledged, looked at and ended by its worker", async () => {
    await using estate = await openEstate();
    const actionTypeId = { category: "Build", owner: "Custom", provider: "Forge", version: "1" } as const;
    await estate.pipelines.send(
      new CreateCustomActionTypeCommand({
        category: "Build",
        provider: "Forge",
        version: "1",
        configurationProperties: [
          { name: "Heat", required: true, key: true, secret: false, queryable: true },
        ],
        inputArtifactDetails: { minimumCount: 1, maximumCount: 1 },
        outputArtifactDetails: { minimumCount: 0, maximumCount: 0 },
      }),
    );
    await estate.source({ a: "1" });
    await estate.create([
      source(),
      {
        name: "Go",
        actions: [
          { name: "Melt", actionTypeId, configuration: { Heat: "9" }, inputArtifacts: [{ name: "App" }] },
        ],
      },
    ]);
    const poll = async (Heat: string) =>
      (await estate.pipelines.send(new PollForJobsCommand({ actionTypeId, queryParam: { Heat } }))).jobs ??
      [];
    expect(await poll("1")).toEqual([]);
    const [job] = await poll("9");
    expect(job?.data).toMatchObject({
      inputArtifacts: [{ name: "App" }],
      artifactCredentials: { accessKeyId: expect.stringMatching(/^ASIA/) },
    });
    expect(await poll("9")).toEqual([]);
    await expect(
      estate.pipelines.send(new AcknowledgeJobCommand({ jobId: job?.id, nonce: "77" })),
    ).rejects.toMatchObject({ name: "InvalidNonceException" });
    const { status } = await estate.pipelines.send(
      new AcknowledgeJobCommand({ jobId: job?.id, nonce: job?.nonce }),
    );
    expect(status).toBe("InProgress");
    const { jobDetails } = await estate.pipelines.send(new GetJobDetailsCommand({ jobId: job?.id }));
    expect(jobDetails?.data?.pipelineContext).toMatchObject({
      pipelineName: "line",
      stage: { name: "Go" },
      action: { name: "Melt" },
    });
    const done = () => estate.pipelines.send(new PutJobSuccessResultCommand({ jobId: job?.id }));
    await done();
    expect((await estate.newest()).status).toBe("Succeeded");
    await expect(done()).rejects.toMatchObject({ name: "InvalidJobStateException" });
  });
});

describe("permissions and events", () => {
  it("lets an approver answer the one action its role names", async () => {
    await using estate = await opened(gate, { name: "Other", actions: [approval] });
    const role = await estate.role("approver", `arn:aws:iam::${ACCOUNT}:root`, [
      { Effect: "Allow", Action: "codepipeline:PutApprovalResult", Resource: `${ARN}/Other/Ok` },
      { Effect: "Allow", Action: "codepipeline:GetPipelineState", Resource: ARN },
    ]);
    const { Credentials: issued } = await estate.cloud
      .client(STSClient, ACCOUNT)
      .send(new AssumeRoleCommand({ RoleArn: role, RoleSessionName: "ann" }));
    const approver = estate.cloud.client(CodePipelineClient, {
      accessKeyId: issued?.AccessKeyId ?? "",
      secretAccessKey: issued?.SecretAccessKey ?? "",
      sessionToken: issued?.SessionToken ?? "",
    });
    const { stageStates } = await approver.send(new GetPipelineStateCommand({ name: "line" }));
    const answer = {
      pipelineName,
      stageName: "Gate",
      actionName: "Ok",
      token: stageStates?.[1]?.actionStates?.[0]?.latestExecution?.token,
      result: { status: "Approved", summary: "" },
    } as const;
    await expect(approver.send(new PutApprovalResultCommand(answer))).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: expect.stringContaining(`codepipeline:PutApprovalResult on resource: ${ARN}/Gate/Ok`),
    });
    await expect(approver.send(new StartPipelineExecutionCommand({ name: "line" }))).rejects.toMatchObject({
      name: "AccessDeniedException",
    });
    await estate.pipelines.send(new PutApprovalResultCommand(answer));
    const again = (await estate.state()).stageStates?.[2]?.actionStates?.[0]?.latestExecution?.token;
    await approver.send(new PutApprovalResultCommand({ ...answer, stageName: "Other", token: again }));
    expect((await estate.newest()).status).toBe("Succeeded");
    expect((await estate.action("Ok")).updatedBy).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/approver/ann`);
  });

  it("tells EventBridge of pipelines, stages and actions", async () => {
    await using estate = await openEstate();
    const events = estate.cloud.client(EventBridgeClient, ACCOUNT);
    const sqs = estate.cloud.client(SQSClient, ACCOUNT);
    const { QueueUrl } = await sqs.send(
      new CreateQueueCommand({
        QueueName: "told",
        Attributes: {
          Policy: JSON.stringify({
            Version: "2012-10-17",
            Statement: [
              {
                Effect: "Allow",
                Principal: { Service: "events.amazonaws.com" },
                Action: "sqs:SendMessage",
                Resource: "*",
              },
            ],
          }),
        },
      }),
    );
    await events.send(new PutRuleCommand({ Name: "all", EventPattern: '{"source":["aws.codepipeline"]}' }));
    await events.send(
      new PutTargetsCommand({
        Rule: "all",
        Targets: [{ Id: "q", Arn: `arn:aws:sqs:us-east-1:${ACCOUNT}:told` }],
      }),
    );
    await estate.source({ a: "1" });
    await estate.create([source(), gate]);
    type ReceivedEvent = { "detail-type": string; resources: string[]; detail: Record<string, unknown> };
    const received: ReceivedEvent[] = [];
    for (let more = true; more; ) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
      );
      received.push(...Messages.map(({ Body = "" }) => JSON.parse(Body) as ReceivedEvent));
      more = Messages.length > 0;
    }
    expect(
      received
        .map(
          ({ "detail-type": kind, detail }) =>
            `${kind.split(" ")[1]} ${detail["stage"] ?? ""} ${detail["state"]}`,
        )
        .sort(),
    ).toEqual([
      "Action Gate STARTED",
      "Action Source STARTED",
      "Action Source SUCCEEDED",
      "Pipeline  STARTED",
      "Stage Gate STARTED",
      "Stage Source STARTED",
      "Stage Source SUCCEEDED",
    ]);
    expect(
      received.find(({ detail }) => detail["action"] === "Bundle" && detail["state"] === "SUCCEEDED"),
    ).toMatchObject({
      resources: [ARN],
      detail: {
        pipeline: "line",
        type: { owner: "AWS", provider: "S3", category: "Source", version: "1" },
        "pipeline-execution-attempt": 1,
        "output-artifacts": [{ name: "App", s3location: { bucket: "artifacts" } }],
      },
    });
  });
});
