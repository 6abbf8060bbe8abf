import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { PutFunctionEventInvokeConfigCommand } from "@aws-sdk/client-lambda";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import { ACCOUNT, lambdaCloud } from "./functions.ts";

const start = async () => {
  const setup = await lambdaCloud();
  const sqs = setup.cloud.client(SQSClient, ACCOUNT);
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "results" }));
  const read = async () => {
    await setup.cloud.cloud().settled();
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ["All"] }),
    );
    return Messages;
  };
  const lines = async () => {
    await setup.cloud.cloud().settled();
    const { events = [] } = await setup.cloud
      .client(CloudWatchLogsClient, ACCOUNT)
      .send(new FilterLogEventsCommand({ logGroupName: "/aws/lambda/fn" }));
    return events.map(({ message = "" }) => message.trimEnd());
  };
  return { ...setup, read, lines, queueArn: `arn:aws:sqs:us-east-1:${ACCOUNT}:results` };
};

const failing = {
  "index.mjs": "export const handler = async () => { console.log('tried'); throw new Error('no'); };",
};

describe("an asynchronous invocation", () => {
  it("is tried three times, after one and two minutes, and then goes to the failure destination", async () => {
    await using setup = await start();
    await setup.create("fn", failing);
    await setup.lambda.send(
      new PutFunctionEventInvokeConfigCommand({
        FunctionName: "fn",
        DestinationConfig: { OnFailure: { Destination: setup.queueArn } },
      }),
    );
    const { StatusCode } = await setup.invoke("fn", { n: 1 }, { InvocationType: "Event" });
    expect(StatusCode).toBe(202);
    const tries = async () => (await setup.lines()).filter((line) => line.includes("tried")).length;
    expect(await tries()).toBe(1);
    await setup.cloud.clock.push(60_000);
    expect(await tries()).toBe(2);
    await setup.cloud.clock.push(119_000);
    expect(await tries()).toBe(2);
    expect(await setup.read()).toEqual([]);
    await setup.cloud.clock.push(1000);
    const [message] = await setup.read();
    expect(JSON.parse(message?.Body ?? "")).toMatchObject({
      requestContext: {
        condition: "RetriesExhausted",
        approximateInvokeCount: 3,
        functionArn: expect.stringContaining(":function:fn:$LATEST"),
      },
      requestPayload: { n: 1 },
      responseContext: { functionError: "Unhandled", executedVersion: "$LATEST" },
      responsePayload: { errorType: "Error", errorMessage: "no" },
    });
  });

  it("leaves its event in the function's dead-letter queue", async () => {
    await using setup = await start();
    await setup.create("fn", failing, { DeadLetterConfig: { TargetArn: setup.queueArn } });
    await setup.lambda.send(
      new PutFunctionEventInvokeConfigCommand({ FunctionName: "fn", MaximumRetryAttempts: 0 }),
    );
    await setup.invoke("fn", { n: 1 }, { InvocationType: "Event" });
    const [message] = await setup.read();
    expect(message?.Body).toBe('{"n":1}');
    expect(message?.MessageAttributes?.["ErrorMessage"]?.StringValue).toBe("no");
  });
});

describe("a function's log", () => {
  it("is written as its role, with AWS's lines around the function's own", async () => {
    await using setup = await start();
    await setup.create("fn", {
      "index.mjs": "export const handler = async () => { console.warn('two\\nlines'); return 1; };",
    });
    const { log } = await setup.invoke("fn");
    const lines = await setup.lines();
    expect(
      lines.map((line) =>
        line
          .replace(/[\da-f-]{36}/g, "ID")
          .replace(/^\d{4}-[^\t]*/, "TIME")
          .replace(/\d+(\.\d+)? ms/g, "N ms")
          .replace(/Used: \d+/, "Used: N"),
      ),
    ).toEqual([
      "INIT_START Runtime Version: embedded",
      "START RequestId: ID Version: $LATEST",
      "TIME\tID\tWARN\ttwo\rlines",
      "END RequestId: ID",
      "REPORT RequestId: ID\tDuration: N ms\tBilled Duration: N ms\tMemory Size: 128 MB\tMax Memory Used: N MB\tInit Duration: N ms",
    ]);
    expect(log).toContain("WARN\ttwo");
  });

  it("is lost when the role may not write it", async () => {
    await using setup = await start();
    await setup.create(
      "fn",
      { "index.mjs": "export const handler = async () => 1;" },
      { Role: await setup.role("mute") },
    );
    expect((await setup.invoke("fn")).payload).toBe(1);
    await setup.cloud.cloud().settled();
    const { logGroups } = await setup.cloud
      .client(CloudWatchLogsClient, ACCOUNT)
      .send(new DescribeLogGroupsCommand({}));
    expect(logGroups).toEqual([]);
  });
});
