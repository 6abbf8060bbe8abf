import {
  CreateEventBusCommand,
  DeleteRuleCommand,
  EventBridgeClient,
  ListRuleNamesByTargetCommand,
  ListRulesCommand,
  PutEventsCommand,
  type PutEventsRequestEntry,
  PutPermissionCommand,
  PutRuleCommand,
  PutTargetsCommand,
  type Target,
} from "@aws-sdk/client-eventbridge";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import { testCloud } from "#cloud/testing/cloud.ts";

const A = "111111111111";
const B = "222222222222";
const C = "333333333333";

const start = async () => {
  const cloud = await testCloud({ frozen: true });
  /**
   * Creates a queue to which EventBridge may send from any rule of any account, and a function that reads
   * it.
   */
  const queue = async (account: string, name: string, open = true) => {
    const sqs = cloud.client(SQSClient, account);
    const { QueueUrl } = await sqs.send(
      new CreateQueueCommand({
        QueueName: name,
        Attributes: name.endsWith(".fifo") ? { FifoQueue: "true", ContentBasedDeduplication: "true" } : {},
      }),
    );
    const arn = `arn:aws:sqs:us-east-1:${account}:${name}`;
    const Policy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "events.amazonaws.com" },
          Action: "sqs:SendMessage",
          Resource: arn,
          Condition: { ArnLike: { "aws:SourceArn": "arn:aws:events:*:*:rule/*" } },
        },
      ],
    });
    if (open) await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
    const read = async () => {
      await cloud.cloud().settled();
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: 10,
          MessageAttributeNames: ["All"],
          MessageSystemAttributeNames: ["All"],
        }),
      );
      return Messages;
    };
    const bodies = async () =>
      (await read()).map(({ Body = "" }) => JSON.parse(Body) as Record<string, unknown>);
    return { arn, read, bodies };
  };
  const rule = async (
    account: string,
    name: string,
    targets: readonly Target[],
    options: { bus?: string; pattern?: object; schedule?: string } = {},
  ) => {
    const client = cloud.client(EventBridgeClient, account);
    const EventBusName = options.bus;
    await client.send(
      new PutRuleCommand({
        Name: name,
        EventBusName,
        ...(options.schedule
          ? { ScheduleExpression: options.schedule }
          : { EventPattern: JSON.stringify(options.pattern ?? { source: ["my.app"] }) }),
      }),
    );
    await client.send(new PutTargetsCommand({ Rule: name, EventBusName, Targets: [...targets] }));
  };
  const put = (account: string, detail: object, bus?: string) =>
    cloud.client(EventBridgeClient, account).send(
      new PutEventsCommand({
        Entries: [
          { Source: "my.app", DetailType: "Done", Detail: JSON.stringify(detail), EventBusName: bus },
        ],
      }),
    );
  const role = async (account: string, name: string, Action: string, Resource: string) => {
    const iam = cloud.client(IAMClient, account);
    const policy = (statement: object) =>
      JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] });
    await iam.send(
      new CreateRoleCommand({
        RoleName: name,
        AssumeRolePolicyDocument: policy({
          Principal: { Service: "events.amazonaws.com" },
          Action: "sts:AssumeRole",
        }),
      }),
    );
    await iam.send(
      new PutRolePolicyCommand({
        RoleName: name,
        PolicyName: "p",
        PolicyDocument: policy({ Action, Resource }),
      }),
    );
    return `arn:aws:iam::${account}:role/${name}`;
  };
  return {
    cloud,
    queue,
    rule,
    put,
    role,
    client: cloud.client(EventBridgeClient, A),
    [Symbol.asyncDispose]: () => cloud.stop(),
  };
};

