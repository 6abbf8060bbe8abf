import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import type { ActionDeclaration } from "@aws-sdk/client-codepipeline";
import {
  CreateAliasCommand,
  CreateFunctionCommand,
  GetAliasCommand,
  InvokeCommand,
  LambdaClient,
  PublishVersionCommand,
  UpdateFunctionCodeCommand,
} from "@aws-sdk/client-lambda";
import { describe, expect, it } from "vitest";
import { writeZip } from "#cloud/build/zip-writer.ts";
import { ACCOUNT, type Estate, openEstate, ROLE } from "./estate.ts";
import { source } from "./stages.ts";

const code = (text: string) =>
  writeZip([{ name: "index.mjs", data: Buffer.from(`export const handler = async () => "${text}";`) }]);

/** A function with two versions whose alias `live` points at the first, an alarm, and the action's role. */
async function open() {
  const estate = await openEstate();
  const lambda = estate.cloud.client(LambdaClient, ACCOUNT);
  const alarms = estate.cloud.client(CloudWatchClient, ACCOUNT);
  const allow = (Action: string[]) => [{ Effect: "Allow", Action, Resource: "*" }];
  const Role = await estate.role("own", "lambda.amazonaws.com", allow(["logs:*"]));
  const roleArn = await estate.role(
    "deploy",
    ROLE,
    allow(["lambda:*", "cloudwatch:DescribeAlarms", "logs:*", "s3:GetObject", "s3:GetObjectVersion"]),
  );
  const FunctionName = "shop";
  const { rest } = estate;
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName,
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Role,
      Code: { ZipFile: code("one") },
    }),
  );
  await estate.cloud.clock.push(100);
  await lambda.send(new PublishVersionCommand({ FunctionName }));
  await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: code("two") }));
  await estate.cloud.clock.push(100);
  await lambda.send(new PublishVersionCommand({ FunctionName }));
  await lambda.send(new CreateAliasCommand({ FunctionName, Name: "live", FunctionVersion: "1" }));
  await alarms.send(
    new PutMetricAlarmCommand({
      AlarmName: "shop-errors",
      Namespace: "AWS/Lambda",
      MetricName: "Errors",
      Statistic: "Sum",
      Period: 86_400,
      EvaluationPeriods: 1,
      Threshold: 0,
      ComparisonOperator: "GreaterThanThreshold",
      TreatMissingData: "ignore",
    }),
  );
  const action = (configuration: Record<string, string>, inputs = false): ActionDeclaration => ({
    name: "Shift",
    actionTypeId: { category: "Deploy", owner: "AWS", provider: "Lambda", version: "1" },
    roleArn,
    configuration: { FunctionName, ...configuration },
    ...(inputs && { inputArtifacts: [{ name: "App" }] }),
  });
  const deploy = async (configuration: Record<string, string>, inputs = false): Promise<void> => {
    await estate.source({ "index.mjs": 'export const handler = async () => "three";' });
    await estate.create([source(), { name: "Go", actions: [action(configuration, inputs)] }]);
  };
  return {
    ...estate,
    deploy,
    alarm: (StateValue: "ALARM" | "OK") =>
      alarms.send(
        new SetAlarmStateCommand({ AlarmName: "shop-errors", StateValue, StateReason: "the test says so" }),
      ),
    alias: async () => {
      const { FunctionVersion, RoutingConfig } = await lambda.send(
        new GetAliasCommand({ FunctionName, Name: "live" }),
      );
      return [FunctionVersion, RoutingConfig?.AdditionalVersionWeights ?? {}];
    },
    answers: async (times: number) => {
      const seen = new Set<string>();
      for (let time = 0; time < times; time += 1) {
        const { Payload } = await lambda.send(new InvokeCommand({ FunctionName, Qualifier: "live" }));
        seen.add(JSON.parse(Buffer.from(Payload ?? []).toString()) as string);
      }
      return [...seen].sort();
    },
    pass: async (minutes: number) => {
      await estate.cloud.clock.push(minutes * 60_000);
      await rest();
    },
    [Symbol.asyncDispose]: () => estate.cloud.stop(),
  } satisfies Partial<Estate> & Record<string, unknown>;
}

