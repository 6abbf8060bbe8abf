/**
 * Tests a Fargate service: rolling in dev, blue-green in qa, a canary in production. The parameters of each
 * account name its network.
 */
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { readZip } from "@kedge/local-cloud/build/zip-reader";
import { expect, test } from "vitest";
import type { Line } from "#release/names/key.ts";
import { zipOf } from "#test/support/artifact.ts";
import { estate, shopLine, type TestEstate } from "#test/support/estate.ts";
import { example } from "#test/support/example.ts";

async function furnish(shop: TestEstate, line: Line): Promise<void> {
  for (const environment of ["dev", "qa", "prod"]) {
    const account = shop.accountOf(line, environment);
    const put = (Name: string, Value: string, Type: "String" | "SecureString" = "String") =>
      shop.clients(SSMClient, account).send(new PutParameterCommand({ Name, Value, Type, Overwrite: true }));
    await put("/platform/cluster", "services");
    await put("/platform/vpc", "vpc-0a1b2c3d4e5f60718");
    await put("/platform/private-subnets", "subnet-0a1b2c3d4e5f60718,subnet-1a1b2c3d4e5f60718");
    await put("/platform/service-security-group", "sg-0a1b2c3d4e5f60718");
    await put(
      "/platform/listener",
      `arn:aws:elasticloadbalancing:${shop.region}:${account}:listener/app/front/0a1b2c3d/1a2b3c4d`,
    );
    await put("/shop/orders/database-url", "postgres://secret", "SecureString");
  }
}

/** The sample with another image, and a canary without waiting time. */
async function version(digest: string): Promise<Uint8Array> {
  const files = readZip(Buffer.from(await example("orders-ecs"))).filter(({ name }) => !name.endsWith("/"));
  return zipOf(
    Object.fromEntries(
      files.map(({ name, read }): [string, string] => [
        name,
        read()
          .toString()
          .replace(/@sha256:[0-9a-f]{64}/, digest)
          .replace("minutes: 5", "minutes: 0"),
      ]),
    ),
  );
}

test("a service is released to production step by step, and all of its stacks are removed by the tombstone", async () => {
  const shop = estate();
  const line = shopLine("orders-ecs");
  await furnish(shop, line);
  const release = async (digest: string): Promise<void> => {
    const uploaded = await shop.upload(line, await version(digest));
    await shop.result(line, uploaded, "waiting-for-approval");
    await shop.decide(line, "Approved", "looks right");
    await shop.result(line, uploaded, "released");
  };
  const [one, two] = ["1", "2"].map((digit) => `@sha256:${digit.repeat(64)}`);

  await release(one ?? "");
  expect((await shop.outputs(line, "prod"))["StableImage"]).toContain(one);
  await release(two ?? "");
  expect((await shop.outputs(line, "dev"))["Image"]).toContain(two);
  expect((await shop.outputs(line, "prod"))["StableImage"]).toContain(two);
  const { Parameters } = (await shop.appStack(line, "prod")) ?? {};
  const values = Object.fromEntries(
    (Parameters ?? []).map(({ ParameterKey, ParameterValue }) => [ParameterKey, ParameterValue]),
  );
  expect(values).toMatchObject({ CanaryWeight: "0", StableWeight: "100", CanaryCount: "0" });
  expect(JSON.stringify(values)).not.toContain("secret");

  const tagged = await shop.upload(line, await version(":latest"));
  const rejection = await shop.result(line, tagged, "rejected");
  expect(rejection.reason.code).toBe("ImageNotImmutable");

  const tombstone = await shop.upload(line, new Uint8Array());
  await shop.result(line, tombstone, "torn-down");
  expect(await shop.stacksLeft(line)).toEqual([]);
});
