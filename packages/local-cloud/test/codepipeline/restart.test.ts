import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PutApprovalResultCommand } from "@aws-sdk/client-codepipeline";
import { describe, expect, it } from "vitest";
import { type Estate, openEstate } from "./estate.ts";
import { approval, commands, source } from "./stages.ts";

const approve = async (estate: Estate) => {
  const token = (await estate.state()).stageStates?.[1]?.actionStates?.[0]?.latestExecution?.token;
  await estate.pipelines.send(
    new PutApprovalResultCommand({
      pipelineName: "line",
      stageName: "Gate",
      actionName: "Ok",
      token,
      result: { status: "Approved", summary: "" },
    }),
  );
};

const gate = { name: "Gate", actions: [{ ...approval, timeoutInMinutes: 60 }] };

describe("after a restart", () => {
  const folder = async () => {
    const path = await mkdtemp(join(tmpdir(), "pipeline-restart-"));
    return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
  };

  it("an approval can be answered with its old token, and the pipeline goes on", async () => {
    await using data = await folder();
    {
      await using before = await openEstate({ dataDir: data.path });
      await before.source({ a: "1" });
      await before.create([source(), gate, { name: "Then", actions: [commands("Run", "cat a")] }]);
    }
    await using after = await openEstate({ dataDir: data.path, found: true });
    expect((await after.newest()).status).toBe("InProgress");
    await approve(after);
    await after.rest();
    expect((await after.newest()).status).toBe("Succeeded");
  });

  it("an approval still times out", async () => {
    await using data = await folder();
    {
      await using before = await openEstate({ dataDir: data.path });
      await before.source({ a: "1" });
      await before.create([source(), gate]);
    }
    await using after = await openEstate({ dataDir: data.path, found: true });
    await after.cloud.clock.push(61 * 60_000);
    expect((await after.newest()).status).toBe("Failed");
  });
});
