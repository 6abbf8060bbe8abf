import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from "@aws-sdk/client-cloudformation";
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import { testCloud } from "#cloud/testing/cloud.ts";

const account = "111111111111";

describe("a stack", () => {
  it("creates its resources in dependency order, updates them and removes them", async () => {
    await using cloud = await testCloud({ pace: { resource: 0 } });
    const cfn = cloud.client(CloudFormationClient, account);
    const sqs = cloud.client(SQSClient, account);
    const template = (timeout: number): string => `
AWSTemplateFormatVersion: 2010-09-09
Resources:
  Dead: { Type: AWS::SQS::Queue }
  Work:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: work
      VisibilityTimeout: ${timeout}
      RedrivePolicy: { deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 3 }
Outputs:
  Url: { Value: !Ref Work, Export: { Name: !Sub "\${AWS::StackName}-url" } }
`;
    const { StackId } = await cfn.send(
      new CreateStackCommand({ StackName: "one", TemplateBody: template(10) }),
    );
    await cloud.cloud().settled();
    const { Stacks } = await cfn.send(new DescribeStacksCommand({ StackName: "one" }));
    const { StackEvents } = await cfn.send(new DescribeStackEventsCommand({ StackName: "one" }));
    expect(
      StackEvents?.map(
        (e) => `${e.LogicalResourceId} ${e.ResourceStatus} ${e.ResourceStatusReason ?? ""}`,
      ).reverse(),
    ).toEqual([
      "one CREATE_IN_PROGRESS User Initiated",
      "Dead CREATE_IN_PROGRESS ",
      "Dead CREATE_IN_PROGRESS Resource creation Initiated",
      "Dead CREATE_COMPLETE ",
      "Work CREATE_IN_PROGRESS ",
      "Work CREATE_IN_PROGRESS Resource creation Initiated",
      "Work CREATE_COMPLETE ",
      "one CREATE_COMPLETE ",
    ]);
    expect(Stacks?.[0]).toMatchObject({
      StackId,
      StackStatus: "CREATE_COMPLETE",
      Outputs: [{ OutputKey: "Url", ExportName: "one-url" }],
    });
    await cfn.send(new UpdateStackCommand({ StackName: "one", TemplateBody: template(20) }));
    await cloud.cloud().settled();
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: "work" }));
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["VisibilityTimeout"] }),
    );
    expect(Attributes?.["VisibilityTimeout"]).toBe("20");
    await expect(
      cfn.send(new UpdateStackCommand({ StackName: "one", TemplateBody: template(20) })),
    ).rejects.toMatchObject({
      name: "ValidationError",
      message: "No updates are to be performed.",
    });
    await cfn.send(new DeleteStackCommand({ StackName: "one" }));
    await cloud.cloud().settled();
    await expect(cfn.send(new DescribeStacksCommand({ StackName: "one" }))).rejects.toThrow(
      "Stack with id one does not exist",
    );
    expect((await cfn.send(new DescribeStacksCommand({ StackName: StackId }))).Stacks?.[0]?.StackStatus).toBe(
      "DELETE_COMPLETE",
    );
    await expect(sqs.send(new GetQueueUrlCommand({ QueueName: "work" }))).rejects.toThrow();
  });
});
