import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
} from "@aws-sdk/client-cloudformation";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { expect, it } from "vitest";
import { type TestCloud, testCloud } from "#cloud/testing/cloud.ts";

const account = "111111111111";
const trusting = (Service: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service }, Action: "sts:AssumeRole" }],
  });

/** Polls, because a function that answers does so outside the cloud's own tasks. */
async function finished(cloud: TestCloud, StackName: string) {
  const cfn = cloud.client(CloudFormationClient, account);
  for (;;) {
    const { Stacks = [] } = await cfn.send(new DescribeStacksCommand({ StackName }));
    if (!Stacks[0]?.StackStatus?.endsWith("_IN_PROGRESS")) return Stacks[0];
  }
}

it("acts with the stack's role alone: what it may not do fails that resource with IAM's own sentence", async () => {
  await using cloud = await testCloud({ pace: { resource: 1 } });
  const cfn = cloud.client(CloudFormationClient, account);
  const iam = cloud.client(IAMClient, account);
  await iam.send(
    new CreateRoleCommand({
      RoleName: "maker",
      AssumeRolePolicyDocument: trusting("cloudformation.amazonaws.com"),
    }),
  );
  const TemplateBody = JSON.stringify({
    Resources: { Q: { Type: "AWS::SQS::Queue", Properties: { QueueName: "q" } } },
  });
  const RoleARN = `arn:aws:iam::${account}:role/maker`;
  await cfn.send(new CreateStackCommand({ StackName: "denied", TemplateBody, RoleARN }));
  expect((await finished(cloud, "denied"))?.StackStatus).toBe("ROLLBACK_COMPLETE");
  const { StackEvents = [] } = await cfn.send(new DescribeStackEventsCommand({ StackName: "denied" }));
  const failure = StackEvents.find((event) => event.ResourceStatus === "CREATE_FAILED")?.ResourceStatusReason;
  expect(failure).toMatch(
    /^Resource handler returned message: "User: arn:aws:sts::111111111111:assumed-role\/maker\/AWSCloudFormation is not authorized to perform: sqs:createqueue.*HandlerErrorCode: AccessDenied\)$/i,
  );
  const PolicyDocument = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "sqs:*", Resource: "*" }],
  });
  await iam.send(new PutRolePolicyCommand({ RoleName: "maker", PolicyName: "p", PolicyDocument }));
  await cfn.send(new CreateStackCommand({ StackName: "allowed", TemplateBody, RoleARN }));
  expect((await finished(cloud, "allowed"))?.StackStatus).toBe("CREATE_COMPLETE");
  await expect(
    cfn.send(
      new CreateStackCommand({
        StackName: "none",
        TemplateBody,
        RoleARN: `arn:aws:iam::${account}:role/nobody`,
      }),
    ),
  ).rejects.toThrow(`Role arn:aws:iam::${account}:role/nobody is invalid or cannot be assumed`);
});

it("lets a function make a custom resource, and asks it to delete", async () => {
  await using cloud = await testCloud({ pace: { resource: 1 } });
  const cfn = cloud.client(CloudFormationClient, account);
  const source = `exports.handler = async (event) => {
    const { StackId, RequestId, LogicalResourceId } = event;
    const answer = { Status: "SUCCESS", PhysicalResourceId: "made", StackId, RequestId, LogicalResourceId };
    const body = JSON.stringify({ ...answer, Data: { Answer: event.RequestType + event.ResourceProperties.N } });
    await fetch(event.ResponseURL, { method: "PUT", body });
  };`;
  const template = {
    Resources: {
      Role: {
        Type: "AWS::IAM::Role",
        Properties: { AssumeRolePolicyDocument: JSON.parse(trusting("lambda.amazonaws.com")) },
      },
      Make: {
        Type: "AWS::Lambda::Function",
        Properties: {
          Runtime: "nodejs22.x",
          Handler: "index.handler",
          Role: { "Fn::GetAtt": ["Role", "Arn"] },
          Code: { ZipFile: source },
        },
      },
      Thing: { Type: "Custom::Thing", Properties: { ServiceToken: { "Fn::GetAtt": ["Make", "Arn"] }, N: 5 } },
    },
    Outputs: { Answer: { Value: { "Fn::GetAtt": ["Thing", "Answer"] } }, Id: { Value: { Ref: "Thing" } } },
  };
  const { StackId = "" } = await cfn.send(
    new CreateStackCommand({
      StackName: "s",
      TemplateBody: JSON.stringify(template),
      Capabilities: ["CAPABILITY_IAM"],
    }),
  );
  const stack = await finished(cloud, "s");
  expect(stack?.StackStatus).toBe("CREATE_COMPLETE");
  expect(Object.fromEntries(stack?.Outputs?.map((one) => [one.OutputKey, one.OutputValue]) ?? [])).toEqual({
    Answer: "Create5",
    Id: "made",
  });
  await cfn.send(new DeleteStackCommand({ StackName: "s" }));
  expect((await finished(cloud, StackId))?.StackStatus).toBe("DELETE_COMPLETE");
});