const canary = {
  FunctionAlias: "live",
  PublishedTargetVersion: "2",
  DeployStrategy: "Canary50Percent5Minutes",
  Alarms: "shop-errors",
};

describe("the Lambda deploy action", () => {
  it("lets a canary have its part of the traffic, then all of it", async () => {
    await using estate = await open();
    await estate.deploy(canary);
    expect(await estate.alias()).toEqual(["1", { 2: 0.5 }]);
    expect(await estate.answers(40)).toEqual(["one", "two"]);
    await estate.pass(4);
    expect(await estate.alias()).toEqual(["1", { 2: 0.5 }]);
    await estate.pass(2);
    expect(await estate.alias()).toEqual(["2", {}]);
    expect((await estate.action("Shift")).output?.outputVariables).toEqual({ FunctionVersion: "2" });
    expect(await estate.answers(5)).toEqual(["two"]);
  });

  it("turns the alias back when an alarm goes off on the way", async () => {
    await using estate = await open();
    await estate.deploy(canary);
    await estate.pass(2);
    await estate.alarm("ALARM");
    await estate.pass(1);
    expect(await estate.alias()).toEqual(["1", {}]);
    expect(await estate.problem()).toMatch(/The alarm shop-errors went to ALARM. .* back to version 1/);
  });

  it("shifts nothing while an alarm is in ALARM", async () => {
    await using estate = await open();
    await estate.alarm("ALARM");
    await estate.deploy(canary);
    expect(await estate.alias()).toEqual(["1", {}]);
    expect((await estate.newest()).status).toBe("Failed");
  });

  it("shifts linearly, step by step", async () => {
    await using estate = await open();
    await estate.deploy({
      FunctionAlias: "live",
      PublishedTargetVersion: "2",
      DeployStrategy: "Linear40PercentEvery10Minutes",
    });
    const seen = [await estate.alias()];
    for (let step = 0; step < 2; step += 1) {
      await estate.pass(10);
      seen.push(await estate.alias());
    }
    expect(seen).toEqual([
      ["1", { 2: 0.4 }],
      ["1", { 2: 0.8 }],
      ["2", {}],
    ]);
  });

  it("publishes the code of its input artifact, behind an alias or without one", async () => {
    await using estate = await open();
    await estate.deploy({ FunctionAlias: "live" }, true);
    expect(await estate.alias()).toEqual(["3", {}]);
    expect(await estate.answers(1)).toEqual(["three"]);
  });

  it("has nothing to do where the alias is at the version already, and needs one that exists", async () => {
    await using estate = await open();
    await estate.deploy({ FunctionAlias: "live", PublishedTargetVersion: "1" });
    expect((await estate.newest()).status).toBe("Succeeded");
    await using other = await open();
    await other.deploy({ FunctionAlias: "live", PublishedTargetVersion: "7" });
    expect(await other.problem()).toMatch(/ResourceNotFoundException/);
  });

  it.each([
    [{ FunctionAlias: "live" }, false, /PublishedTargetVersion is required/],
    [{ DeployStrategy: "AllAtOnce" }, true, /only available when FunctionAlias/],
    [{ ...canary, DeployStrategy: "Canary0Percent5Minutes" }, false, /must be AllAtOnce/],
    [{ ...canary, DeployStrategy: "Linear1PercentEvery60Minutes" }, false, /maximum of 2 days/],
    [{ ...canary, Alarms: "a,b,c,d,e,f,g,h,i,j,k" }, false, /maximum of 10 alarms/],
  ] as const)("refuses %j", async (configuration, inputs, message) => {
    await using estate = await open();
    await expect(estate.deploy(configuration, inputs)).rejects.toThrow(message);
  });
});
