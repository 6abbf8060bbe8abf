/** Tests types without behaviour: they ask IAM as AWS's handlers do, and say that they are only recorded. */

import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
} from "@aws-sdk/client-cloudformation";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { describe, expect, it } from "vitest";
import { extractHandlers } from "#cloud/resource-types/extract-handlers.ts";
import { handlerAccess } from "#cloud/resource-types/handler-access.ts";
import { handlersFile } from "#cloud/resource-types/handlers.ts";
import { testCloud } from "#cloud/testing/cloud.ts";

const account = "111111111111";
const region = "us-east-1";

const types = {
  Machine: { Type: "AWS::EC2::Instance", Properties: { ImageId: "ami-12345678" } },
  Database: { Type: "AWS::RDS::DBInstance", Properties: { Engine: "postgres" } },
  Guardrail: {
    Type: "AWS::Organizations::Policy",
    Properties: { Name: "x", Type: "SERVICE_CONTROL_POLICY", Content: {} },
  },
  Set: {
    Type: "AWS::CloudFormation::StackSet",
    Properties: { StackSetName: "x", PermissionModel: "SELF_MANAGED" },
  },
};

describe("a recorded resource type", () => {
  it("is denied to a role that may not call AWS's handler, and says that it is only recorded", async () => {
    await using cloud = await testCloud({ pace: { resource: 1 } });
    const cfn = cloud.client(CloudFormationClient, account);
    const iam = cloud.client(IAMClient, account);
    const statement = { Effect: "Allow", Principal: { Service: "cloudformation.amazonaws.com" } };
    await iam.send(
      new CreateRoleCommand({
        RoleName: "maker",
        AssumeRolePolicyDocument: JSON.stringify({
          Version: "2012-10-17",
          Statement: [{ ...statement, Action: "sts:AssumeRole" }],
        }),
      }),
    );
    const make = async (StackName: string): Promise<Readonly<Record<string, string | undefined>>> => {
      const RoleARN = `arn:aws:iam::${account}:role/maker`;
      const TemplateBody = JSON.stringify({ Resources: types });
      await cfn.send(new CreateStackCommand({ StackName, TemplateBody, RoleARN, OnFailure: "DO_NOTHING" }));
      await cloud.cloud().settled();
      const { StackEvents = [] } = await cfn.send(new DescribeStackEventsCommand({ StackName }));
      return Object.fromEntries(
        StackEvents.filter((event) => /CREATE_(COMPLETE|FAILED)/.test(event.ResourceStatus ?? "")).map(
          (event) => [event.LogicalResourceId, event.ResourceStatusReason],
        ),
      );
    };
    const denied = (action: string): RegExp =>
      new RegExp(`role/maker/AWSCloudFormation is not authorized to perform: ${action}.*AccessDenied`);
    expect(await make("denied")).toMatchObject({
      Machine: expect.stringMatching(denied("ec2:RunInstances")),
      Database: expect.stringMatching(denied("rds:CreateDBInstance")),
      Guardrail: expect.stringMatching(denied("organizations:CreatePolicy")),
      Set: expect.stringMatching(denied("cloudformation:CreateStackSet")),
    });
    const Action = ["ec2:*", "rds:*", "organizations:*", "cloudformation:*"];
    const PolicyDocument = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action, Resource: "*" }],
    });
    await iam.send(new PutRolePolicyCommand({ RoleName: "maker", PolicyName: "p", PolicyDocument }));
    const recorded = (type: string): string =>
      `Recorded only: the embedded cloud has no behaviour for ${type}.`;
    expect(await make("allowed")).toMatchObject({
      Machine: recorded("AWS::EC2::Instance"),
      Database: recorded("AWS::RDS::DBInstance"),
      Guardrail: recorded("AWS::Organizations::Policy"),
      Set: recorded("AWS::CloudFormation::StackSet"),
    });
  });
});

describe("an address of a recorded resource", () => {
  it("has AWS's form, so a template can take it apart", async () => {
    await using cloud = await testCloud({ pace: { resource: 1 } });
    const cfn = cloud.client(CloudFormationClient, account);
    const api = (ProtocolType: string) => ({
      Type: "AWS::ApiGatewayV2::Api",
      Properties: { Name: "x", ProtocolType },
    });
    const Resources = {
      Http: api("HTTP"),
      Socket: api("WEBSOCKET"),
      Images: { Type: "AWS::ECR::Repository", Properties: { RepositoryName: "images" } },
    };
    const value = (...names: string[]) => ({ Value: { "Fn::GetAtt": names } });
    const Outputs = {
      Http: value("Http", "ApiEndpoint"),
      Socket: value("Socket", "ApiEndpoint"),
      Images: value("Images", "RepositoryUri"),
    };
    const TemplateBody = JSON.stringify({ Resources, Outputs });
    await cfn.send(new CreateStackCommand({ StackName: "apis", TemplateBody }));
    await cloud.cloud().settled();
    const { Stacks: [stack] = [] } = await cfn.send(new DescribeStacksCommand({ StackName: "apis" }));
    expect(
      Object.fromEntries(stack?.Outputs?.map((output) => [output.OutputKey, output.OutputValue]) ?? []),
    ).toEqual({
      Http: expect.stringMatching(/^https:\/\/[a-f0-9]{10}\.execute-api\.us-east-1\.amazonaws\.com$/),
      Socket: expect.stringMatching(/^wss:\/\/[a-f0-9]{10}\.execute-api\.us-east-1\.amazonaws\.com$/),
      Images: "111111111111.dkr.ecr.us-east-1.amazonaws.com/images",
    });
  });
});

describe("a handler", () => {
  it("has the calls that follow from the installed lists of types and actions", async () => {
    expect(gunzipSync(readFileSync(handlersFile)).toString() === (await extractHandlers(undefined))).toBe(
      true,
    );
  });

  const asked = (
    type: string,
    physicalId: string,
    properties = {},
    operation: "create" | "delete" = "create",
  ) =>
    handlerAccess(operation, { type, physicalId, properties, account, region, tags: [] }).map(
      ({ action, resource }) => `${action} ${resource}`,
    );

  it.each<[string, readonly string[], readonly string[]]>([
    [
      "the table's ARN",
      asked("AWS::DynamoDB::Table", "t", { KeySchema: [] }),
      ["CreateTable", "DescribeTable"].map(
        (action) => `dynamodb:${action} arn:aws:dynamodb:us-east-1:111111111111:table/t`,
      ),
    ],
    [
      "the collection of an API's stages",
      asked("AWS::ApiGatewayV2::Stage", "$default", { ApiId: "abc" }),
      ["POST", "TagResource"].map(
        (action) => `apigateway:${action} arn:aws:apigateway:us-east-1::/apis/abc/stages`,
      ),
    ],
    [
      "the role that it passes",
      asked("AWS::StepFunctions::StateMachine", "arn:aws:states:us-east-1:111111111111:stateMachine:s", {
        RoleArn: "arn:aws:iam::111111111111:role/r",
      }).slice(-1),
      ["iam:PassRole arn:aws:iam::111111111111:role/r"],
    ],
    [
      "an instance by its id",
      asked("AWS::EC2::Instance", "i-1", {}, "delete"),
      ["ec2:TerminateInstances arn:aws:ec2:us-east-1:111111111111:instance/i-1"],
    ],
  ])("has %s", (_, requests, expected) => {
    expect(requests).toEqual(expected);
  });
});
