/**
 * Tests a Terraform configuration: it is planned in each account, approved with its plan, applied as planned,
 * and destroyed.
 */
import { CloudFormationClient, ListStacksCommand } from "@aws-sdk/client-cloudformation";
import { CodeBuildClient, ListProjectsCommand } from "@aws-sdk/client-codebuild";
import { CodePipelineClient, ListActionExecutionsCommand } from "@aws-sdk/client-codepipeline";
import { IAMClient, ListRolesCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand, GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { expect, test } from "vitest";
import type { Line } from "#release/names/key.ts";
import { pipelineName } from "#release/names/names.ts";
import { stackName } from "#release/names/stack-names.ts";
import { estate, shopLine } from "#test/support/estate.ts";
import { example } from "#test/support/example.ts";

const environments = ["dev", "qa", "prod"] as const;

/** Creates the state bucket and its parameter in each account, as the platform team does. */
async function stateBuckets(line: Line): Promise<void> {
  const shop = estate();
  for (const environment of environments) {
    const account = shop.accountOf(line, environment);
    const Bucket = `terraform-state-${account}`;
    await shop.clients(S3Client, account).send(new CreateBucketCommand({ Bucket }));
    const Name = "/kedge/terraform/state-bucket";
    await shop
      .clients(SSMClient, account)
      .send(new PutParameterCommand({ Name, Value: Bucket, Type: "String", Overwrite: true }));
  }
}

async function stateOf(line: Line, environment: string, Key: string): Promise<readonly string[]> {
  const shop = estate();
  const account = shop.accountOf(line, environment);
  const { Body } = await shop
    .clients(S3Client, account)
    .send(new GetObjectCommand({ Bucket: `terraform-state-${account}`, Key }));
  const { resources } = JSON.parse((await Body?.transformToString()) ?? "") as {
    resources: { address: string }[];
  };
  return resources.map(({ address }) => address).sort();
}

/** The stacks, projects and roles of the line in an account, in any state. */
async function leftIn(line: Line, environment: string): Promise<readonly string[]> {
  const shop = estate();
  const account = shop.accountOf(line, environment);
  const name = stackName(environment, line);
  const { StackSummaries = [] } = await shop
    .clients(CloudFormationClient, account)
    .send(new ListStacksCommand({}));
  const { projects = [] } = await shop.clients(CodeBuildClient, account).send(new ListProjectsCommand({}));
  const { Roles = [] } = await shop.clients(IAMClient, account).send(new ListRolesCommand({}));
  return [
    ...StackSummaries.flatMap(({ StackName = "", StackStatus }) =>
      StackStatus === "DELETE_COMPLETE" ? [] : [StackName],
    ),
    ...projects,
    ...Roles.map(({ RoleName = "" }) => RoleName),
  ].filter((each) => each.startsWith(name));
}

const all = [
  "aws_s3_bucket.uploads",
  "aws_s3_bucket_lifecycle_configuration.uploads",
  "aws_s3_bucket_notification.uploads",
  "aws_s3_bucket_public_access_block.uploads",
  "aws_sqs_queue_policy.arrivals",
  "module.arrivals.aws_sqs_queue.dead",
  "module.arrivals.aws_sqs_queue.this",
];

test("a Terraform configuration is approved with its plan, applied as planned, and destroyed by a tombstone", async () => {
  const shop = estate();
  const line = shopLine("journey-terraform");
  await stateBuckets(line);

  const version = await shop.upload(line, await example("uploads-terraform"));
  const waiting = await shop.result(line, version, "waiting-for-approval");
  expect(waiting.template?.name).toBe("terraform");
  const { actionExecutionDetails = [] } = await shop
    .clients(CodePipelineClient, line.account)
    .send(new ListActionExecutionsCommand({ pipelineName: pipelineName(line) }));
  const asked = actionExecutionDetails.find(
    ({ stageName, actionName }) => stageName === "prod" && actionName === "Approve",
  );
  const message = asked?.input?.resolvedConfiguration?.["CustomData"];
  expect(message).toContain("Plan: 7 to add, 0 to change, 0 to destroy.");
  expect(message).toMatch(/https:\/\/us-east-1\.console\.aws\.amazon\.com\/codesuite\/codebuild\//);
  expect(message).toContain("To add: aws_s3_bucket.uploads, ");
  expect(await leftIn(line, "prod")).toEqual([]);

  await shop.decide(line, "Approved", "seven resources, as expected");
  await shop.result(line, version, "released");
  const { StateKey = "" } = await shop.outputs(line, "prod");
  expect(await stateOf(line, "prod", StateKey)).toEqual(all);

  const tombstone = await shop.upload(line, new Uint8Array());
  await shop.result(line, tombstone, "torn-down");
  expect(await shop.stacksLeft(line)).toEqual([]);
  for (const environment of environments) {
    const key = StateKey.replace("prod.tfstate", `${environment}.tfstate`);
    expect(await stateOf(line, environment, key)).toEqual([]);
  }
});

test("a Terraform configuration that the approver refuses leaves nothing in the account", async () => {
  const shop = estate();
  const line = shopLine("journey-terraform-refused");
  await stateBuckets(line);
  const version = await shop.upload(line, await example("uploads-terraform"));
  await shop.result(line, version, "waiting-for-approval");
  await shop.decide(line, "Rejected", "no");
  await shop.result(line, version, "failed");
  expect(await leftIn(line, "prod")).toEqual([]);
  expect(await leftIn(line, "qa")).not.toEqual([]);
});
