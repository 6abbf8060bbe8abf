/** Tests the main case: a SAM application in every environment, its next version, and its removal. */
import { CloudFormationClient, DescribeStackEventsCommand } from "@aws-sdk/client-cloudformation";
import { CodePipelineClient, GetPipelineCommand } from "@aws-sdk/client-codepipeline";
import { GetFunctionCommand, InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { ListObjectVersionsCommand, S3Client } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { cacheBucket } from "#release/names/deployed-names.ts";
import type { Line } from "#release/names/key.ts";
import { artifactFolder, lineCode, lineName, pipelineName } from "#release/names/names.ts";
import { stackName } from "#release/names/stack-names.ts";
import { estate, shopLine, versionOf } from "#test/support/estate.ts";
import { example } from "#test/support/example.ts";

const environments = ["dev", "qa", "prod"] as const;

/** Invokes the function that an output of the application names, and returns its answer. */
async function ask(line: Line, environment: string, output: string, payload: unknown): Promise<unknown> {
  const shop = estate();
  const FunctionName = (await shop.outputs(line, environment))[output];
  const answer = await shop
    .clients(LambdaClient, shop.accountOf(line, environment))
    .send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(payload) }));
  expect(answer.FunctionError).toBeUndefined();
  const { statusCode, body } = JSON.parse(Buffer.from(answer.Payload ?? []).toString());
  return { statusCode, body: JSON.parse(body) };
}

async function codeDigest(line: Line, environment: string, output: string): Promise<string | undefined> {
  const shop = estate();
  const FunctionName = (await shop.outputs(line, environment))[output];
  const found = await shop
    .clients(LambdaClient, shop.accountOf(line, environment))
    .send(new GetFunctionCommand({ FunctionName }));
  return found.Configuration?.CodeSha256;
}

/** Returns the resources that a stack created, changed or removed since then, without the stack itself. */
async function changedSince(line: Line, environment: string, since: Date): Promise<readonly string[]> {
  const shop = estate();
  const { StackEvents } = await shop
    .clients(CloudFormationClient, shop.accountOf(line, environment))
    .send(new DescribeStackEventsCommand({ StackName: stackName(environment, line) }));
  const changed = (StackEvents ?? []).filter(
    ({ Timestamp, ResourceType, ResourceStatus }) =>
      (Timestamp ?? since) > since &&
      ResourceType !== "AWS::CloudFormation::Stack" &&
      /_COMPLETE$/.test(ResourceStatus ?? ""),
  );
  return [...new Set(changed.map(({ LogicalResourceId }) => LogicalResourceId ?? ""))].sort();
}

test("a SAM application is released to production after approval, is updated where it changed, and is removed by a tombstone", async () => {
  const shop = estate();
  const line = shopLine("journey-shop");
  const anchorStacks = shop.clients(CloudFormationClient, line.account);

  const first = await shop.upload(line, await example("shop-sam"));
  const waiting = await shop.result(line, first, "waiting-for-approval");
  expect(waiting.stages.map(({ name, status }) => [name, status])).toEqual([
    ["Source", "Succeeded"],
    ["Package", "Succeeded"],
    ["dev", "Succeeded"],
    ["qa", "Succeeded"],
    ["prod", "InProgress"],
  ]);
  expect(await shop.outputs(line, "prod")).toEqual({});
  await shop.decide(line, "Approved", "change 4711");
  const released = await shop.result(line, first, "released");
  expect(released).toMatchObject({ line, version: first, template: { name: "sam" } });
  expect(released.stages.at(-1)?.actions.map(({ name }) => name)).toEqual([
    "Prepare",
    "Approve",
    "Execute",
    "SmokeInput",
    "SmokeTest",
  ]);

  expect(await ask(line, "prod", "ListProductsName", {})).toMatchObject({
    statusCode: 200,
    body: [{ price: "24.90 €" }, { price: "189.00 €" }],
  });
  const order = { body: JSON.stringify({ product: "rope", cents: 2490 }) };
  expect(await ask(line, "prod", "PlaceOrderName", order)).toMatchObject({
    statusCode: 201,
    body: { product: "rope", table: (await shop.outputs(line, "prod"))["OrdersTable"] },
  });

  const before = await Promise.all(environments.map((name) => codeDigest(line, name, "PlaceOrderName")));
  const pipelineEvents = async (): Promise<number> =>
    (await anchorStacks.send(new DescribeStackEventsCommand({ StackName: pipelineName(line) }))).StackEvents
      ?.length ?? 0;
  const untouched = await pipelineEvents();
  const since = new Date();
  const second = await shop.upload(line, await example("shop-sam-v2"));
  await shop.result(line, second, "waiting-for-approval");
  await shop.decide(line, "Approved", "change 4712");
  await shop.result(line, second, "released");
  for (const [at, environment] of environments.entries()) {
    expect(await changedSince(line, environment, since)).toEqual(["ListProducts"]);
    expect(await codeDigest(line, environment, "PlaceOrderName")).toBe(before[at]);
  }
  expect(await ask(line, "prod", "ListProductsName", {})).toMatchObject({
    body: [{ id: "shackle" }, { id: "rope" }, { id: "kedge" }],
  });
  // The plan did not change, so the pipeline did not change either. Kedge only started it.
  expect(await pipelineEvents()).toBe(untouched);
  expect((await shop.executions(line)).map(versionOf)).toEqual([second, first]);

  const tombstone = await shop.upload(line, new Uint8Array());
  await shop.result(line, tombstone, "torn-down");
  expect(await shop.stacksLeft(line)).toEqual([]);
  await expect(
    shop.clients(CodePipelineClient, line.account).send(new GetPipelineCommand({ name: pipelineName(line) })),
  ).rejects.toMatchObject({ name: "PipelineNotFoundException" });
  for (const Prefix of [
    `lines/${lineName(line)}/`,
    `lines/${lineCode(line)}`,
    `${artifactFolder(pipelineName(line))}/`,
  ]) {
    const left = await shop
      .clients(S3Client, line.account)
      .send(new ListObjectVersionsCommand({ Bucket: cacheBucket(line.account, shop.region), Prefix }));
    expect([...(left.Versions ?? []), ...(left.DeleteMarkers ?? [])]).toEqual([]);
  }
});
