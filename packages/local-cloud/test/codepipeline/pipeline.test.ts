import {
  GetPipelineCommand,
  GetPipelineExecutionCommand,
  ListActionExecutionsCommand,
  ListPipelineExecutionsCommand,
  PutApprovalResultCommand,
  RetryStageExecutionCommand,
  StartPipelineExecutionCommand,
} from "@aws-sdk/client-codepipeline";
import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { openEstate } from "./estate.ts";
import { approval, commands, source } from "./stages.ts";

const named = (name: string) => expect.objectContaining({ name });

describe("a pipeline from S3 through commands to an approval", () => {
  it("runs at once, hands artifacts and variables on, and waits for the approver", async () => {
    await using estate = await openEstate();
    const version = await estate.source(
      { "greeting.txt": "hello" },
      { "codepipeline-artifact-revision-summary": "release 7" },
    );
    await estate.create([
      source(),
      {
        name: "Build",
        actions: [
          {
            ...commands("Shout", "WORD=$(tr a-z A-Z < greeting.txt)", "echo $WORD > loud.txt", "export WORD"),
            outputArtifacts: [{ name: "Loud", files: ["loud.txt"] }],
            outputVariables: ["WORD"],
            namespace: "Shouted",
          },
        ],
      },
      {
        name: "Publish",
        actions: [
          {
            name: "Put",
            actionTypeId: { category: "Deploy", owner: "AWS", provider: "S3", version: "1" },
            configuration: {
              BucketName: "target",
              Extract: "true",
              ObjectKey: "#{Src.VersionId}/#{Shouted.WORD}",
            },
            inputArtifacts: [{ name: "Loud" }],
          },
          { ...approval, runOrder: 2 },
        ],
      },
    ]);
    const { id } = await estate.newest();
    const { pipelineExecution } = await estate.pipelines.send(
      new GetPipelineExecutionCommand({ pipelineName: "line", pipelineExecutionId: id }),
    );
    expect(pipelineExecution).toMatchObject({
      status: "InProgress",
      trigger: { triggerType: "CreatePipeline" },
      artifactRevisions: [{ name: "App", revisionId: version, revisionSummary: "release 7" }],
    });
    const object = await estate.s3.send(
      new GetObjectCommand({ Bucket: "target", Key: `${version}/HELLO/loud.txt` }),
    );
    expect(await object.Body?.transformToString()).toBe("HELLO\n");
    const { Contents } = await estate.s3.send(new ListObjectsV2Command({ Bucket: "artifacts" }));
    expect(Contents?.map(({ Key }) => Key?.replace(/[^/]+$/, "…"))).toEqual(["line/App/…", "line/Loud/…"]);

    const waiting = (await estate.state()).stageStates?.[2]?.actionStates?.[1]?.latestExecution;
    expect(waiting).toMatchObject({ status: "InProgress", token: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    const answer = (token = "") =>
      estate.pipelines.send(
        new PutApprovalResultCommand({
          pipelineName: "line",
          stageName: "Publish",
          actionName: "Ok",
          token,
          result: { status: "Approved", summary: "fine" },
        }),
      );
    await expect(answer("00000000-0000-0000-0000-000000000000")).rejects.toEqual(
      named("InvalidApprovalTokenException"),
    );
    expect((await answer(waiting?.token)).approvedAt).toBeInstanceOf(Date);
    await expect(answer(waiting?.token)).rejects.toEqual(named("ApprovalAlreadyCompletedException"));
    await estate.rest();
    expect((await estate.newest()).status).toBe("Succeeded");
    expect((await estate.state()).stageStates?.[2]?.actionStates?.[1]?.latestExecution).toMatchObject({
      summary: "fine",
      lastUpdatedBy: "arn:aws:iam::111111111111:root",
    });
  });

  it("takes the version the start names, once per request token", async () => {
    await using estate = await openEstate();
    const first = await estate.source({ a: "1" });
    await estate.source({ a: "2" });
    await estate.create([source(), { name: "Wait", actions: [commands("Show", "cat a")] }]);
    const start = (token: string, revisionValue: string) =>
      estate.pipelines.send(
        new StartPipelineExecutionCommand({
          name: "line",
          clientRequestToken: token,
          sourceRevisions: [{ actionName: "Bundle", revisionType: "S3_OBJECT_VERSION_ID", revisionValue }],
        }),
      );
    const { pipelineExecutionId } = await start("one", first);
    expect((await start("one", first)).pipelineExecutionId).toBe(pipelineExecutionId);
    await expect(start("one", "other")).rejects.toEqual(named("ConflictException"));
    await estate.rest();
    const { pipelineExecutionSummaries } = await estate.pipelines.send(
      new ListPipelineExecutionsCommand({ pipelineName: "line" }),
    );
    expect(pipelineExecutionSummaries).toHaveLength(2);
    expect(pipelineExecutionSummaries?.[0]).toMatchObject({
      pipelineExecutionId,
      status: "Succeeded",
      sourceRevisions: [{ actionName: "Bundle", revisionId: first }],
    });
  });

  it("says why an action failed, and goes on when it is retried", async () => {
    await using estate = await openEstate();
    await estate.source({ "run.sh": "test -e /nonexistent-directory && exit 0; echo not ready >&2; exit 3" });
    await estate.create([source(), { name: "Test", actions: [commands("Check", "sh run.sh")] }]);
    expect((await estate.newest()).status).toBe("Failed");
    expect((await estate.action("Check")).output?.executionResult?.errorDetails).toEqual({
      code: "JobFailed",
      message: "Error while executing command: sh run.sh. Reason: exit status 3. not ready",
    });
    const { id } = await estate.newest();
    await estate.pipelines.send(
      new RetryStageExecutionCommand({
        pipelineName: "line",
        stageName: "Test",
        pipelineExecutionId: id,
        retryMode: "FAILED_ACTIONS",
      }),
    );
    await estate.rest();
    const { actionExecutionDetails } = await estate.pipelines.send(
      new ListActionExecutionsCommand({ pipelineName: "line", filter: { pipelineExecutionId: id } }),
    );
    expect(actionExecutionDetails?.map(({ actionName }) => actionName)).toEqual(["Check", "Check", "Bundle"]);
    expect((await estate.state()).stageStates?.[1]?.retryStageMetadata).toMatchObject({
      manualStageRetryAttempt: 1,
    });
  });

  it("runs commands with the role's credentials and nothing of this machine's environment", async () => {
    await using estate = await openEstate();
    await estate.source({ a: "1" });
    await estate.create([
      source(),
      {
        name: "Look",
        actions: [
          {
            ...commands("Env", "export NAMES=$(env | cut -d= -f1 | sort | tr '\\n' ' ')"),
            outputVariables: ["NAMES"],
          },
        ],
      },
    ]);
    const names = (await estate.action("Env")).output?.outputVariables?.["NAMES"]?.split(" ") ?? [];
    expect(names).toContain("AWS_SESSION_TOKEN");
    expect(names.filter((name) => /VITEST|npm_|NODE_|USER|PYENV/.test(name))).toEqual([]);
  });

  it("times an approval out by the clock, after which its token is void", async () => {
    await using estate = await openEstate();
    await estate.source({ a: "1" });
    await estate.create([source(), { name: "Gate", actions: [{ ...approval, timeoutInMinutes: 60 }] }]);
    const token = (await estate.state()).stageStates?.[1]?.actionStates?.[0]?.latestExecution?.token;
    await estate.cloud.clock.push(59 * 60_000);
    expect((await estate.newest()).status).toBe("InProgress");
    await estate.cloud.clock.push(2 * 60_000);
    expect((await estate.newest()).status).toBe("Failed");
    await expect(
      estate.pipelines.send(
        new PutApprovalResultCommand({
          pipelineName: "line",
          stageName: "Gate",
          actionName: "Ok",
          token,
          result: { status: "Approved", summary: "" },
        }),
      ),
    ).rejects.toEqual(named("InvalidApprovalTokenException"));
  });

  it("looks for a new version every minute, unless the source says not to", async () => {
    for (const [PollForSourceChanges, started] of [
      ["true", 2],
      ["false", 1],
    ] as const) {
      await using estate = await openEstate();
      await estate.source({ a: "1" });
      await estate.create([source({ PollForSourceChanges }), { name: "Gate", actions: [approval] }]);
      await estate.cloud.clock.push(61_000);
      await estate.source({ a: "2" });
      await estate.cloud.clock.push(61_000);
      await estate.rest();
      await estate.cloud.clock.push(61_000);
      const { pipelineExecutionSummaries } = await estate.pipelines.send(
        new ListPipelineExecutionsCommand({ pipelineName: "line" }),
      );
      expect(pipelineExecutionSummaries).toHaveLength(started);
    }
  });

  it("answers the declaration with its defaults filled in, by version", async () => {
    await using estate = await openEstate();
    await estate.source({ a: "1" });
    await estate.create([source(), { name: "Gate", actions: [approval] }]);
    const { pipeline } = await estate.pipelines.send(new GetPipelineCommand({ name: "line", version: 1 }));
    expect(pipeline).toMatchObject({
      version: 1,
      executionMode: "SUPERSEDED",
      stages: [
        {},
        { actions: [{ runOrder: 1, configuration: {}, inputArtifacts: [], outputArtifacts: [] }] },
      ],
    });
    await expect(estate.pipelines.send(new GetPipelineCommand({ name: "line", version: 2 }))).rejects.toEqual(
      named("PipelineVersionNotFoundException"),
    );
    await expect(estate.pipelines.send(new GetPipelineCommand({ name: "nope" }))).rejects.toMatchObject({
      name: "PipelineNotFoundException",
      message: "Account '111111111111' does not have a pipeline with name 'nope'",
    });
  });
});
