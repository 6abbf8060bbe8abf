/** Tests resource types whose service this cloud has: the services show the resources. */
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
} from "@aws-sdk/client-cloudformation";
import {
  CloudWatchLogsClient,
  DescribeLogStreamsCommand,
  DescribeResourcePoliciesCommand,
  FilterLogEventsCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  GetRoleCommand,
  IAMClient,
  ListAccessKeysCommand,
  ListUserPoliciesCommand,
} from "@aws-sdk/client-iam";
import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, it } from "vitest";
import { testCloud } from "#cloud/testing/cloud.ts";

const account = "111111111111";
const allow = { Effect: "Allow", Action: "sqs:*", Resource: "*" };
const template = {
  Resources: {
    Q: { Type: "AWS::SQS::Queue" },
    P: {
      Type: "AWS::SQS::QueueInlinePolicy",
      Properties: {
        Queue: { Ref: "Q" },
        PolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [{ ...allow, Principal: "*" }] }),
      },
    },
    U: { Type: "AWS::IAM::User", Properties: { UserName: "u" } },
    UP: {
      Type: "AWS::IAM::UserPolicy",
      Properties: { UserName: { Ref: "U" }, PolicyName: "p", PolicyDocument: { Statement: [allow] } },
    },
    K: { Type: "AWS::IAM::AccessKey", Properties: { UserName: { Ref: "U" } } },
    L: { Type: "AWS::IAM::ServiceLinkedRole", Properties: { AWSServiceName: "ecs.amazonaws.com" } },
    G: { Type: "AWS::Logs::LogGroup", Properties: { LogGroupName: "/g" } },
    S: { Type: "AWS::Logs::LogStream", Properties: { LogGroupName: { Ref: "G" }, LogStreamName: "s" } },
    R: {
      Type: "AWS::Logs::ResourcePolicy",
      Properties: {
        PolicyName: "delivery",
        PolicyDocument: JSON.stringify({
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Principal: { Service: "es.amazonaws.com" },
              Action: "logs:PutLogEvents",
              Resource: "*",
            },
          ],
        }),
      },
    },
  },
  Outputs: {
    Queue: { Value: { Ref: "Q" } },
    Key: { Value: { Ref: "K" } },
    Secret: { Value: { "Fn::GetAtt": ["K", "SecretAccessKey"] } },
    Role: { Value: { Ref: "L" } },
  },
};

it("makes policies, keys, streams and service-linked roles in their services, and removes them", async () => {
  await using cloud = await testCloud({ pace: { resource: 1 } });
  const cfn = cloud.client(CloudFormationClient, account);
  const iam = cloud.client(IAMClient, account);
  const logs = cloud.client(CloudWatchLogsClient, account);
  const Capabilities = ["CAPABILITY_NAMED_IAM" as const];
  await cfn.send(
    new CreateStackCommand({ StackName: "s", TemplateBody: JSON.stringify(template), Capabilities }),
  );
  await cloud.cloud().settled();
  const { Stacks: [stack] = [] } = await cfn.send(new DescribeStacksCommand({ StackName: "s" }));
  expect(stack).toMatchObject({ StackStatus: "CREATE_COMPLETE" });
  const outputs = Object.fromEntries(
    (stack?.Outputs ?? []).map((one) => [one.OutputKey, one.OutputValue ?? ""]),
  );

  const { Attributes } = await cloud
    .client(SQSClient, account)
    .send(new GetQueueAttributesCommand({ QueueUrl: outputs["Queue"], AttributeNames: ["Policy"] }));
  expect(JSON.parse(Attributes?.["Policy"] ?? "{}")).toMatchObject({ Statement: [allow] });
  expect((await iam.send(new ListUserPoliciesCommand({ UserName: "u" }))).PolicyNames).toEqual(["p"]);
  const { AccessKeyMetadata = [] } = await iam.send(new ListAccessKeysCommand({ UserName: "u" }));
  expect(AccessKeyMetadata.map((key) => key.AccessKeyId)).toEqual([outputs["Key"]]);
  const credentials = { accessKeyId: outputs["Key"] ?? "", secretAccessKey: outputs["Secret"] ?? "" };
  const own = new STSClient({ region: "us-east-1", endpoint: cloud.endpoint, credentials });
  expect(await own.send(new GetCallerIdentityCommand({}))).toMatchObject({
    Arn: `arn:aws:iam::${account}:user/u`,
  });
  const { Role } = await iam.send(new GetRoleCommand({ RoleName: outputs["Role"] }));
  expect(Role?.RoleName).toBe("AWSServiceRoleForECS");
  const { logStreams = [] } = await logs.send(new DescribeLogStreamsCommand({ logGroupName: "/g" }));
  expect(logStreams.map((stream) => stream.logStreamName)).toEqual(["s"]);
  const { resourcePolicies = [] } = await logs.send(new DescribeResourcePoliciesCommand({}));
  expect(resourcePolicies.map((policy) => policy.policyName)).toEqual(["delivery"]);

  await cfn.send(new DeleteStackCommand({ StackName: "s" }));
  await cloud.cloud().settled();
  const { Stacks: [gone] = [] } = await cfn.send(new DescribeStacksCommand({ StackName: stack?.StackId }));
  expect(gone?.StackStatus).toBe("DELETE_COMPLETE");
});

