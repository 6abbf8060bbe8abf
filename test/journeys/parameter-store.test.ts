/**
 * Tests that an approval clears the values of the parameter store, and that a later value does not reach production. An
 * operator then opens the environment again.
 */
import { CloudFormationClient, DeleteStackCommand } from "@aws-sdk/client-cloudformation";
import { GetTopicAttributesCommand, ListTopicsCommand, SNSClient } from "@aws-sdk/client-sns";
import { DeleteParameterCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { expect, test } from "vitest";
import { zipOf } from "#test/support/artifact.ts";
import { bankLine, estate, until } from "#test/support/estate.ts";
import { kedge } from "#test/support/kedge.ts";

const prod = "454545454545";
const title = "/journey-settings/title";

/** Parameters that AWS publishes. The stack reads one by a reference, and one by a parameter of an SSM type. */
const image = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64";
const partition = "/aws/service/global-infrastructure/regions/us-east-1/partition";

const template = (topic: string): string =>
  JSON.stringify({
    Parameters: { Image: { Type: "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>", Default: image } },
    Resources: {
      [topic]: {
        Type: "AWS::SNS::Topic",
        Properties: { DisplayName: `{{resolve:ssm:${title}}} {{resolve:ssm:${partition}}}` },
      },
    },
    Outputs: { Image: { Value: { Ref: "Image" } } },
  });

test("production gets the values that its approver cleared, or nothing until an operator opens it", async () => {
  const bank = estate();
  const line = bankLine("journey-settings");
  const put = (account: string, Value: string) =>
    bank
      .clients(SSMClient, account)
      .send(new PutParameterCommand({ Name: title, Value, Type: "String", Overwrite: true }));
  for (const account of ["232323232323", prod]) await put(account, "cleared");

  const first = await bank.upload(line, await zipOf({ "template.json": template("ClearedTitle") }));
  await bank.result(line, first, "waiting-for-approval");
  await put(prod, "later");
  await bank.decide(line, "Approved", "the cleared title");
  await bank.result(line, first, "released");
  const sns = bank.clients(SNSClient, prod);
  const { Topics = [] } = await sns.send(new ListTopicsCommand());
  const TopicArn = Topics.find((topic) => topic.TopicArn?.includes("-ClearedTitle-"))?.TopicArn;
  const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn }));
  expect(Attributes?.["DisplayName"]).toBe("cleared aws");
  const outputs = (await bank.appStack(line, "prod"))?.Outputs ?? [];
  expect(outputs.find(({ OutputKey }) => OutputKey === "Image")?.OutputValue).toMatch(/^ami-[0-9a-f]{17}$/);

  const second = await bank.upload(line, await zipOf({ "template.json": template("OtherTitle") }));
  await bank.result(line, second, "waiting-for-approval");
  await bank.clients(SSMClient, prod).send(new DeleteParameterCommand({ Name: title }));
  for (const value of ["other", "other value of version 2"]) await put(prod, value);
  await bank.decide(line, "Approved", "not what it was");
  const { reason } = await bank.result(line, second, "failed");
  expect(reason.code).toBe("ClearanceBroken");
  expect(reason.sentence).toContain(`${title}:2`);

  const words = ["--app", line.app, "--branch", line.branch, "--environment", "prod", "--reason", "read it"];
  const operator = { shop: bank, account: line.account, role: "kedge-operator" };
  const opened = await kedge(["unlock", ...words], operator);
  expect([opened.code, opened.stderr]).toEqual([0, ""]);
  expect(opened.stdout).toMatch(
    /^prod takes releases of 121212121212\/journey-settings\/main\/latest\.zip again\./,
  );
  const again = await kedge(["unlock", ...words], operator);
  expect([again.code, again.stderr]).toEqual([1, expect.stringContaining("prod is not stopped")]);

  // The environment takes a release again. A stack of an earlier environment is deleted while the approval waits.
  const third = await bank.upload(line, await zipOf({ "template.json": template("ThirdTitle") }));
  await bank.result(line, third, "waiting-for-approval");
  const StackName = (await bank.appStack(line, "dev"))?.StackName;
  const dev = bank.clients(CloudFormationClient, bank.accountOf(line, "dev"));
  await dev.send(new DeleteStackCommand({ StackName }));
  await until("the stack of dev is gone", async () =>
    (await bank.appStack(line, "dev")) ? undefined : true,
  );
  await bank.decide(line, "Approved", "without its stack in dev");
  const replaced = await bank.result(line, third, "failed");
  expect(replaced.reason.code).toBe("VersionReplaced");
  expect(replaced.reason.sentence).toContain(`dev has no stack ${StackName}`);
  const status = await kedge(["status", "--app", line.app, "--branch", line.branch], operator);
  expect([status.code, status.stdout]).toEqual([1, expect.stringContaining("What to do: ")]);
});
