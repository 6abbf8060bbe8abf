/** Tests the stack that updates the code of an existing function. The custom resource runs in the embedded cloud. */
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  type Stack,
} from "@aws-sdk/client-cloudformation";
import { CreatePolicyCommand, IAMClient } from "@aws-sdk/client-iam";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { testCloud } from "@kedge/local-cloud/testing/cloud";
import { expect, it } from "vitest";
import type { TemplateDocument } from "#release/document/template-document.ts";
import { existingStack } from "#templates/lambda-function/existing-stack.ts";
import { zipOf } from "#test/support/artifact.ts";
import { until } from "#test/support/estate.ts";

const account = "111111111111";
const handler = (answer: string) => `exports.handler = async () => "${answer}";`;

/** What was there before: a function made by other means. */
const before: TemplateDocument = {
  Resources: {
    Role: {
      Type: "AWS::IAM::Role",
      Properties: {
        AssumeRolePolicyDocument: {
          Statement: [
            { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
          ],
        },
      },
    },
    Billing: {
      Type: "AWS::Lambda::Function",
      Properties: {
        FunctionName: "billing",
        Runtime: "nodejs24.x",
        Handler: "index.handler",
        Role: { "Fn::GetAtt": ["Role", "Arn"] },
        Code: { ZipFile: handler("old") },
      },
    },
  },
};

it("gives an existing function the code as a new version, and keeps it after the stack's deletion", async () => {
  await using cloud = await testCloud({ pace: { resource: 1, poll: 5 } });
  const s3 = cloud.client(S3Client, account);
  await s3.send(new CreateBucketCommand({ Bucket: "cache" }));
  const Body = await zipOf({ "index.js": handler("new") });
  await s3.send(new PutObjectCommand({ Bucket: "cache", Key: "parts/new.zip", Body }));
  const PolicyDocument = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
  });
  await cloud
    .client(IAMClient, account)
    .send(new CreatePolicyCommand({ PolicyName: "kedge-app-boundary", PolicyDocument }));
  const stacks = cloud.client(CloudFormationClient, account);
  const ended = (StackName: string): Promise<Partial<Stack>> =>
    until<Partial<Stack>>(`the end of ${StackName}`, async () => {
      const found = await stacks.send(new DescribeStacksCommand({ StackName })).catch(() => undefined);
      const stack = found?.Stacks?.[0];
      return stack?.StackStatus?.endsWith("IN_PROGRESS") ? undefined : (stack ?? {});
    });
  const create = async (StackName: string, document: TemplateDocument) => {
    const TemplateBody = JSON.stringify(document);
    await stacks.send(new CreateStackCommand({ StackName, TemplateBody, Capabilities: ["CAPABILITY_IAM"] }));
    return ended(StackName);
  };
  await create("before", before);
  const name = "kedge-app-prod-billing";
  const stack = await create(name, existingStack("billing", { S3Bucket: "cache", S3Key: "parts/new.zip" }));
  expect(stack.StackStatus).toBe("CREATE_COMPLETE");
  const Qualifier = stack.Outputs?.find(({ OutputKey }) => OutputKey === "Version")?.OutputValue;
  expect(Qualifier).toBe("1");

  await stacks.send(new DeleteStackCommand({ StackName: name }));
  await ended(name);
  const { Payload } = await cloud
    .client(LambdaClient, account)
    .send(new InvokeCommand({ FunctionName: "billing", Qualifier }));
  expect(JSON.parse(Buffer.from(Payload ?? []).toString())).toBe("new");
});
