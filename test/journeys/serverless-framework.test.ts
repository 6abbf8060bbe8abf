/**
 * Tests a service in the Serverless Framework's package format: it is released to production and removed,
 * without the Framework.
 */
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { expect, test } from "vitest";
import { estate, shopLine } from "#test/support/estate.ts";
import { example } from "#test/support/example.ts";

test("a packaged service runs in production from the artifact's own archive, and is removed", async () => {
  const shop = estate();
  const line = shopLine("journey-serverless");
  const version = await shop.upload(line, await example("orders-serverless"));
  await shop.result(line, version, "waiting-for-approval");
  await shop.decide(line, "Approved", "change 4714");
  const released = await shop.result(line, version, "released");
  expect(released.template?.name).toBe("serverless-framework");

  const outputs = await shop.outputs(line, "prod");
  expect(outputs).not.toHaveProperty("ServerlessDeploymentBucketName");
  const { Payload } = await shop
    .clients(LambdaClient, shop.accountOf(line, "prod"))
    .send(new InvokeCommand({ FunctionName: outputs["TakeOrderName"] }));
  expect(JSON.parse(Buffer.from(Payload ?? []).toString())).toEqual({
    price: "24.90 €",
    queue: outputs["QueueUrl"],
  });

  const tombstone = await shop.upload(line, new Uint8Array());
  await shop.result(line, tombstone, "torn-down");
  expect(await shop.stacksLeft(line)).toEqual([]);
});
