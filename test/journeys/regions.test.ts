/**
 * Tests an environment in two regions: one stage, each region's stacks from its own cache, and nothing left
 * in either region.
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CloudFormationClient,
  DescribeStacksCommand,
  ListStacksCommand,
  StackStatus,
} from "@aws-sdk/client-cloudformation";
import { CodePipelineClient, GetPipelineCommand } from "@aws-sdk/client-codepipeline";
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { ListObjectVersionsCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetParametersByPathCommand, SSMClient } from "@aws-sdk/client-ssm";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type BootedEstate, bootEstate } from "#local-estate/boot.ts";
import { createClients } from "#local-estate/clients.ts";
import { deployStack } from "#local-estate/deploy-stack.ts";
import { cacheBucket, eventBus } from "#release/names/deployed-names.ts";
import type { Line } from "#release/names/key.ts";
import { artifactFolder, ledgerPath, lineCode, pipelineName } from "#release/names/names.ts";
import { stackName } from "#release/names/stack-names.ts";
import { zipOf } from "#test/support/artifact.ts";
import { runBundles } from "#test/support/bundles.ts";
import { enter, until } from "#test/support/estate.ts";

const target = "444444444444";
const estateText = `
region: us-east-1
central: "101010101010"
organization: o-kedgelocal1
allowTombstone: [main]
anchors:
  shop:
    account: "111111111111"
    environments:
      - { name: preview, account: "222222222222", order: 1, branches: ["try/*"], region: eu-west-1 }
      - name: prod
        account: "${target}"
        order: 2
        branches: [main]
        regions: [us-east-1, eu-west-1]
        handlers: { functions: [kedge-handler-ledger-migrations] }
        parameters: { Greeting: hello }
        regionParameters: { eu-west-1: { Greeting: bonjour } }
`;

const nested = JSON.stringify({
  Resources: {
    Role: {
      Type: "AWS::IAM::Role",
      Properties: {
        PermissionsBoundary: {
          "Fn::Sub": "arn:aws:iam::$" + "{AWS::AccountId}:policy/kedge-app-boundary",
        },
        AssumeRolePolicyDocument: {
          Version: "2012-10-17",
          Statement: [
            { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
          ],
        },
      },
    },
    Hello: {
      Type: "AWS::Lambda::Function",
      Properties: {
        Runtime: "nodejs22.x",
        Handler: "index.handler",
        Role: { "Fn::GetAtt": ["Role", "Arn"] },
        Code: "src",
        Environment: { Variables: { GREETING: { Ref: "Greeting" } } },
      },
    },
  },
  Parameters: { Greeting: { Type: "String" } },
  Outputs: { Name: { Value: { Ref: "Hello" } } },
});
const root = JSON.stringify({
  Parameters: { Greeting: { Type: "String" } },
  Resources: {
    Inner: {
      Type: "AWS::CloudFormation::Stack",
      Properties: { TemplateURL: "nested.json", Parameters: { Greeting: { Ref: "Greeting" } } },
    },
  },
  Outputs: { Name: { Value: { "Fn::GetAtt": ["Inner", "Outputs.Name"] } } },
});
const code =
  "exports.handler = async () => ({ greeting: process.env.GREETING, region: process.env.AWS_REGION });";

const regions = [
  ["us-east-1", "prod", "hello"],
  ["eu-west-1", "prod-eu-west-1", "bonjour"],
] as const;

type StackChange = {
  readonly account: string;
  readonly region: string;
  readonly detail: { readonly "stack-id": string; readonly "status-details": { readonly status: string } };
};

/**
 * Adds a queue to the anchor's bus, with the events of the other region. The returned function receives the
 * newest events.
 */
async function listen(
  clients: ReturnType<typeof createClients>,
  account: string,
): Promise<() => Promise<readonly StackChange[]>> {
  const [events, sqs] = [clients(EventBridgeClient, account), clients(SQSClient, account)];
  const [queue, rule] = [`arn:aws:sqs:us-east-1:${account}:heard`, "heard"];
  const fromRule = { StringEquals: { "aws:SourceAccount": account } };
  const Statement = [
    {
      Effect: "Allow",
      Principal: { Service: "events.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: queue,
      Condition: fromRule,
    },
  ];
  const { QueueUrl } = await sqs.send(
    new CreateQueueCommand({
      QueueName: "heard",
      Attributes: { Policy: JSON.stringify({ Version: "2012-10-17", Statement }) },
    }),
  );
  const EventPattern = JSON.stringify({ region: ["eu-west-1"] });
  await events.send(new PutRuleCommand({ Name: rule, EventBusName: eventBus, EventPattern }));
  await events.send(
    new PutTargetsCommand({ Rule: rule, EventBusName: eventBus, Targets: [{ Id: "queue", Arn: queue }] }),
  );
  return async () => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
    );
    return Messages.map(({ Body = "" }) => JSON.parse(Body) as StackChange);
  };
}