describe("a rule", () => {
  it("sends the whole event to a queue whose policy allows it", async () => {
    await using setup = await start();
    const queue = await setup.queue(A, "q");
    await setup.rule(A, "r", [{ Id: "1", Arn: queue.arn }]);
    const { Entries } = await setup.put(A, { n: 1 });
    expect(await queue.bodies()).toEqual([
      {
        version: "0",
        id: Entries?.[0]?.EventId,
        "detail-type": "Done",
        source: "my.app",
        account: A,
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        region: "us-east-1",
        resources: [],
        detail: { n: 1 },
      },
    ]);
  });

  it("receives the events of its account's services", async () => {
    await using setup = await start();
    const queue = await setup.queue(A, "q");
    await setup.rule(A, "r", [{ Id: "1", Arn: queue.arn }], { pattern: { source: ["aws.s3"] } });
    const emitCreated = (account: string) =>
      setup.cloud.cloud().emit({
        source: "aws.s3",
        detailType: "Object Created",
        detail: { k: 1 },
        resources: ["arn:b"],
        account,
        region: "us-east-1",
      });
    emitCreated(B);
    emitCreated(A);
    expect(await queue.bodies()).toMatchObject([
      { source: "aws.s3", account: A, resources: ["arn:b"], detail: { k: 1 } },
    ]);
  });

  it("gives a target a constant, a part of the event or a filled template", async () => {
    await using setup = await start();
    const queue = await setup.queue(A, "q");
    const Arn = queue.arn;
    const template = {
      InputPathsMap: { name: "$.detail.name", list: "$.detail.list" },
      InputTemplate: '{"text":"it is <name>","list":<list>,"rule":"<aws.events.rule-name>"}',
    };
    await setup.rule(A, "r", [
      { Id: "1", Arn, Input: '{"constant":true}' },
      { Id: "2", Arn, InputPath: "$.detail" },
      { Id: "3", Arn, InputTransformer: template },
    ]);
    const detail = { name: 'a "b"', list: [1, 2] };
    await setup.put(A, detail);
    const bodies = await queue.bodies();
    expect(bodies).toHaveLength(3);
    expect(bodies).toEqual(
      expect.arrayContaining([{ constant: true }, detail, { text: 'it is a "b"', list: [1, 2], rule: "r" }]),
    );
  });

  it("puts a static group on messages for a FIFO queue", async () => {
    await using setup = await start();
    const queue = await setup.queue(A, "q.fifo");
    await setup.rule(A, "r", [{ Id: "1", Arn: queue.arn, SqsParameters: { MessageGroupId: "all" } }]);
    await setup.put(A, {});
    expect((await queue.read())[0]?.Attributes?.["MessageGroupId"]).toBe("all");
  });

  it("sends an event that its target rejects to the dead-letter queue at once, with the reason", async () => {
    await using setup = await start();
    const [closed, dead] = [await setup.queue(A, "closed", false), await setup.queue(A, "dead")];
    await setup.rule(A, "r", [{ Id: "1", Arn: closed.arn, DeadLetterConfig: { Arn: dead.arn } }]);
    await setup.put(A, { n: 1 });
    const [message] = await dead.read();
    const value = (name: string) => message?.MessageAttributes?.[name]?.StringValue;
    expect(JSON.parse(message?.Body ?? "")).toMatchObject({ detail: { n: 1 } });
    expect({
      rule: value("RULE_ARN"),
      target: value("TARGET_ARN"),
      code: value("ERROR_CODE"),
      tries: value("RETRY_ATTEMPTS"),
    }).toEqual({
      rule: `arn:aws:events:us-east-1:${A}:rule/r`,
      target: closed.arn,
      code: "NO_PERMISSIONS",
      tries: "0",
    });
    expect(value("ERROR_MESSAGE")).toContain("not authorized to perform: sqs:SendMessage");
  });

  it("retries while its target throttles, and stops after its retries", async () => {
    await using setup = await start();
    const [queue, dead] = [await setup.queue(A, "q"), await setup.queue(A, "dead")];
    await setup.rule(A, "r", [
      {
        Id: "1",
        Arn: queue.arn,
        RetryPolicy: { MaximumRetryAttempts: 2 },
        DeadLetterConfig: { Arn: dead.arn },
      },
    ]);
    const throttle = (count: number) =>
      fetch(`${setup.cloud.endpoint}/_cloud/faults`, {
        method: "POST",
        headers: { "x-local-cloud": "1" },
        body: JSON.stringify({
          service: "sqs",
          operation: "SendMessage",
          when: "before",
          code: "ThrottlingException",
          count,
        }),
      });
    await throttle(2);
    await setup.put(A, {});
    expect(await queue.read()).toEqual([]);
    for (let push = 0; push < 3; push += 1) await setup.cloud.clock.push(5000);
    expect(await queue.read()).toHaveLength(1);
    await throttle(3);
    await setup.put(A, {});
    for (let push = 0; push < 3; push += 1) {
      await setup.cloud.cloud().settled();
      await setup.cloud.clock.push(5000);
    }
    expect((await dead.read())[0]?.MessageAttributes?.["EXHAUSTED_RETRY_CONDITION"]?.StringValue).toBe(
      "MaximumRetryAttempts",
    );
  });

  it("runs on schedule, as the clock moves", async () => {
    await using setup = await start();
    const queue = await setup.queue(A, "q");
    await setup.rule(A, "hourly", [{ Id: "1", Arn: queue.arn }], { schedule: "rate(1 hour)" });
    await setup.cloud.clock.push(2 * 3600_000);
    const bodies = await queue.bodies();
    expect(bodies).toHaveLength(2);
    expect(bodies[0]).toMatchObject({
      source: "aws.events",
      "detail-type": "Scheduled Event",
      resources: [`arn:aws:events:us-east-1:${A}:rule/hourly`],
    });
  });
});

