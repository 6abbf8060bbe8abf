/**
 * Tests what an application may do to another application of its account, and to itself. Both are released; their roles may
 * do everything that the boundary allows. The rows have the verdicts of docs/access.md.
 */
import {
  CloudFormationClient,
  DescribeStacksCommand,
  UpdateStackCommand,
} from "@aws-sdk/client-cloudformation";
import { DescribeRuleCommand, DisableRuleCommand, EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { IAMClient, PutRolePolicyCommand, TagRoleCommand } from "@aws-sdk/client-iam";
import { GetFunctionCommand, InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { PutBucketPolicyCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
  TagResourceCommand,
} from "@aws-sdk/client-secrets-manager";
import { PurgeQueueCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import {
  DeleteParameterCommand,
  GetParameterCommand,
  PutParameterCommand,
  SSMClient,
} from "@aws-sdk/client-ssm";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { beforeAll, describe, expect, test } from "vitest";
import { roles } from "#release/names/deployed-names.ts";
import { tags } from "#release/names/tags.ts";
import { zipOf } from "#test/support/artifact.ts";
import { estate, shopLine, type TestEstate } from "#test/support/estate.ts";

const target = "222222222222";
const denied = { name: expect.stringContaining("AccessDenied") };

const statement = (rest: object) => ({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...rest }] });
const root = { "Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root" };
const template = JSON.stringify({
  Resources: {
    Role: {
      Type: "AWS::IAM::Role",
      Properties: {
        AssumeRolePolicyDocument: {
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Principal: { AWS: root, Service: "lambda.amazonaws.com" },
              Action: "sts:AssumeRole",
            },
          ],
        },
        Policies: [{ PolicyName: "all", PolicyDocument: statement({ Action: "*", Resource: "*" }) }],
      },
    },
    Function: {
      Type: "AWS::Lambda::Function",
      Properties: {
        ...{ Runtime: "nodejs24.x", Handler: "index.handler", Role: { "Fn::GetAtt": ["Role", "Arn"] } },
        Code: { ZipFile: "exports.handler = async () => 1;" },
      },
    },
    Queue: { Type: "AWS::SQS::Queue" },
    Bucket: { Type: "AWS::S3::Bucket" },
    Rule: { Type: "AWS::Events::Rule", Properties: { EventPattern: { source: ["x"] } } },
    Parameter: { Type: "AWS::SSM::Parameter", Properties: { Type: "String", Value: "x" } },
    Secret: { Type: "AWS::SecretsManager::Secret", Properties: { SecretString: "x" } },
  },
  Outputs: {
    ...Object.fromEntries(
      ["Role", "Function", "Queue", "Bucket", "Rule", "Parameter", "Secret"].map((id) => [
        id,
        { Value: { Ref: id } },
      ]),
    ),
    Stack: { Value: { Ref: "AWS::StackName" } },
  },
});

type Application = Readonly<Record<string, string>>;

let shop: TestEstate;
let own: Application;
let other: Application;
beforeAll(async () => {
  shop = estate();
  const zip = await zipOf({ "template.json": template });
  const released = async (app: string): Promise<Application> => {
    const line = shopLine(app, "feature/x");
    await shop.result(line, await shop.upload(line, zip), "released");
    return shop.outputs(line, "dev");
  };
  [own, other] = await Promise.all([released("journey-apart-one"), released("journey-apart-two")]);
});

/** A client with the first application's role. */
const as = <Client>(Client: Parameters<TestEstate["as"]>[0]): Promise<Client> =>
  shop.as(Client, target, own["Role"] ?? "") as Promise<Client>;

type Call = (at: Application) => Promise<unknown>;

const policyFor = (bucket = ""): string =>
  JSON.stringify(
    statement({
      Principal: { AWS: `arn:aws:iam::${target}:root` },
      Action: "s3:GetObject",
      Resource: `arn:aws:s3:::${bucket}/*`,
    }),
  );

