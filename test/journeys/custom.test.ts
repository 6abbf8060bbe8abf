/**
 * Tests an artifact of no known kind: the function and the project of the central team deploy it and remove
 * it.
 */
import { readFile } from "node:fs/promises";
import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { expect, test } from "vitest";
import { deployStack } from "#local-estate/deploy-stack.ts";
import { estate, shopLine } from "#test/support/estate.ts";
import { example } from "#test/support/example.ts";

test("an artifact is deployed by a function and a project of the targets, and removed by them with the tombstone", async () => {
  const shop = estate();
  const line = shopLine("journey-letters");
  const body = await readFile("examples/letters-handlers.yaml", "utf8");
  await Promise.all(
    ["dev", "qa", "prod"].map((environment) =>
      deployStack(shop.clients(CloudFormationClient, shop.accountOf(line, environment)), {
        name: "letters-handlers",
        body,
        parameters: { AnchorAccount: line.account },
      }),
    ),
  );
  const deployedIn = async (environment: string): Promise<string | undefined> => {
    const ssm = shop.clients(SSMClient, shop.accountOf(line, environment));
    const found = await ssm
      .send(new GetParameterCommand({ Name: "/letters/journey-letters-main" }))
      .catch((error: Error) => (error.name === "ParameterNotFound" ? undefined : Promise.reject(error)));
    return found?.Parameter?.Value;
  };
  const built = async (action: string): Promise<boolean> => {
    const { events } = await shop
      .clients(CloudWatchLogsClient, shop.accountOf(line, "prod"))
      .send(new FilterLogEventsCommand({ logGroupName: "/letters/builds" }));
    const said = `letters of journey-letters in prod ${action} ${version}`;
    return (events ?? []).some(({ message }) => message?.trim() === said);
  };

  const version = await shop.upload(line, await example("letters-custom"));
  await shop.result(line, version, "waiting-for-approval");
  expect([await deployedIn("dev"), await deployedIn("qa")]).toEqual([version, version]);
  await shop.decide(line, "Approved", "change 4715");
  const released = await shop.result(line, version, "released");
  expect(released.template?.name).toBe("custom");
  expect(await built("deploy")).toBe(true);

  const tombstone = await shop.upload(line, new Uint8Array());
  await shop.result(line, tombstone, "torn-down");
  expect(await shop.stacksLeft(line)).toEqual([]);
  expect([await deployedIn("dev"), await deployedIn("qa")]).toEqual([undefined, undefined]);
  expect(await built("destroy")).toBe(true);
});
