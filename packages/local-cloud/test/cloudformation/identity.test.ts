/** Tests updates by the identity of resources, retried handlers, and masked values. */
import {
  CloudFormationClient,
  CreateChangeSetCommand,
  CreateStackCommand,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from "@aws-sdk/client-cloudformation";
import { GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect, it } from "vitest";
import { AwsError } from "#cloud/kernel/aws-error.ts";
import { type TestCloud, testCloud } from "#cloud/testing/cloud.ts";

const account = "111111111111";
const quick = () => testCloud({ pace: { resource: 1 } });
const body = (Resources: object, more: object = {}): string => JSON.stringify({ ...more, Resources });

async function outcome(cloud: TestCloud, StackName: string) {
  await cloud.cloud().settled();
  const cfn = cloud.client(CloudFormationClient, account);
  const { Stacks = [] } = await cfn.send(new DescribeStacksCommand({ StackName }));
  const { StackEvents = [] } = await cfn.send(new DescribeStackEventsCommand({ StackName }));
  const reasons = StackEvents.filter((event) => event.ResourceStatus?.endsWith("FAILED"));
  return {
    status: Stacks[0]?.StackStatus,
    reason: reasons.map((event) => event.ResourceStatusReason).join(" | "),
    events: JSON.stringify(StackEvents),
  };
}

it("rejects a second resource of an existing name, and keeps the first", async () => {
  await using cloud = await quick();
  const cfn = cloud.client(CloudFormationClient, account);
  const queue = { Type: "AWS::SQS::Queue", Properties: { QueueName: "q" } };
  await cfn.send(new CreateStackCommand({ StackName: "s", TemplateBody: body({ One: queue }) }));
  await cloud.cloud().settled();
  await cfn.send(new UpdateStackCommand({ StackName: "s", TemplateBody: body({ Two: queue }) }));
  const { status, reason } = await outcome(cloud, "s");
  expect(status).toBe("UPDATE_ROLLBACK_COMPLETE");
  expect(reason).toMatch(
    /Resource of type 'AWS::SQS::Queue' with identifier '.*\/q' already exists.*AlreadyExists/,
  );
  await cloud.client(SQSClient, account).send(new GetQueueUrlCommand({ QueueName: "q" }));
});

it("rejects the replacement of a recorded resource under its own name", async () => {
  await using cloud = await quick();
  const cfn = cloud.client(CloudFormationClient, account);
  const table = (AttributeName: string) => ({
    R: {
      Type: "AWS::DynamoDB::Table",
      Properties: {
        TableName: "t",
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [{ AttributeName, AttributeType: "S" }],
        KeySchema: [{ AttributeName, KeyType: "HASH" }],
      },
    },
  });
  await cfn.send(new CreateStackCommand({ StackName: "s", TemplateBody: body(table("a")) }));
  await cloud.cloud().settled();
  await cfn.send(new UpdateStackCommand({ StackName: "s", TemplateBody: body(table("b")) }));
  expect((await outcome(cloud, "s")).reason).toContain(
    "CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename t ",
  );
});

it("masks the values of NoEcho parameters in events and change sets", async () => {
  await using cloud = await quick();
  const cfn = cloud.client(CloudFormationClient, account);
  const Parameters = { Word: { Type: "String", NoEcho: true, Default: "s3cret" } };
  const parameter = (Description: string) => ({
    P: {
      Type: "AWS::SSM::Parameter",
      Properties: { Type: "String", Value: { "Fn::Sub": "a ${Word}" }, Description },
    },
  });
  const first = body(parameter("one"), { Parameters });
  await cfn.send(new CreateStackCommand({ StackName: "s", TemplateBody: first }));
  const { status, events } = await outcome(cloud, "s");
  expect(status).toBe("CREATE_COMPLETE");
  expect(events).toContain("a ****");
  expect(events).not.toContain("s3cret");
  const set = { StackName: "s", ChangeSetName: "c" };
  const other = { Word: { ...Parameters.Word, Default: "t0psecret" } };
  const TemplateBody = body(parameter("two"), { Parameters: other });
  await cfn.send(new CreateChangeSetCommand({ ...set, TemplateBody }));
  await cloud.cloud().settled();
  const shown = await cfn.send(new DescribeChangeSetCommand({ ...set, IncludePropertyValues: true }));
  const changed = (shown.Changes ?? []).flatMap((change) => change.ResourceChange?.Details ?? []);
  expect(changed.map((detail) => detail.Target?.Name)).toContain("Value");
  expect(JSON.stringify(shown.Changes)).not.toMatch(/s3cret|t0psecret/);
});

it("repeats a handler that is throttled", async () => {
  await using cloud = await quick();
  const cfn = cloud.client(CloudFormationClient, account);
  cloud.cloud().faults.add({
    service: "sqs",
    operation: "CreateQueue",
    error: new AwsError("ThrottlingException", "Rate exceeded"),
    count: 3,
    when: "after",
  });
  await cfn.send(
    new CreateStackCommand({ StackName: "s", TemplateBody: body({ Q: { Type: "AWS::SQS::Queue" } }) }),
  );
  expect((await outcome(cloud, "s")).status).toBe("CREATE_COMPLETE");
});
