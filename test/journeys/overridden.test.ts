/**
 * Tests that an administrator who overrides the condition of a stage is seen: CodePipeline lets any principal with the
 * right pass a window, and no gate of Kedge is asked.
 */
import { CodePipelineClient, OverrideStageConditionCommand } from "@aws-sdk/client-codepipeline";
import { expect, test } from "vitest";
import { pipelineName } from "#release/names/names.ts";
import { topicTemplate, zipOf } from "#test/support/artifact.ts";
import { estate, shopLine, until } from "#test/support/estate.ts";
import { announcements } from "#test/support/inbox.ts";

/** No time of the test is in it. */
const closed = 'window: { cron: "* * * ? * * 2099" }\n';

test("an overridden window is announced, and the result says so in each later version", async () => {
  const shop = estate();
  const line = shopLine("overridden", "feature/window");
  const announced = await announcements(shop, line.account, "journey-overridden");
  const artifact = await zipOf({
    "template.json": topicTemplate("Overridden"),
    ".traits/deployment.yml": closed,
  });
  const version = await shop.upload(line, artifact);
  const codepipeline = shop.clients(CodePipelineClient, line.account);
  await until("the override of the window", async () => {
    const [execution] = await shop.executions(line).catch(() => []);
    if (execution === undefined) return undefined;
    const { pipelineExecutionId } = execution;
    return codepipeline
      .send(
        new OverrideStageConditionCommand({
          ...{ pipelineName: pipelineName(line), stageName: "dev", pipelineExecutionId },
          conditionType: "BEFORE_ENTRY",
        }),
      )
      .catch(() => undefined); // The execution has not arrived at the stage yet.
  });
  const released = await shop.result(line, version, "released");
  expect(released.stages.map(({ name, overridden }) => [name, overridden])).toEqual([
    ["Source", undefined],
    ["Package", undefined],
    ["dev", true],
  ]);
  expect(await announced.about("overrode a condition of the stage dev")).toContain("OverrideStageCondition");

  // The next execution enters the stage; CodePipeline no longer shows the conditions of the earlier one.
  await shop.result(line, await shop.upload(line, new Uint8Array()), "torn-down");
  const kept = await shop.result(line, version, "released");
  expect(kept.stages.find(({ name }) => name === "dev")?.overridden).toBe(true);
});
