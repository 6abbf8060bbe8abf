import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  PutLogEventsCommand,
  PutRetentionPolicyCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { describe, expect, it } from "vitest";
import { logs } from "#cloud/services/logs/service.ts";
import { testCloud } from "#cloud/testing/cloud.ts";

const group = { logGroupName: "/app" };
const stream = { ...group, logStreamName: "one" };

const start = async () => {
  const cloud = await testCloud({ frozen: true, services: [logs] });
  const client = cloud.client(CloudWatchLogsClient, "111111111111");
  await client.send(new CreateLogGroupCommand(group));
  await client.send(new CreateLogStreamCommand(stream));
  const now = cloud.clock.now().getTime();
  const put = (messages: readonly string[], at = now) =>
    client.send(
      new PutLogEventsCommand({
        ...stream,
        logEvents: messages.map((message, index) => ({ message, timestamp: at + index })),
      }),
    );
  const filter = async (filterPattern: string) =>
    ((await client.send(new FilterLogEventsCommand({ ...group, filterPattern }))).events ?? []).map(
      ({ message }) => message,
    );
  return { cloud, client, now, put, filter, [Symbol.asyncDispose]: () => cloud.stop() };
};

describe("a log stream", () => {
  it("is read from its end or its head, page by page", async () => {
    await using setup = await start();
    await setup.put(["a", "b", "c"]);
    await setup.put(["d"], setup.now + 10);
    const get = async (input: object) => {
      const { events = [], ...tokens } = await setup.client.send(
        new GetLogEventsCommand({ ...stream, ...input }),
      );
      return { text: events.map(({ message }) => message).join(""), ...tokens };
    };
    expect((await get({ limit: 2 })).text).toBe("cd");
    const head = await get({ limit: 3, startFromHead: true });
    expect(head.text).toBe("abc");
    const next = await get({ limit: 3, nextToken: head.nextForwardToken });
    expect(next.text).toBe("d");
    const end = await get({ nextToken: next.nextForwardToken });
    expect(end).toMatchObject({ text: "", nextForwardToken: next.nextForwardToken });
    expect((await get({ startTime: setup.now + 1, endTime: setup.now + 3, startFromHead: true })).text).toBe(
      "bc",
    );
  });

  it("refuses disorder, and names events that are too old or too new", async () => {
    await using setup = await start();
    const put = (...timestamps: number[]) =>
      setup.client.send(
        new PutLogEventsCommand({
          ...stream,
          logEvents: timestamps.map((timestamp) => ({ timestamp, message: "x" })),
        }),
      );
    await expect(put(setup.now, setup.now - 1)).rejects.toThrow("chronological order");
    const { rejectedLogEventsInfo } = await put(
      setup.now - 15 * 86_400_000,
      setup.now,
      setup.now + 3 * 3600_000,
    );
    expect(rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 1, tooNewLogEventStartIndex: 2 });
    await expect(
      setup.client.send(
        new PutLogEventsCommand({
          ...stream,
          logStreamName: "none",
          logEvents: [{ timestamp: setup.now, message: "x" }],
        }),
      ),
    ).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: "The specified log stream does not exist.",
    });
  });

  it("forgets what is older than its group's retention, and goes with its group", async () => {
    await using setup = await start();
    await setup.put(["old"]);
    await setup.client.send(new PutRetentionPolicyCommand({ ...group, retentionInDays: 1 }));
    expect(await setup.filter("")).toEqual(["old"]);
    await setup.cloud.clock.push(86_400_001);
    expect(await setup.filter("")).toEqual([]);
    await expect(
      setup.client.send(new PutRetentionPolicyCommand({ ...group, retentionInDays: 2 })),
    ).rejects.toMatchObject({ name: "InvalidParameterException" });
    await setup.client.send(new DeleteLogGroupCommand(group));
    await expect(setup.client.send(new DescribeLogStreamsCommand(group))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
    expect((await setup.client.send(new DescribeLogGroupsCommand({}))).logGroups).toEqual([]);
  });

  it.each([
    ["ERROR", ["ERROR one thing", '{"level":"ERROR","n":5,"who":{"name":"ann"}}']],
    ['"one thing"', ["ERROR one thing"]],
    ["?WARN ?one", ["ERROR one thing", "WARN other"]],
    ["ERROR -thing", ['{"level":"ERROR","n":5,"who":{"name":"ann"}}']],
    ["%^W.*r$%", ["WARN other"]],
    ['{ $.level = "ERROR" && $.n > 4 }', ['{"level":"ERROR","n":5,"who":{"name":"ann"}}']],
    ['{ $.n = 1 || $.who.name = "a*" }', ['{"level":"ERROR","n":5,"who":{"name":"ann"}}']],
    ["{ $.n NOT EXISTS }", ['{"level":"INFO"}']],
  ])("is searched with %s", async (pattern, expected) => {
    await using setup = await start();
    await setup.put([
      "ERROR one thing",
      "WARN other",
      '{"level":"ERROR","n":5,"who":{"name":"ann"}}',
      '{"level":"INFO"}',
    ]);
    expect(await setup.filter(pattern)).toEqual(expected);
  });
});