const alive = Object.values(StackStatus).filter((status) => status !== "DELETE_COMPLETE");

let booted: BootedEstate;
beforeAll(async () => {
  const work = await mkdtemp(join(tmpdir(), "kedge-regions-"));
  const estateFile = join(work, "estate.yml");
  await writeFile(estateFile, estateText);
  booted = await bootEstate({ port: 0, estateFile, bundles: await runBundles(inject("runFolder")) });
  await rm(work, { recursive: true });
});
afterAll(() => booted[Symbol.asyncDispose]());

const lineOf = (app: string): Line => ({ account: "111111111111", app, branch: "main" });

test("an environment in two regions is released in one stage, and leaves nothing in either region", async () => {
  const shop = enter(booted);
  const line = lineOf("greeter");
  const inRegion = (region: string) => createClients(shop.endpoint, region);

  const version = await shop.upload(
    line,
    await zipOf({ "template.json": root, "nested.json": nested, "src/index.js": code }),
  );
  const released = await shop.result(line, version, "released");
  expect(released.stages.map(({ name }) => name)).toEqual(["Source", "Package", "prod"]);
  expect(released.stages.at(-1)?.actions.map(({ name }) => name)).toContain("Execute.prod-eu-west-1");

  const { pipeline } = await shop
    .clients(CodePipelineClient, line.account)
    .send(new GetPipelineCommand({ name: pipelineName(line) }));
  expect(Object.keys(pipeline?.artifactStores ?? {}).sort()).toEqual(["eu-west-1", "us-east-1"]);

  for (const [region, environment, greeting] of regions) {
    const clients = inRegion(region);
    const { Stacks } = await clients(CloudFormationClient, target).send(
      new DescribeStacksCommand({ StackName: stackName(environment, line) }),
    );
    const FunctionName = Stacks?.[0]?.Outputs?.find(({ OutputKey }) => OutputKey === "Name")?.OutputValue;
    const answer = await clients(LambdaClient, target).send(new InvokeCommand({ FunctionName }));
    expect(JSON.parse(Buffer.from(answer.Payload ?? []).toString())).toEqual({ greeting, region });
  }

  const tombstone = await shop.upload(line, new Uint8Array());
  await shop.result(line, tombstone, "torn-down");
  for (const [region] of regions) {
    const clients = inRegion(region);
    const { StackSummaries = [] } = await clients(CloudFormationClient, target).send(
      new ListStacksCommand({ StackStatusFilter: alive }),
    );
    expect(StackSummaries.filter(({ StackName }) => StackName?.includes(lineCode(line)))).toEqual([]);
    const left = await clients(S3Client, line.account).send(
      new ListObjectVersionsCommand({
        Bucket: cacheBucket(line.account, region),
        Prefix: `${artifactFolder(pipelineName(line))}/`,
      }),
    );
    expect(left.Versions ?? []).toEqual([]);
  }
});

test("the anchor's bus receives the events of a stack in another region", async () => {
  const shop = enter(booted);
  const line = { ...lineOf("visitor"), branch: "try/abroad" };
  const heard = await listen(shop.clients, line.account);
  const template = JSON.stringify({ Resources: { Topic: { Type: "AWS::SNS::Topic" } } });
  const version = await shop.upload(line, await zipOf({ "template.json": template }));
  await shop.result(line, version, "released");
  const tombstone = await shop.upload(line, new Uint8Array());
  await shop.result(line, tombstone, "torn-down");
  const said = await until("the stack's deletion on the anchor's bus", async () =>
    (await heard()).find(({ detail }) => detail["status-details"].status === "DELETE_COMPLETE"),
  );
  expect(said).toMatchObject({ account: "222222222222", region: "eu-west-1" });
  expect(said.detail["stack-id"]).toContain(`:stack/${stackName("preview", line)}/`);
});

test("the database of each region has its migrations, and records of its own", async () => {
  const shop = enter(booted);
  const line = lineOf("ledger");
  const handler = await readFile("examples/ledger-migrations.yaml", "utf8");
  for (const [region] of regions)
    await deployStack(createClients(shop.endpoint, region)(CloudFormationClient, target), {
      ...{ name: "ledger-migrations", body: handler, parameters: {} },
    });

  const version = await shop.upload(
    line,
    await zipOf({
      ".traits/deployment.yml": "migrations: { function: kedge-handler-ledger-migrations }\n",
      "migrations/V1__create_entries.sql": "create table entries (id bigint primary key);\n",
    }),
  );
  await shop.result(line, version, "released");
  for (const [region, environment] of regions) {
    const Path = ledgerPath(environment, line);
    const { Parameters = [] } = await createClients(shop.endpoint, region)(SSMClient, target).send(
      new GetParametersByPathCommand({ Path }),
    );
    expect(Parameters.map(({ Name }) => Name)).toEqual([`${Path}/1`]);
  }

  const tombstone = await shop.upload(line, new Uint8Array());
  await shop.result(line, tombstone, "torn-down");
});