describe("a bus of another account", () => {
  it("gets the event as it is, through a role and its own policy, and does not send it to a third", async () => {
    await using setup = await start();
    const [inB, inC] = [await setup.queue(B, "q"), await setup.queue(C, "q")];
    const bus = (account: string) => `arn:aws:events:us-east-1:${account}:event-bus/default`;
    const allow = (account: string, Principal: string) =>
      setup.cloud
        .client(EventBridgeClient, account)
        .send(new PutPermissionCommand({ StatementId: "in", Action: "events:PutEvents", Principal }));
    await allow(B, A);
    await allow(C, B);
    const dead = await setup.queue(B, "dead");
    await setup.rule(A, "forward", [
      { Id: "1", Arn: bus(B), RoleArn: await setup.role(A, "fwd", "events:PutEvents", bus(B)) },
    ]);
    await setup.rule(B, "keep", [{ Id: "1", Arn: inB.arn }]);
    await setup.rule(B, "on", [
      {
        Id: "1",
        Arn: bus(C),
        RoleArn: await setup.role(B, "fwd", "events:PutEvents", bus(C)),
        DeadLetterConfig: { Arn: dead.arn },
      },
    ]);
    await setup.rule(C, "keep", [{ Id: "1", Arn: inC.arn }]);
    const { Entries } = await setup.put(A, { n: 1 });
    expect(await inB.bodies()).toMatchObject([{ id: Entries?.[0]?.EventId, account: A, detail: { n: 1 } }]);
    expect(await inC.read()).toEqual([]);
    expect((await dead.read())[0]?.MessageAttributes?.["ERROR_CODE"]?.StringValue).toBe(
      "THIRD_ACCOUNT_HOP_DETECTED",
    );
  });

  it("rejects a principal that its policy does not name", async () => {
    await using setup = await start();
    await expect(setup.put(A, {}, `arn:aws:events:us-east-1:${B}:event-bus/default`)).rejects.toMatchObject({
      name: "AccessDeniedException",
    });
  });
});

