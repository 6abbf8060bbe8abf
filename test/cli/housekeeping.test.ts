/** Tests `kedge sweep` and `kedge redrive` on the estate, as the operator of an anchor. */
import { CloudFormationClient, CreateStackCommand } from "@aws-sdk/client-cloudformation";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import type { CollectedOrphan } from "#release/line/orphans.ts";
import { roleArn } from "#release/names/arns.ts";
import { cacheBucket, roles } from "#release/names/deployed-names.ts";
import { formatKey, resultKeys } from "#release/names/key.ts";
import { artifactFolder, lineCode, lineName, pipelineName } from "#release/names/names.ts";
import { stackName } from "#release/names/stack-names.ts";
import { bankLine, estate, until } from "#test/support/estate.ts";
import { kedge } from "#test/support/kedge.ts";

const template = JSON.stringify({
  Resources: { P: { Type: "AWS::SSM::Parameter", Properties: { Type: "String", Value: "x" } } },
});

test("sweep finds what belongs to no line, and removes it with --fix", async () => {
  const shop = estate();
  const line = bankLine("swept", "never/uploaded");
  const account = line.account;
  const stack = stackName("dev", line);
  const target = shop.clients(CloudFormationClient, shop.accountOf(line, "dev"));
  // The role is the one a pipeline uses. A stack keeps the role of its creation and is deleted with that
  // role.
  const RoleARN = roleArn(shop.accountOf(line, "dev"), roles.cloudformation);
  await target.send(new CreateStackCommand({ StackName: stack, TemplateBody: template, RoleARN }));
  await until("the stack", async () =>
    (await shop.appStack(line, "dev"))?.StackStatus === "CREATE_COMPLETE" ? true : undefined,
  );
  const s3 = shop.clients(S3Client, account);
  await s3.send(
    new PutObjectCommand({
      Bucket: cacheBucket(account, shop.region),
      Key: `${artifactFolder(pipelineName(line))}/Packaged/1`,
      Body: "x",
      IfNoneMatch: "*",
    }),
  );
  const latest = resultKeys(formatKey(line), "").latest ?? "";
  const central = shop.clients(S3Client, shop.accounts["central"] ?? "");
  await central.send(new PutObjectCommand({ Bucket: shop.bucket, Key: latest, Body: "{}" }));

  const ours = (stdout: string) =>
    (JSON.parse(stdout) as readonly CollectedOrphan[])
      .filter(({ of }) => of === lineName(line) || of === lineCode(line))
      .map(({ kind, name, removed }) => ({ kind, name, removed }));
  const left = [
    { kind: "application-stack", name: stack },
    { kind: "artifacts", name: artifactFolder(pipelineName(line)) },
    { kind: "results", name: latest },
  ];
  const operator = { shop, account, role: "kedge-operator" };
  const found = await kedge(["sweep", "--json"], operator);
  expect([found.code, found.stderr]).toEqual([1, ""]);
  expect(ours(found.stdout)).toEqual(left.map((each) => ({ ...each, removed: false })));
  const fixed = await kedge(["sweep", "--fix", "--json"], operator);
  expect(ours(fixed.stdout)).toEqual(left.map((each) => ({ ...each, removed: true })));
  await until("the orphan being gone", async () =>
    (await shop.appStack(line, "dev")) === undefined ? true : undefined,
  );
  expect(ours((await kedge(["sweep", "--json"], operator)).stdout)).toEqual([]);
});

test("redrive shows dead letters with their reason, and moves them back to their queue", async () => {
  const shop = estate();
  const line = bankLine("given-up", "feature/x");
  const sqs = shop.clients(SQSClient, line.account);
  const { QueueUrl: dead } = await sqs.send(new GetQueueUrlCommand({ QueueName: "kedge-lines-dlq.fifo" }));
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: dead, AttributeNames: ["QueueArn"] }),
  );
  const { QueueUrl } = await sqs.send(
    new CreateQueueCommand({
      QueueName: "kedge-lines-unpolled.fifo",
      Attributes: {
        FifoQueue: "true",
        VisibilityTimeout: "0",
        RedrivePolicy: JSON.stringify({ deadLetterTargetArn: Attributes?.QueueArn, maxReceiveCount: 1 }),
      },
    }),
  );
  const MessageBody = JSON.stringify({ cause: "upload", line });
  await sqs.send(
    new SendMessageCommand({ QueueUrl, MessageBody, MessageGroupId: "g", MessageDeduplicationId: "d" }),
  );
  const receive = async () => (await sqs.send(new ReceiveMessageCommand({ QueueUrl }))).Messages ?? [];
  await until("the message being given up", async () => ((await receive()).length === 0 ? true : undefined));

  const operator = { shop, account: line.account, role: "kedge-operator" };
  const shown = await kedge(["redrive"], operator);
  expect([shown.code, shown.stderr]).toEqual([1, ""]);
  expect(shown.stdout).toContain(formatKey(line));
  expect(shown.stdout).toContain("There is no result.");
  const again = await kedge(["redrive", "--json"], operator);
  expect(JSON.parse(again.stdout)).toMatchObject([{ about: formatKey(line) }]);

  const moved = await kedge(["redrive", "--go"], operator);
  expect([moved.stderr, moved.code, moved.stdout]).toEqual(["", 0, "1 message was moved back.\n"]);
  expect(await receive()).toMatchObject([{ Body: MessageBody }]);
  const empty = await kedge(["redrive"], operator);
  expect([empty.code, empty.stdout]).toEqual([0, "Nothing was given up.\n"]);
});