const ofTheOwner: Readonly<Record<string, Call>> = {
  "lambda: reads a function's code": async ({ Function: FunctionName }) =>
    (await as<LambdaClient>(LambdaClient)).send(new GetFunctionCommand({ FunctionName })),
  "sqs: purges a queue": async ({ Queue: QueueUrl }) =>
    (await as<SQSClient>(SQSClient)).send(new PurgeQueueCommand({ QueueUrl })),
  "events: disables a rule": async ({ Rule: Name }) =>
    (await as<EventBridgeClient>(EventBridgeClient)).send(new DisableRuleCommand({ Name })),
  "secretsmanager: reads a secret": async ({ Secret: SecretId }) =>
    (await as<SecretsManagerClient>(SecretsManagerClient)).send(new GetSecretValueCommand({ SecretId })),
  "iam: gives a role rights": async ({ Role: RoleName }) =>
    (await as<IAMClient>(IAMClient)).send(
      new PutRolePolicyCommand({
        RoleName,
        PolicyName: "more",
        PolicyDocument: JSON.stringify(statement({ Action: "*", Resource: "*" })),
      }),
    ),
  "sts: assumes a role": async ({ Role: name }) =>
    (await as<STSClient>(STSClient)).send(
      new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${target}:role/${name}`, RoleSessionName: "session" }),
    ),
  "cloudformation: reads a stack": async ({ Stack: StackName }) =>
    (await as<CloudFormationClient>(CloudFormationClient)).send(new DescribeStacksCommand({ StackName })),
};

const shared: Readonly<Record<string, Call>> = {
  "lambda: invokes a function": async ({ Function: FunctionName }) =>
    (await as<LambdaClient>(LambdaClient)).send(new InvokeCommand({ FunctionName, InvocationType: "Event" })),
  "sqs: sends a message": async ({ Queue: QueueUrl }) =>
    (await as<SQSClient>(SQSClient)).send(new SendMessageCommand({ QueueUrl, MessageBody: "x" })),
  "ssm: reads a parameter": async ({ Parameter: Name }) =>
    (await as<SSMClient>(SSMClient)).send(new GetParameterCommand({ Name })),
  "s3: writes an object": async ({ Bucket }) =>
    (await as<S3Client>(S3Client)).send(new PutObjectCommand({ Bucket, Key: "x", Body: "x" })),
  "s3: changes a bucket's policy": async ({ Bucket }) =>
    (await as<S3Client>(S3Client)).send(new PutBucketPolicyCommand({ Bucket, Policy: policyFor(Bucket) })),
};

const ofNoApplication: Readonly<Record<string, Call>> = {
  "cloudformation: updates a stack": async ({ Stack: StackName }) =>
    (await as<CloudFormationClient>(CloudFormationClient)).send(
      new UpdateStackCommand({
        StackName,
        TemplateBody: JSON.stringify({ Resources: { Queue: { Type: "AWS::SQS::Queue" } } }),
        RoleARN: `arn:aws:iam::${target}:role/${roles.cloudformation}`,
      }),
    ),
  "iam: gives a role the tag of another application": async ({ Role: RoleName }) =>
    (await as<IAMClient>(IAMClient)).send(
      new TagRoleCommand({ RoleName, Tags: [{ Key: tags.app, Value: "journey-apart-three" }] }),
    ),
};

describe("an application of an account", () => {
  test.each(Object.entries(ofTheOwner))("makes this call at its own resources only: %s", async (_, call) => {
    await expect(call(own)).resolves.toBeDefined();
    await expect(call(other)).rejects.toMatchObject(denied);
  });

  test.each(Object.entries(shared))("makes this call at the resources of others too: %s", async (_, call) => {
    await expect(call(other)).resolves.toBeDefined();
  });

  test.each(Object.entries(ofNoApplication))("makes this call nowhere: %s", async (_, call) => {
    await expect(call(own)).rejects.toMatchObject(denied);
    await expect(call(other)).rejects.toMatchObject(denied);
  });

  test("overwrites a parameter that has no tag of an application, and so belongs to none", async () => {
    const owner = shop.clients(SSMClient, target);
    const Name = "/journey-apart/untagged";
    await owner.send(new PutParameterCommand({ Name, Value: "before", Type: "String" }));
    const ssm = await as<SSMClient>(SSMClient);
    await ssm.send(new PutParameterCommand({ Name, Value: "after", Overwrite: true }));
    const { Parameter } = await owner.send(new GetParameterCommand({ Name }));
    expect(Parameter?.Value).toBe("after");
    const theirs = new PutParameterCommand({ Name: other["Parameter"], Value: "after", Overwrite: true });
    await expect(ssm.send(theirs)).rejects.toMatchObject(denied);
  });

  test("deletes no parameter of another application", async () => {
    const ssm = await as<SSMClient>(SSMClient);
    await expect(ssm.send(new DeleteParameterCommand({ Name: other["Parameter"] }))).rejects.toMatchObject(
      denied,
    );
  });

  test("sees no rule of another application", async () => {
    const events = await as<EventBridgeClient>(EventBridgeClient);
    await expect(events.send(new DescribeRuleCommand({ Name: other["Rule"] }))).rejects.toMatchObject(denied);
  });

  test("reads a secret that a person made only after the person gave it the application's tag", async () => {
    const owner = shop.clients(SecretsManagerClient, target);
    const { ARN: SecretId } = await owner.send(
      new CreateSecretCommand({ Name: "journey-apart", SecretString: "x" }),
    );
    const mine = { Key: tags.app, Value: "journey-apart-one" };
    const application = await as<SecretsManagerClient>(SecretsManagerClient);
    const read = () => application.send(new GetSecretValueCommand({ SecretId }));
    await expect(read()).rejects.toMatchObject(denied);
    const take = new TagResourceCommand({ SecretId, Tags: [mine] });
    await expect(application.send(take)).rejects.toMatchObject(denied);
    await owner.send(take);
    await expect(read()).resolves.toMatchObject({ SecretString: "x" });
  });
});