describe("rules and targets", () => {
  it("checks rules and targets when they are put", async () => {
    await using setup = await start();
    const put = (input: Partial<PutRuleCommand["input"]>) =>
      setup.client.send(new PutRuleCommand({ Name: "r", ...input }));
    await expect(put({})).rejects.toThrow(
      "Parameter(s) EventPattern or ScheduleExpression must be specified.",
    );
    await expect(put({ EventPattern: '{"source":"x"}' })).rejects.toMatchObject({
      name: "InvalidEventPatternException",
    });
    await expect(put({ ScheduleExpression: "rate(1 hours)" })).rejects.toThrow(
      "Parameter ScheduleExpression is not valid.",
    );
    await expect(put({ EventPattern: '{"source":["x"]}', EventBusName: "none" })).rejects.toThrow(
      "Event bus none does not exist.",
    );
    await put({ EventPattern: '{"source":["x"]}' });
    const target = (Targets: Target[]) => setup.client.send(new PutTargetsCommand({ Rule: "r", Targets }));
    const Arn = `arn:aws:sqs:us-east-1:${A}:q`;
    await expect(
      target([{ Id: "1", Arn: `arn:aws:events:us-east-1:${B}:event-bus/default` }]),
    ).rejects.toThrow("RoleArn is required for target");
    await expect(target([{ Id: "1", Arn: `${Arn}.fifo` }])).rejects.toThrow(
      "SqsParameters must be specified",
    );
    const InputTransformer = { InputPathsMap: { a: "$.id" }, InputTemplate: '{"x":<b>}' };
    await expect(target([{ Id: "1", Arn, InputTransformer }])).rejects.toThrow(
      "<b> is not a key of InputPathsMap",
    );
    await expect(
      target(Array.from({ length: 6 }, (_, index) => ({ Id: `${index}`, Arn }))),
    ).rejects.toMatchObject({ name: "LimitExceededException" });
    await target([{ Id: "1", Arn }]);
    expect((await setup.client.send(new ListRuleNamesByTargetCommand({ TargetArn: Arn }))).RuleNames).toEqual(
      ["r"],
    );
    await expect(setup.client.send(new DeleteRuleCommand({ Name: "r" }))).rejects.toThrow(
      "Rule can't be deleted since it has targets.",
    );
  });

  it("keeps each rule on one bus", async () => {
    await using setup = await start();
    const { EventBusArn } = await setup.client.send(new CreateEventBusCommand({ Name: "own" }));
    const queue = await setup.queue(A, "q");
    await setup.rule(A, "r", [{ Id: "1", Arn: queue.arn }], { bus: "own" });
    expect((await setup.client.send(new ListRulesCommand({}))).Rules).toEqual([]);
    expect((await setup.client.send(new ListRulesCommand({ EventBusName: "own" }))).Rules).toMatchObject([
      { Name: "r", Arn: `arn:aws:events:us-east-1:${A}:rule/own/r` },
    ]);
    await setup.put(A, { on: "default" });
    await setup.put(A, { on: "own" }, EventBusArn);
    expect(await queue.bodies()).toMatchObject([{ detail: { on: "own" } }]);
  });

  it("checks each entry of PutEvents alone", async () => {
    await using setup = await start();
    const entry = { Source: "s", DetailType: "d", Detail: "{}" };
    const { FailedEntryCount, Entries } = await setup.client.send(
      new PutEventsCommand({
        Entries: [
          entry,
          { ...entry, Source: "aws.s3" },
          { ...entry, Detail: "[]" },
          { ...entry, DetailType: undefined },
        ],
      }),
    );
    expect(FailedEntryCount).toBe(3);
    expect(Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([
      undefined,
      "NotAuthorizedForSource",
      "MalformedDetail",
      "InvalidArgument",
    ]);
    const large = { ...entry, Detail: JSON.stringify({ a: "b".repeat(140_000) }) };
    const put = (...all: PutEventsRequestEntry[]) =>
      setup.client.send(new PutEventsCommand({ Entries: all }));
    expect((await put(large)).FailedEntryCount).toBe(0);
    await expect(put(large, large)).rejects.toThrow("Total size of the entries in the request");
  });
});
