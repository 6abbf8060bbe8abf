import { CloudWatchClient, PutMetricAlarmCommand } from "@aws-sdk/client-cloudwatch";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { EventBridgeClient, PutRuleCommand } from "@aws-sdk/client-eventbridge";
import { CreateKeyCommand, EncryptCommand, KMSClient } from "@aws-sdk/client-kms";
import { CreateTopicCommand, SNSClient, TagResourceCommand } from "@aws-sdk/client-sns";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetParameterHistoryCommand, GetParametersCommand, SSMClient } from "@aws-sdk/client-ssm";
import { NormalizedSchema } from "@smithy/core/schema";
import { expect, it } from "vitest";
import { openConstraints } from "#cloud/service-models/constraint-table.ts";
import { services } from "#cloud/services/index.ts";
import { testCloud } from "#cloud/testing/cloud.ts";
import { readSchemas } from "#cloud/wire/schema.ts";

const account = "111111111111";
it("rejects what the service's model does not allow, in AWS's words", async () => {
  await using cloud = await testCloud();
  const [logs, kms, ssm, sns] = [
    cloud.client(CloudWatchLogsClient, account),
    cloud.client(KMSClient, account),
    cloud.client(SSMClient, account),
    cloud.client(SNSClient, account),
  ];
  const calls: Record<string, () => Promise<unknown>> = {
    range: () => ssm.send(new GetParameterHistoryCommand({ Name: "x", MaxResults: 51 })),
    "a list": () => ssm.send(new GetParametersCommand({ Names: [""] })),
    "a code of the service": () => logs.send(new DescribeLogGroupsCommand({ limit: 100 })),
    "an enum": () =>
      logs.send(new DescribeLogStreamsCommand({ logGroupName: "/x", orderBy: "bogus" as "LogStreamName" })),
    "two rules of one member": () => logs.send(new CreateLogGroupCommand({ logGroupName: "" })),
    "a nested member": () => kms.send(new CreateKeyCommand({ Tags: [{ TagKey: "", TagValue: "x" }] })),
    "a length of bytes": () => kms.send(new EncryptCommand({ KeyId: "x", Plaintext: new Uint8Array(4097) })),
    "a pattern": () =>
      cloud
        .client(EventBridgeClient, account)
        .send(new PutRuleCommand({ Name: "no blank", EventPattern: "{}" })),
    "the Query protocol": () =>
      sns.send(new TagResourceCommand({ ResourceArn: "x", Tags: [{ Key: "", Value: "x" }] })),
    "a missing member": () => sns.send(new CreateTopicCommand({ Name: undefined })),
    "a missing member of SQS": () =>
      cloud
        .client(SQSClient, account)
        .send(new SendMessageCommand({ QueueUrl: "x", MessageBody: undefined })),
    "a number below the least": () =>
      cloud.client(CloudWatchClient, account).send(
        new PutMetricAlarmCommand({
          AlarmName: "a",
          ComparisonOperator: "GreaterThanThreshold",
          EvaluationPeriods: 0,
        }),
      ),
  };
  const seen: Record<string, string> = {};
  for (const [name, call] of Object.entries(calls))
    seen[name] = await call().then(
      () => "accepted",
      (error: Error) => `${error.name}: ${error.message}`,
    );
  expect(seen).toMatchInlineSnapshot(`
    {
      "a code of the service": "InvalidParameterException: 1 validation error detected: Value '100' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 50",
      "a length of bytes": "ValidationException: 1 validation error detected: Value at 'plaintext' failed to satisfy constraint: Member must have length less than or equal to 4096",
      "a list": "ValidationException: 1 validation error detected: Value '[]' at 'names' failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 2048, Member must have length greater than or equal to 1]",
      "a missing member": "ValidationError: 1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null",
      "a missing member of SQS": "MissingParameter: The request must contain the parameter MessageBody.",
      "a nested member": "ValidationException: 1 validation error detected: Value '' at 'tags.1.member.tagKey' failed to satisfy constraint: Member must have length greater than or equal to 1",
      "a number below the least": "ValidationException: 1 validation error detected: Value '0' at 'evaluationPeriods' failed to satisfy constraint: Member must have value greater than or equal to 1",
      "a pattern": "ValidationException: 1 validation error detected: Value 'no blank' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+",
      "an enum": "InvalidParameterException: 1 validation error detected: Value 'bogus' at 'orderBy' failed to satisfy constraint: Member must satisfy enum value set: [LogStreamName, LastEventTime]",
      "range": "ValidationException: 1 validation error detected: Value '51' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 50",
      "the Query protocol": "ValidationError: 1 validation error detected: Value '' at 'tags.1.member.key' failed to satisfy constraint: Member must have length greater than or equal to 1",
      "two rules of one member": "InvalidParameterException: 2 validation errors detected: Value '' at 'logGroupName' failed to satisfy constraint: Member must have length greater than or equal to 1; Value '' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+",
    }
  `);
});

const membersOf = (sdk: object): ReadonlySet<string> => {
  const members = new Set<string>();
  const seen = new Set<string>();
  const visit = (schema: NormalizedSchema): void => {
    if (schema.isListSchema() || schema.isMapSchema()) visit(schema.getValueSchema());
    const structure = schema.isStructSchema() ? (schema.getName() ?? "") : undefined;
    if (structure === undefined || seen.has(structure)) return;
    seen.add(structure);
    for (const [name, member] of schema.structIterator()) {
      members.add(`${structure}.${name}`);
      visit(member);
    }
  };
  for (const { input } of readSchemas(sdk).operations.values()) visit(NormalizedSchema.of(input));
  return members;
};

it("knows the constraints by the names that the SDK's schemas have", () => {
  const table = openConstraints();
  const sdks = new Map(services.map(({ sdk }) => [readSchemas(sdk).namespace, sdk]));
  for (const namespace of table.namespaces()) {
    const members = membersOf(sdks.get(namespace) ?? {});
    const wanted = Object.entries(table.of(namespace)).flatMap(([structure, constraints]) =>
      Object.keys(constraints).map((member) => `${structure}.${member}`),
    );
    expect([namespace, wanted.filter((name) => !members.has(name))]).toEqual([namespace, []]);
  }
});
