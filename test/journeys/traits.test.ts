/**
 * Tests an artifact with traits: it is released to the eligible environments, with the values of each
 * account, and publishes its outputs.
 */

import { CloudFormationClient, GetTemplateCommand } from "@aws-sdk/client-cloudformation";
import { GetFunctionConfigurationCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetParametersCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { expect, test } from "vitest";
import { stackName } from "#release/names/stack-names.ts";
import { estate, shopLine } from "#test/support/estate.ts";
import { example } from "#test/support/example.ts";

const partnerKey = "correct-horse-battery";

test("traits choose the environments of an artifact, use each account's own values, and publish its outputs", async () => {
  const shop = estate();
  const line = shopLine("orders-traits");
  const at = (environment: string) => shop.accountOf(line, environment);
  const artifact = await example("orders-traits");

  // Kedge changes nothing until all referenced parameters and secrets exist.
  const early = await shop.upload(line, artifact);
  const rejection = await shop.result(line, early, "failed");
  expect(rejection.reason.code).toBe("SettingMissing");
  for (const word of ["/shared/retention-seconds", "orders/partner", at("dev"), shop.region])
    expect(rejection.reason.sentence).toContain(word);
  expect(await shop.appStack(line, "dev")).toBeUndefined();

  const retention = { dev: "3600", prod: "86400" };
  for (const [environment, Value] of Object.entries(retention)) {
    const account = at(environment);
    const parameter = { Name: "/shared/retention-seconds", Type: "String", Value } as const;
    await shop.clients(SSMClient, account).send(new PutParameterCommand(parameter));
    const secret = { Name: "orders/partner", SecretString: JSON.stringify({ key: partnerKey }) };
    await shop.clients(SecretsManagerClient, account).send(new CreateSecretCommand(secret));
  }
  const version = await shop.upload(line, artifact);
  await shop.result(line, version, "waiting-for-approval");
  await shop.decide(line, "Approved", "wanted");
  const released = await shop.result(line, version, "released");
  expect(released.stages.map(({ name }) => name)).toEqual(["Source", "Package", "dev", "prod"]);
  expect(JSON.stringify(released)).not.toContain(partnerKey);

  for (const [environment, seconds, visibility, level] of [
    ["dev", "3600", "30", "debug"],
    ["prod", "86400", "300", "warn"],
  ] as const) {
    const account = at(environment);
    const outputs = await shop.outputs(line, environment);
    const { Attributes } = await shop
      .clients(SQSClient, account)
      .send(new GetQueueAttributesCommand({ QueueUrl: outputs["QueueUrl"], AttributeNames: ["All"] }));
    expect([Attributes?.["MessageRetentionPeriod"], Attributes?.["VisibilityTimeout"]]).toEqual([
      seconds,
      visibility,
    ]);
    const { Environment } = await shop
      .clients(LambdaClient, account)
      .send(new GetFunctionConfigurationCommand({ FunctionName: outputs["TellPartnerName"] }));
    expect(Environment?.Variables).toEqual({ LOG_LEVEL: level, PARTNER_KEY: partnerKey });

    const Names = [`/orders/${environment}/queue-url`, `/orders/${environment}/queue-arn`];
    const { Parameters } = await shop.clients(SSMClient, account).send(new GetParametersCommand({ Names }));
    expect(Parameters?.map(({ Value }) => Value).sort()).toEqual(
      [outputs["QueueUrl"], outputs["QueueArn"]].sort(),
    );
  }

  // Neither a template nor a stack's parameter contains the secret.
  const StackName = stackName("prod", line);
  const { TemplateBody } = await shop
    .clients(CloudFormationClient, at("prod"))
    .send(new GetTemplateCommand({ StackName }));
  expect(TemplateBody).toContain("{{resolve:secretsmanager:orders/partner:SecretString:key}}");
  const stack = await shop.appStack(line, "prod");
  expect(JSON.stringify([TemplateBody, stack])).not.toContain(partnerKey);
  expect(stack?.Tags).toContainEqual({ Key: "cost-center", Value: "orders" });
  expect(await shop.appStack(line, "qa")).toBeUndefined();

  // The published parameters are removed with the stack.
  const tombstone = await shop.upload(line, new Uint8Array(0));
  await shop.result(line, tombstone, "torn-down");
  expect(await shop.stacksLeft(line)).toEqual([]);
  const { InvalidParameters } = await shop
    .clients(SSMClient, at("prod"))
    .send(new GetParametersCommand({ Names: ["/orders/prod/queue-url"] }));
  expect(InvalidParameters).toEqual(["/orders/prod/queue-url"]);
});
