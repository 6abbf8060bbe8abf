/**
 * Tests a CDK app of several stacks, which are created in the order of their dependencies and removed in the
 * opposite order.
 */
import {
  CloudFormationClient,
  DescribeStacksCommand,
  ListStacksCommand,
} from "@aws-sdk/client-cloudformation";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { expect, test } from "vitest";
import { stackName } from "#release/names/stack-names.ts";
import { estate, shopLine } from "#test/support/estate.ts";
import { example } from "#test/support/example.ts";

test("a CDK app is released to production stack by stack without cdk bootstrap, and removed in the opposite order", async () => {
  const shop = estate();
  const line = shopLine("journey-cdk");
  const version = await shop.upload(line, await example("cdk-orders"));
  await shop.result(line, version, "waiting-for-approval");
  await shop.decide(line, "Approved", "change 4713");
  const released = await shop.result(line, version, "released");
  expect(released.template?.name).toBe("cdk");
  const actionsOf = (stage: number) => released.stages.at(stage)?.actions.map(({ name }) => name) ?? [];
  const inDev = actionsOf(2);
  expect(inDev.indexOf("Execute-orders-data")).toBeLessThan(inDev.indexOf("ChangeSet-orders-api"));
  // One action of a gated environment executes all levels, each after the level before.
  expect(actionsOf(-1)).toEqual(["Prepare", "Approve", "Execute", "SmokeInput", "SmokeTest"]);
  const createdAt = async (id: string): Promise<number> => {
    const name = { StackName: stackName("prod", line, id) };
    const client = shop.clients(CloudFormationClient, shop.accountOf(line, "prod"));
    return Number((await client.send(new DescribeStacksCommand(name))).Stacks?.[0]?.CreationTime ?? 0);
  };
  expect(await createdAt("orders-data")).toBeLessThanOrEqual(await createdAt("orders-api"));

  const stacksOf = async (environment: string): Promise<readonly string[]> => {
    const { StackSummaries } = await shop
      .clients(CloudFormationClient, shop.accountOf(line, environment))
      .send(new ListStacksCommand({ StackStatusFilter: ["CREATE_COMPLETE"] }));
    const names = (StackSummaries ?? []).flatMap(({ StackName = "", ParentId }) =>
      ParentId ? [] : [StackName],
    );
    const ids = ["orders-api", "orders-data", "prod-audit"];
    return ids.filter((id) => names.includes(stackName(environment, line, id)));
  };
  expect(await stacksOf("dev")).toEqual(["orders-api", "orders-data"]);
  expect(await stacksOf("prod")).toEqual(["orders-api", "orders-data", "prod-audit"]);

  const production = shop.accountOf(line, "prod");
  const { Stacks } = await shop
    .clients(CloudFormationClient, production)
    .send(new DescribeStacksCommand({ StackName: stackName("prod", line, "orders-api") }));
  const outputs = Object.fromEntries(
    (Stacks?.[0]?.Outputs ?? []).map((each) => [each.OutputKey, each.OutputValue]),
  );
  const ask = async (output: string): Promise<unknown> => {
    const { Payload } = await shop
      .clients(LambdaClient, production)
      .send(new InvokeCommand({ FunctionName: outputs[output] }));
    return JSON.parse(Buffer.from(Payload ?? []).toString());
  };
  expect(await ask("TakeOrderName")).toEqual({ product: "rope", queue: outputs["QueueUrl"] });
  const queue = outputs["QueueUrl"]?.split("/").at(-1) ?? "none";
  expect(await ask("ReportName")).toMatchObject({ of: expect.stringContaining(queue) });

  const tombstone = await shop.upload(line, new Uint8Array());
  await shop.result(line, tombstone, "torn-down");
  expect(await shop.stacksLeft(line)).toEqual([]);
  const { StackSummaries } = await shop
    .clients(CloudFormationClient, production)
    .send(new ListStacksCommand({ StackStatusFilter: ["DELETE_COMPLETE"] }));
  const gone = (id: string): number =>
    StackSummaries?.find(
      ({ StackName }) => StackName === stackName("prod", line, id),
    )?.DeletionTime?.getTime() ?? 0;
  expect(gone("orders-api")).toBeGreaterThan(0);
  expect(gone("orders-api")).toBeLessThanOrEqual(gone("orders-data"));
});
