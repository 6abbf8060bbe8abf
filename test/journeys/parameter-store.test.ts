/** Tests that an approval clears the values of the parameter store, and that a later value does not reach production. */
import { GetTopicAttributesCommand, ListTopicsCommand, SNSClient } from "@aws-sdk/client-sns";
import { DeleteParameterCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { expect, test } from "vitest";
import { zipOf } from "#test/support/artifact.ts";
import { bankLine, estate } from "#test/support/estate.ts";

const prod = "454545454545";
const title = "/journey-settings/title";

const template = (topic: string): string =>
  JSON.stringify({
    Resources: {
      [topic]: { Type: "AWS::SNS::Topic", Properties: { DisplayName: `{{resolve:ssm:${title}}}` } },
    },
  });

test("production gets the values that its approver cleared, or nothing", async () => {
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
  expect(Attributes?.["DisplayName"]).toBe("cleared");

  const second = await bank.upload(line, await zipOf({ "template.json": template("OtherTitle") }));
  await bank.result(line, second, "waiting-for-approval");
  await bank.clients(SSMClient, prod).send(new DeleteParameterCommand({ Name: title }));
  for (const value of ["other", "other value of version 2"]) await put(prod, value);
  await bank.decide(line, "Approved", "not what it was");
  const { reason } = await bank.result(line, second, "failed");
  expect(reason.code).toBe("ClearanceBroken");
  expect(reason.sentence).toContain(`${title}:2`);
});
