import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import { GetPipelineStateCommand } from "@aws-sdk/client-codepipeline";
import { describe, expect, it } from "vitest";
import { ACCOUNT, type Estate, openEstate, ROLE } from "./estate.ts";
import { approval, source } from "./stages.ts";

/** A pipeline whose second stage checks an alarm before entry. */
async function open(configuration: Record<string, string> = {}, allowed = true) {
  const estate = await openEstate();
  const alarms = estate.cloud.client(CloudWatchClient, ACCOUNT);
  const Action = [allowed ? "cloudwatch:DescribeAlarms" : "cloudwatch:GetMetricData"];
  const roleArn = await estate.role("rules", ROLE, [{ Effect: "Allow", Action, Resource: "*" }]);
  await alarms.send(
    new PutMetricAlarmCommand({
      ...{ AlarmName: "errors", Namespace: "Shop", MetricName: "Errors", Statistic: "Sum" },
      ...{ Period: 86_400, EvaluationPeriods: 1, Threshold: 0, TreatMissingData: "ignore" },
      ComparisonOperator: "GreaterThanThreshold",
    }),
  );
  const rule = {
    name: "Quiet",
    ruleTypeId: { category: "Rule", owner: "AWS", provider: "CloudWatchAlarm", version: "1" },
    configuration: { AlarmName: "errors", ...configuration },
    roleArn,
  } as const;
  const begin = async (): Promise<void> => {
    await estate.source({ "a.txt": "a" });
    const beforeEntry = { conditions: [{ result: "FAIL" as const, rules: [rule] }] };
    await estate.create([source(), { name: "Go", beforeEntry, actions: [approval] }]);
    await estate.rest();
  };
  return {
    ...estate,
    begin,
    alarm: (StateValue: "ALARM" | "OK" | "INSUFFICIENT_DATA") =>
      alarms.send(new SetAlarmStateCommand({ AlarmName: "errors", StateValue, StateReason: "a drill" })),
    pass: async (minutes: number) => {
      await estate.cloud.clock.push(minutes * 60_000);
      await estate.rest();
    },
    /** Returns the rule's state, and its reason if it failed. */
    seen: async (): Promise<readonly (string | undefined)[]> => {
      const { stageStates = [] } = await estate.pipelines.send(new GetPipelineStateCommand({ name: "line" }));
      const [condition] = stageStates[1]?.beforeEntryConditionState?.conditionStates ?? [];
      const latest = condition?.ruleStates?.[0]?.latestExecution;
      return [latest?.status, latest?.errorDetails?.message];
    },
    [Symbol.asyncDispose]: () => estate.cloud.stop(),
  } satisfies Partial<Estate> & Record<string, unknown>;
}

describe("the rule CloudWatchAlarm", () => {
  it("holds at once where the alarm is in none of the states it names", async () => {
    await using estate = await open();
    await estate.alarm("OK");
    await estate.begin();
    expect(await estate.seen()).toEqual(["Succeeded", undefined]);
  });

  it("fails where it is, and says why", async () => {
    await using estate = await open({ AlarmStates: "ALARM,INSUFFICIENT_DATA" });
    await estate.alarm("INSUFFICIENT_DATA");
    await estate.begin();
    expect(await estate.seen()).toEqual([
      "Failed",
      "The alarm errors is in the state INSUFFICIENT_DATA: a drill",
    ]);
  });

  it("gives the alarm its time to leave the state", async () => {
    await using estate = await open({ WaitTime: "10" });
    await estate.alarm("ALARM");
    await estate.begin();
    expect((await estate.seen())[0]).toBe("InProgress");
    await estate.pass(5);
    expect((await estate.seen())[0]).toBe("InProgress");
    await estate.alarm("OK");
    await estate.pass(1);
    expect((await estate.seen())[0]).toBe("Succeeded");
  });

  it("fails when that time is over", async () => {
    await using estate = await open({ WaitTime: "10" });
    await estate.alarm("ALARM");
    await estate.begin();
    await estate.pass(11);
    expect(await estate.seen()).toEqual(["Failed", "The alarm errors is in the state ALARM: a drill"]);
  });

  it.each([
    [{ AlarmName: "another" }, true, "There is no alarm another."],
    [{}, false, "is not authorized to perform: cloudwatch:DescribeAlarms"],
  ])("fails where it cannot know: %o, allowed to look: %s", async (configuration, allowed, message) => {
    await using estate = await open(configuration, allowed);
    await estate.begin();
    const [status, reason] = await estate.seen();
    expect(status).toBe("Failed");
    expect(reason).toContain(message);
  });

  it.each([
    [{ AlarmStates: "LOUD" }, "AlarmStates must be of ALARM, OK, INSUFFICIENT_DATA"],
    [{ WaitTime: "soon" }, "WaitTime must be a number of minutes"],
  ])("is refused with %o", async (configuration, message) => {
    await using estate = await open(configuration);
    await expect(estate.begin()).rejects.toThrow(message);
  });
});
