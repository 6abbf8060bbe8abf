/** Tests the remaining adapters. Each adapter calls one AWS service. */

import {
  CreateSecretCommand,
  DeleteSecretCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { STSClient } from "@aws-sdk/client-sts";
import { describe, expect, it } from "vitest";
import { LinesNotSent, lineQueueSqs, lineRetrySqs } from "#aws/line-queue-sqs.ts";
import { targetClients } from "#aws/target-clients.ts";
import { targetSettings } from "#aws/target-settings-ssm.ts";
import { target } from "#test/contracts/applications.ts";
import { type AwsCloud, anchor, awsCloud, region } from "./aws-cloud.ts";

describe("the queues of lines", () => {
  const queueUrl = (aws: AwsCloud, of = "feature") =>
    `${aws.cloud.endpoint}/${anchor}/kedge-lines-${of}.fifo`;
  const open = async () => {
    const aws = await awsCloud();
    const sqs = aws.cloud.client(SQSClient, anchor);
    const Attributes = { FifoQueue: "true" };
    for (const name of ["hotfix", "feature"])
      await sqs.send(new CreateQueueCommand({ QueueName: `kedge-lines-${name}.fifo`, Attributes }));
    return { aws, sqs, port: lineQueueSqs(sqs) };
  };
  const message = (index: number) => ({
    class: "feature" as const,
    group: `line-${index}`,
    deduplication: `event-${index}`,
    body: `${index}`,
  });

  it("takes any number of messages, and each event once", async () => {
    const { aws, sqs, port } = await open();
    await using _ = aws;
    const messages = Array.from({ length: 23 }, (_each, index) => message(index));
    await port.send({ account: anchor, region }, messages);
    await port.send({ account: anchor, region }, messages.slice(0, 5));
    await port.send({ account: anchor, region }, []);
    const received: string[] = [];
    for (;;) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl: queueUrl(aws), MaxNumberOfMessages: 10 }),
      );
      if (Messages.length === 0) break;
      received.push(...Messages.map(({ Body = "" }) => Body));
    }
    expect(received.map(Number).sort((a, b) => a - b)).toEqual(messages.map((_each, index) => index));
  });

  it("sends each message to the queue of its class", async () => {
    const { aws, sqs, port } = await open();
    await using _ = aws;
    const messages = [message(1), { ...message(2), class: "hotfix" as const }];
    await port.send({ account: anchor, region }, messages);
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl(aws, "hotfix"), MaxNumberOfMessages: 10 }),
    );
    expect(Messages.map(({ Body }) => Body)).toEqual(["2"]);
  });

  it("hands out a failed message again after the delay it was given, not after the queue's visibility timeout", async () => {
    const { aws, sqs, port } = await open();
    await using _ = aws;
    await port.send({ account: anchor, region }, [message(1)]);
    const receive = async () =>
      (await sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl(aws), VisibilityTimeout: 360 })))
        .Messages;
    const [{ ReceiptHandle = "" } = {}] = (await receive()) ?? [];
    const arn = `arn:aws:sqs:${region}:${anchor}:kedge-lines-feature.fifo`;
    await lineRetrySqs(sqs).later(arn, [ReceiptHandle], 10);
    await aws.cloud.clock.push(9_000);
    expect(await receive()).toBeUndefined();
    await aws.cloud.clock.push(2_000);
    expect(await receive()).toHaveLength(1);
  });

  it("throws when the queue rejects one of the messages, so that none is lost silently", async () => {
    const { aws, port } = await open();
    await using _ = aws;
    const bad = { ...message(1), deduplication: "no blanks allowed" };
    await expect(port.send({ account: anchor, region }, [message(0), bad])).rejects.toThrow(LinesNotSent);
  });
});

describe("settings of a target account", () => {
  const open = async () => {
    const aws = await awsCloud();
    await aws.role(target.account, "kedge-deploy", { AWS: `arn:aws:iam::${anchor}:root` });
    const there = aws.cloud.client(SSMClient, target.account);
    const put = (Name: string, Value: string, Type: "String" | "SecureString" = "String") =>
      there.send(new PutParameterCommand({ Name, Value, Type, Overwrite: true }));
    const sts = aws.cloud.client(STSClient, anchor);
    const port = targetSettings({
      ssm: targetClients(sts, aws.config, (config) => new SSMClient(config)),
      secrets: targetClients(sts, aws.config, (config) => new SecretsManagerClient(config)),
    });
    return { aws, put, port };
  };

  it("reads any number of parameters as the target's role, and leaves out unknown ones", async () => {
    const { aws, put, port } = await open();
    await using _ = aws;
    const names = Array.from({ length: 12 }, (_each, index) => `/shared/${index}`);
    for (const name of names) await put(name, `value of ${name}`);
    const known = await port.read(target, [...names, "/missing"]);
    expect(Object.keys(known)).toHaveLength(12);
    expect(known["/shared/11"]).toEqual({
      ...{ secure: false, value: "value of /shared/11", version: 1 },
      modified: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
  });

  it("reads a parameter in the version asked for", async () => {
    const { aws, put, port } = await open();
    await using _ = aws;
    await put("/size", "1");
    await put("/size", "2");
    const known = await port.read(target, ["/size", "/size:1", "/size:7"]);
    expect(Object.entries(known).map(([name, { value }]) => [name, value])).toEqual([
      ["/size", "2"],
      ["/size:1", "1"],
    ]);
  });

  it("reads a SecureString without its value", async () => {
    const { aws, put, port } = await open();
    await using _ = aws;
    await put("/secret", "x", "SecureString");
    expect(await port.read(target, ["/secret"])).toEqual({
      "/secret": { secure: true, value: "", version: 1, modified: expect.any(String) },
    });
  });

  it("lists the secrets that exist, and leaves out deleted ones", async () => {
    const { aws, port } = await open();
    await using _ = aws;
    const there = aws.cloud.client(SecretsManagerClient, target.account);
    for (const Name of ["shop/db", "shop/old"])
      await there.send(new CreateSecretCommand({ Name, SecretString: "x" }));
    await there.send(new DeleteSecretCommand({ SecretId: "shop/old" }));
    expect(await port.secrets(target, ["shop/db", "shop/old", "shop/none"])).toEqual(["shop/db"]);
  });
});
