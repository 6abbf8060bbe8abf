/** Tests alarms and stack parameters in a target account, called as the deploy role there. */
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
} from "@aws-sdk/client-cloudformation";
import { CloudWatchClient, PutMetricAlarmCommand, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { STSClient } from "@aws-sdk/client-sts";
import { expect, it } from "vitest";
import { alarmsCloudwatch } from "#aws/alarms-cloudwatch.ts";
import { stackValuesCloudformation } from "#aws/stack-values-cloudformation.ts";
import { targetClients } from "#aws/target-clients.ts";
import { target } from "#test/contracts/applications.ts";
import { anchor, awsCloud } from "./aws-cloud.ts";

async function inTarget() {
  const aws = await awsCloud();
  await aws.role(target.account, "kedge-deploy", { AWS: `arn:aws:iam::${anchor}:root` });
  const sts = aws.cloud.client(STSClient, anchor);
  return {
    cloud: aws.cloud,
    alarms: alarmsCloudwatch(targetClients(sts, aws.config, (config) => new CloudWatchClient(config))),
    values: stackValuesCloudformation(
      targetClients(sts, aws.config, (config) => new CloudFormationClient(config)),
    ),
    [Symbol.asyncDispose]: () => aws[Symbol.asyncDispose](),
  };
}

it("an alarm is found by its name, and says whether its metric is beyond the threshold", async () => {
  await using there = await inTarget();
  const cloudwatch = there.cloud.client(CloudWatchClient, target.account);
  const measure = { Namespace: "Shop", MetricName: "Failures" };
  await cloudwatch.send(
    new PutMetricAlarmCommand({
      ...measure,
      AlarmName: "failures",
      Statistic: "Sum",
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 5,
      ComparisonOperator: "GreaterThanThreshold",
      TreatMissingData: "notBreaching",
    }),
  );
  const readAlarms = () => there.alarms.describe(target, ["failures", "no-such-alarm"]);
  expect(await readAlarms()).toMatchObject([{ name: "failures", firing: false }]);
  await cloudwatch.send(
    new PutMetricDataCommand({ Namespace: "Shop", MetricData: [{ MetricName: "Failures", Value: 12 }] }),
  );
  expect(await readAlarms()).toMatchObject([
    { name: "failures", firing: true, metric: "Shop Failures", threshold: 5 },
  ]);
});

it("a parameter of a stack is set, and the others stay, also when the call comes twice", async () => {
  await using there = await inTarget();
  const cloudformation = there.cloud.client(CloudFormationClient, target.account);
  const number = { Type: "String", Default: "100" };
  const StackName = "kedge-app-prod-shop";
  await cloudformation.send(
    new CreateStackCommand({
      StackName,
      TemplateBody: JSON.stringify({
        Parameters: { Weight: number, Other: number },
        Resources: {
          P: { Type: "AWS::SSM::Parameter", Properties: { Type: "String", Value: { Ref: "Weight" } } },
        },
      }),
      Parameters: [{ ParameterKey: "Other", ParameterValue: "7" }],
    }),
  );
  await there.cloud.cloud().settled();
  for (let time = 0; time < 2; time += 1) {
    await there.values.set(target, StackName, { Weight: "0" }, "kedge-turn-back");
    await there.cloud.cloud().settled();
  }
  const { Stacks } = await cloudformation.send(new DescribeStacksCommand({ StackName }));
  expect(Stacks?.[0]?.StackStatus).toBe("UPDATE_COMPLETE");
  expect(Stacks?.[0]?.Parameters).toEqual([
    { ParameterKey: "Weight", ParameterValue: "0" },
    { ParameterKey: "Other", ParameterValue: "7" },
  ]);
});
