/** Tests that an approval clears nested stacks, and that a swapped change set with other nested stacks is refused. */
import {
  CloudFormationClient,
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DescribeChangeSetCommand,
  ListChangeSetsCommand,
  ListStacksCommand,
} from "@aws-sdk/client-cloudformation";
import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { folders } from "#release/names/deployed-names.ts";
import type { Review } from "#release/review/review.ts";
import { zipOf } from "#test/support/artifact.ts";
import { bankLine, estate, until } from "#test/support/estate.ts";

const prod = "454545454545";
const resources = (Resources: object): string => JSON.stringify({ Resources });
const application = (topic: string) =>
  zipOf({
    "template.json": resources({
      Inner: { Type: "AWS::CloudFormation::Stack", Properties: { TemplateURL: "inner.json" } },
    }),
    "inner.json": resources({ [topic]: { Type: "AWS::SNS::Topic" } }),
  });

test("production gets the nested stacks that its approver cleared, or nothing", async () => {
  const bank = estate();
  const line = bankLine("journey-nested");
  const first = await bank.upload(line, await application("News"));
  await bank.result(line, first, "waiting-for-approval");
  const s3 = bank.clients(S3Client, "101010101010");
  const Bucket = bank.bucket;
  const Prefix = `${folders.reviews}${line.account}/`;
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix }));
  const Key = Contents.find((each) => each.Key?.includes(first) && each.Key.endsWith(".json"))?.Key;
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  const review = JSON.parse((await Body?.transformToString()) ?? "") as Review;
  expect(review.stacks[0]?.changes.map(({ logicalId }) => logicalId)).toEqual(["Inner", "Inner/News"]);
  expect(review.clearance.stacks[0]?.nested).toMatchObject([{ path: "Inner" }]);
  await bank.decide(line, "Approved", "with its nested stack");
  await bank.result(line, first, "released");
  const cfn = bank.clients(CloudFormationClient, prod);
  const { StackSummaries = [] } = await cfn.send(new ListStacksCommand());
  const nested = StackSummaries.find(({ StackName }) => StackName?.includes("-Inner-"));
  expect(nested?.StackStatus).toBe("CREATE_COMPLETE");

  const second = await bank.upload(line, await application("Letters"));
  await bank.result(line, second, "waiting-for-approval");
  const StackName = (await bank.appStack(line, "prod"))?.StackName;
  const { Summaries = [] } = await cfn.send(new ListChangeSetsCommand({ StackName }));
  const { ChangeSetName } = Summaries.find(({ ExecutionStatus }) => ExecutionStatus === "AVAILABLE") ?? {};
  await cfn.send(new DeleteChangeSetCommand({ StackName, ChangeSetName }));
  const TemplateBody = resources({ Foreign: { Type: "AWS::SNS::Topic" } });
  await cfn.send(new CreateChangeSetCommand({ StackName, ChangeSetName, TemplateBody }));
  await until("the foreign change set is ready", async () => {
    const { Status } = await cfn.send(new DescribeChangeSetCommand({ StackName, ChangeSetName }));
    return Status === "CREATE_COMPLETE" ? true : undefined;
  });
  await bank.decide(line, "Approved", "not what it was");
  const { reason } = await bank.result(line, second, "failed");
  expect(reason.code).toBe("ClearanceBroken");
});
