import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from "@aws-sdk/client-cloudwatch";
import { describe, expect, it } from "vitest";
import { cloudwatch } from "#cloud/services/cloudwatch/service.ts";
import { testCloud } from "#cloud/testing/cloud.ts";

const start = async (alarm: object = {}) => {
  const cloud = await testCloud({ frozen: true, services: [cloudwatch] });
  const client = cloud.client(CloudWatchClient, "111111111111");
  const stateChanges: unknown[] = [];
  cloud.cloud().onEvent(({ detailType, detail }) => {
    stateChanges.push([detailType, (detail as { state: { value: string } }).state.value]);
  });
  await client.send(
    new PutMetricAlarmCommand({
      AlarmName: "errors",
      Namespace: "App",
      MetricName: "Errors",
      Statistic: "Sum",
      Period: 60,
      EvaluationPeriods: 2,
      Threshold: 5,
      ComparisonOperator: "GreaterThanThreshold",
      ...alarm,
    }),
  );
  const put = (Value: number) =>
    client.send(
      new PutMetricDataCommand({ Namespace: "App", MetricData: [{ MetricName: "Errors", Value }] }),
    );
  const state = async () =>
    (await client.send(new DescribeAlarmsCommand({ AlarmNames: ["errors"] }))).MetricAlarms?.[0]?.StateValue;
  return { cloud, client, put, state, stateChanges, [Symbol.asyncDispose]: () => cloud.stop() };
};

describe("an alarm", () => {
  it("goes off when enough periods breach, and calms down by itself, telling of each change", async () => {
    await using setup = await start({ TreatMissingData: "notBreaching" });
    expect(await setup.state()).toBe("OK");
    await setup.put(6);
    expect(await setup.state()).toBe("OK");
    await setup.cloud.clock.push(60_000);
    await setup.put(3);
    await setup.put(3);
    expect(await setup.state()).toBe("ALARM");
    await setup.cloud.clock.push(180_000);
    expect(await setup.state()).toBe("OK");
    const type = "CloudWatch Alarm State Change";
    expect(setup.stateChanges.slice(-2)).toEqual([
      [type, "ALARM"],
      [type, "OK"],
    ]);
  });

  it("has insufficient data until there is any, and is set by hand", async () => {
    await using setup = await start();
    expect(await setup.state()).toBe("INSUFFICIENT_DATA");
    await setup.client.send(
      new SetAlarmStateCommand({ AlarmName: "errors", StateValue: "ALARM", StateReason: "drill" }),
    );
    expect(await setup.state()).toBe("ALARM");
    await expect(
      setup.client.send(new SetAlarmStateCommand({ AlarmName: "none", StateValue: "OK", StateReason: "x" })),
    ).rejects.toMatchObject({ name: "ResourceNotFound" });
    await setup.client.send(new DeleteAlarmsCommand({ AlarmNames: ["errors"] }));
    expect(await setup.state()).toBeUndefined();
  });
});

describe("a metric", () => {
  it("is summed up by period", async () => {
    await using setup = await start();
    const from = setup.cloud.clock.now();
    for (const value of [1, 2, 3]) await setup.put(value);
    await setup.cloud.clock.push(60_000);
    await setup.put(10);
    const { MetricDataResults } = await setup.client.send(
      new GetMetricDataCommand({
        StartTime: new Date(from.getTime() - 60_000),
        EndTime: new Date(from.getTime() + 120_000),
        ScanBy: "TimestampAscending",
        MetricDataQueries: [
          {
            Id: "m",
            MetricStat: { Metric: { Namespace: "App", MetricName: "Errors" }, Period: 60, Stat: "Average" },
          },
        ],
      }),
    );
    expect(MetricDataResults?.[0]?.Values).toEqual([2, 10]);
  });
});
