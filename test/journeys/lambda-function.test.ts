/**
 * Tests a function's canary in production, on a clock that is pushed: it shifts to the end, and back when
 * calls fail.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CloudWatchClient, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import { GetAliasCommand, InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { readZip } from "@kedge/local-cloud/build/zip-reader";
import { expect, inject, test } from "vitest";
import { bootEstate } from "#local-estate/boot.ts";
import type { Line } from "#release/names/key.ts";
import { zipOf } from "#test/support/artifact.ts";
import { runBundles } from "#test/support/bundles.ts";
import { enter, shopLine, until } from "#test/support/estate.ts";
import { example } from "#test/support/example.ts";

/** No other journey may use this estate, because the test pushes its clock. */
const estateText = `
region: us-east-1
central: "101010101010"
organization: o-kedgelocal1
allowTombstone: [main]
anchors:
  shop:
    account: "111111111111"
    environments:
      - { name: prod, account: "444444444444", order: 1, branches: [main], approval: true, protected: true }
`;

async function ownEstate() {
  const work = await mkdtemp(join(tmpdir(), "kedge-canary-"));
  const estateFile = join(work, "estate.yml");
  await writeFile(estateFile, estateText);
  const booted = await bootEstate({ port: 0, estateFile, bundles: await runBundles(inject("runFolder")) });
  const shop = enter(booted);
  const { clock } = booted.running;
  const function_ = async (line: Line) => (await shop.outputs(line, "prod"))["FunctionName"] ?? "";
  const lambda = shop.clients(LambdaClient, "444444444444");
  return {
    ...shop,
    function: function_,
    alias: async (line: Line) => {
      const found = await lambda.send(
        new GetAliasCommand({ FunctionName: await function_(line), Name: "live" }),
      );
      return [found.FunctionVersion, found.RoutingConfig?.AdditionalVersionWeights ?? {}];
    },
    ask: async (line: Line) => {
      const { Payload } = await lambda.send(
        new InvokeCommand({
          FunctionName: await function_(line),
          Qualifier: "live",
          Payload: JSON.stringify({ length: 10, cables: 2 }),
        }),
      );
      return JSON.parse(Buffer.from(Payload ?? []).toString()) as unknown;
    },
    /**
     * Sets the alarm twice, because the next evaluation of its metric would set it to OK before the action
     * reads it.
     */
    alarm: async (line: Line) => {
      const AlarmName = (await shop.outputs(line, "prod"))["ErrorsAlarm"];
      for (let time = 0; time < 2; time += 1) {
        await shop
          .clients(CloudWatchClient, "444444444444")
          .send(new SetAlarmStateCommand({ AlarmName, StateValue: "ALARM", StateReason: "calls fail" }));
        await clock.push(31_000);
      }
    },
    pass: (seconds: number) => clock.push(seconds * 1000),
    [Symbol.asyncDispose]: async () => {
      await booted.running.stop();
      await rm(work, { recursive: true, force: true });
    },
  };
}

/** The sample, with another version in its code. */
async function version(number: string): Promise<Uint8Array> {
  const files = readZip(Buffer.from(await example("quote-lambda")))
    .filter(({ name }) => !name.endsWith("/") && name !== "smoke-test.sh") // other journeys run the smoke test
    .map(({ name, read }): [string, Uint8Array] => {
      const text = read().toString().replace('version = "1"', `version = "${number}"`);
      return [name, Buffer.from(text)];
    });
  return zipOf(Object.fromEntries(files));
}

test("a function's canary shifts to the end, or back when an alarm fires, and a tombstone removes all of its stacks", async () => {
  await using shop = await ownEstate();
  const line = shopLine("journey-quote");
  const release = async (number: string): Promise<string> => {
    const uploaded = await shop.upload(line, await version(number));
    await shop.result(line, uploaded, "waiting-for-approval");
    await shop.decide(line, "Approved", `change ${number}`);
    return uploaded;
  };

  const first = await release("1");
  await shop.result(line, first, "released");
  expect(await shop.alias(line)).toEqual(["1", {}]);
  expect(await shop.ask(line)).toEqual({ version: "1", cents: 3700, currency: "EUR" });

  const second = await release("2");
  await until("a canary", async () => ((await shop.alias(line))[1] as { 2?: number })[2]);
  expect(await shop.alias(line)).toEqual(["1", { 2: 0.1 }]);
  await shop.pass(5 * 60 + 1);
  const released = await shop.result(line, second, "released");
  expect(released.stages.at(-1)?.actions.map(({ name }) => name)).toContain("Shift");
  expect(await shop.alias(line)).toEqual(["2", {}]);
  expect(await shop.ask(line)).toMatchObject({ version: "2" });

  const third = await release("3");
  await until("another canary", async () => ((await shop.alias(line))[1] as { 3?: number })[3]);
  await shop.alarm(line);
  const failed = await shop.result(line, third, "failed");
  expect(failed.reason.sentence).toMatch(/alarm .*Errors.* went to ALARM/);
  expect(await shop.alias(line)).toEqual(["2", {}]);

  const tombstone = await shop.upload(line, new Uint8Array());
  await shop.result(line, tombstone, "torn-down");
  expect(await shop.stacksLeft(line)).toEqual([]);
}); // boots an estate of its own
