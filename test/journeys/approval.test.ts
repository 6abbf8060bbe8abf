/** Tests approvals for production, and how a newer upload changes a pending approval. */
import { CodePipelineClient, GetPipelineExecutionCommand } from "@aws-sdk/client-codepipeline";
import { expect, test } from "vitest";
import type { Line } from "#release/names/key.ts";
import { pipelineName } from "#release/names/names.ts";
import { topicTemplate, zipOf } from "#test/support/artifact.ts";
import { bankLine, estate, shopLine, type TestEstate, until, versionOf } from "#test/support/estate.ts";

const application = (name: string): Promise<Uint8Array> => zipOf({ "template.json": topicTemplate(name) });

const executionStatus = async (shop: TestEstate, line: Line, version: string): Promise<string | undefined> =>
  (await shop.executions(line)).find((execution) => versionOf(execution) === version)?.status;

test("another anchor releases into its own environments", async () => {
  const bank = estate();
  const line = bankLine("journey-bank");
  const version = await bank.upload(line, await application("Account"));
  const waiting = await bank.result(line, version, "waiting-for-approval");
  expect(waiting.stages.map(({ name }) => name)).toEqual(["Source", "Package", "dev", "prod"]);
  expect(waiting.pipeline?.account).toBe("121212121212");
  await bank.decide(line, "Approved", "four eyes");
  await bank.result(line, version, "released");
  expect((await bank.appStack(line, "prod"))?.StackId).toContain(":454545454545:stack/");
  await bank.result(line, await bank.upload(line, new Uint8Array()), "torn-down");
  expect(await bank.stacksLeft(line)).toEqual([]);
});

test("a rejected approval ends the release before production, with a summary in the result", async () => {
  const shop = estate();
  const line = shopLine("journey-rejected");
  const version = await shop.upload(line, await application("Frozen"));
  await shop.result(line, version, "waiting-for-approval");
  await shop.decide(line, "Rejected", "freeze until monday");
  const result = await shop.result(line, version, "failed");
  expect(result.reason.code).toBe("ApprovalRejected");
  expect(result.reason.sentence).toContain("freeze until monday");
  // The change set that the approver saw was not executed, and the stack that it came with is deleted.
  await until("production has no stack of the line", async () =>
    (await shop.appStack(line, "prod")) === undefined ? true : undefined,
  );

  const next = await shop.upload(line, await application("Frozen"));
  await shop.result(line, next, "waiting-for-approval");
  await shop.decide(line, "Approved", "monday");
  await shop.result(line, next, "released");
  expect((await shop.appStack(line, "prod"))?.StackStatus).toBe("CREATE_COMPLETE");
});

test("a newer upload supersedes a release that waits for approval", async () => {
  const shop = estate();
  const line = shopLine("journey-superseded");
  const first = await shop.upload(line, await application("One"));
  await shop.result(line, first, "waiting-for-approval");
  const second = await shop.upload(line, await application("Two"));
  const superseded = await shop.result(line, first, "superseded");
  expect(superseded.reason.sentence).toContain(second);
  await shop.result(line, second, "waiting-for-approval");
  await shop.decide(line, "Approved", "the newer one");
  const released = await shop.result(line, second, "released");
  const { pipelineExecution } = await shop.clients(CodePipelineClient, line.account).send(
    new GetPipelineExecutionCommand({
      pipelineName: pipelineName(line),
      pipelineExecutionId: released.execution,
    }),
  );
  expect(pipelineExecution?.status).toBe("Succeeded");
  expect(await executionStatus(shop, line, first)).not.toBe("Succeeded");
});

test("a pending approval is not superseded when the estate does not allow it", async () => {
  const strict = estate("strictEstate");
  const line = shopLine("journey-patient");
  const first = await strict.upload(line, await application("One"));
  await strict.result(line, first, "waiting-for-approval");
  const second = await strict.upload(line, await application("Two"));
  await until("the second version at the door of production", async () => {
    const stages = (await strict.result(line, second, "releasing")).stages;
    return stages.find(({ name }) => name === "qa")?.status === "Succeeded" ? true : undefined;
  });
  await strict.decide(line, "Approved", "the first");
  await strict.result(line, first, "released");
  await strict.result(line, second, "waiting-for-approval");
  await strict.decide(line, "Approved", "the second");
  await strict.result(line, second, "released");
});

test("a line that reaches production is not torn down when the estate does not allow it", async () => {
  const strict = estate("strictEstate");
  const line = shopLine("journey-protected");
  const version = await strict.upload(line, await application("Kept"));
  await strict.result(line, version, "waiting-for-approval");
  await strict.decide(line, "Approved", "go");
  await strict.result(line, version, "released");
  const before = await strict.stacksLeft(line);

  const rejection = await strict.result(line, await strict.upload(line, new Uint8Array()), "rejected");
  expect(rejection.reason.code).toBe("TombstoneRefused");
  expect(await strict.stacksLeft(line)).toEqual(before);
  expect(before).toHaveLength(4);

  const branch = shopLine("journey-protected", "feature/free");
  await strict.result(branch, await strict.upload(branch, await application("Free")), "released");
  await strict.result(branch, await strict.upload(branch, new Uint8Array()), "torn-down");
});