it("sends log events of a subscription filter to its function, which must exist and allow it", async () => {
  await using cloud = await testCloud({ pace: { resource: 1 } });
  const cfn = cloud.client(CloudFormationClient, account);
  const logs = cloud.client(CloudWatchLogsClient, account);
  const source = `exports.handler = async ({ awslogs }) => {
    const text = require("node:zlib").gunzipSync(Buffer.from(awslogs.data, "base64")).toString();
    console.log("got " + JSON.parse(text).logEvents.map((one) => one.message));
  };`;
  const assumed = {
    Effect: "Allow",
    Principal: { Service: "lambda.amazonaws.com" },
    Action: "sts:AssumeRole",
  };
  const writes = { Effect: "Allow", Action: "logs:*", Resource: "*" };
  const role = {
    AssumeRolePolicyDocument: { Statement: [assumed] },
    Policies: [{ PolicyName: "logs", PolicyDocument: { Statement: [writes] } }],
  };
  const arn = { "Fn::GetAtt": ["F", "Arn"] };
  const resources = {
    G: { Type: "AWS::Logs::LogGroup", Properties: { LogGroupName: "/g" } },
    S: { Type: "AWS::Logs::LogStream", Properties: { LogGroupName: { Ref: "G" }, LogStreamName: "s" } },
    R: { Type: "AWS::IAM::Role", Properties: role },
    F: {
      Type: "AWS::Lambda::Function",
      Properties: {
        FunctionName: "reader",
        Runtime: "nodejs24.x",
        Handler: "index.handler",
        Role: { "Fn::GetAtt": ["R", "Arn"] },
        Code: { ZipFile: source },
      },
    },
    P: {
      Type: "AWS::Lambda::Permission",
      Properties: {
        FunctionName: arn,
        Action: "lambda:InvokeFunction",
        Principal: "logs.us-east-1.amazonaws.com",
      },
    },
    X: {
      Type: "AWS::Logs::SubscriptionFilter",
      DependsOn: "P",
      Properties: { LogGroupName: { Ref: "G" }, FilterPattern: "ERROR", DestinationArn: arn },
    },
  };
  const create = async (StackName: string, Resources: object) => {
    const Capabilities = ["CAPABILITY_NAMED_IAM" as const];
    const TemplateBody = JSON.stringify({ Resources });
    await cfn.send(new CreateStackCommand({ StackName, TemplateBody, Capabilities }));
    await cloud.cloud().settled();
    return (await cfn.send(new DescribeStacksCommand({ StackName }))).Stacks?.[0]?.StackStatus;
  };
  expect(await create("s", resources)).toBe("CREATE_COMPLETE");
  const logEvents = ["fine", "ERROR one"].map((message) => ({
    message,
    timestamp: cloud.clock.now().getTime(),
  }));
  await logs.send(new PutLogEventsCommand({ logGroupName: "/g", logStreamName: "s", logEvents }));
  await cloud.cloud().settled();
  const logGroupName = "/aws/lambda/reader";
  const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName, filterPattern: "got" }));
  expect(events[0]?.message).toContain("got ERROR one");
  const absent = `arn:aws:lambda:us-east-1:${account}:function:absent`;
  const { X: filter } = resources;
  const broken = {
    X: { Type: filter.Type, Properties: { LogGroupName: "/g", FilterPattern: "", DestinationArn: absent } },
  };
  expect(await create("broken", broken)).toBe("ROLLBACK_COMPLETE");
});
