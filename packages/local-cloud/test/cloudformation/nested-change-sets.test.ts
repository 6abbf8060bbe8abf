import {
  CloudFormationClient,
  CreateChangeSetCommand,
  CreateStackCommand,
  DeleteChangeSetCommand,
  DescribeChangeSetCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  GetTemplateCommand,
} from "@aws-sdk/client-cloudformation";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { testCloud } from "#cloud/testing/cloud.ts";

const account = "111111111111";
const bucket = "nested-change-sets";
const url = (key: string): string => `https://${bucket}.s3.us-east-1.amazonaws.com/${key}`;

const deep = { Resources: { Deep: { Type: "AWS::SNS::Topic" } } };
const inner = (DisplayName: string) => ({
  Parameters: { Queue: { Type: "String" } },
  Resources: {
    News: { Type: "AWS::SNS::Topic", Properties: { DisplayName } },
    Named: { Type: "AWS::SNS::Topic", Properties: { DisplayName: { Ref: "Queue" } } },
    Deeper: { Type: "AWS::CloudFormation::Stack", Properties: { TemplateURL: url("deep.json") } },
  },
  Outputs: { Topic: { Value: { Ref: "News" } } },
});
const outer = JSON.stringify({
  Resources: {
    Work: { Type: "AWS::SQS::Queue" },
    Inner: {
      Type: "AWS::CloudFormation::Stack",
      Properties: {
        TemplateURL: url("inner.json"),
        Parameters: { Queue: { "Fn::GetAtt": ["Work", "QueueName"] } },
      },
    },
  },
});

async function opened() {
  const cloud = await testCloud({ pace: { resource: 0 } });
  const cfn = cloud.client(CloudFormationClient, account);
  const s3 = cloud.client(S3Client, account);
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  const put = (Key: string, template: object) =>
    s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: JSON.stringify(template) }));
  await put("deep.json", deep);
  await put("inner.json", inner("one"));
  const create = async (ChangeSetType: "CREATE" | "UPDATE", ChangeSetName: string) => {
    const input = { StackName: "outer", ChangeSetName, ChangeSetType, TemplateBody: outer } as const;
    await cfn.send(new CreateChangeSetCommand({ ...input, IncludeNestedStacks: true }));
    await cloud.cloud().settled();
    return cfn.send(new DescribeChangeSetCommand({ StackName: "outer", ChangeSetName }));
  };
  const execute = async (ChangeSetName: string | undefined) => {
    await cfn.send(new ExecuteChangeSetCommand({ ChangeSetName }));
    await cloud.cloud().settled();
  };
  const statuses = async () =>
    (await cfn.send(new DescribeStacksCommand({}))).Stacks?.map(({ StackStatus }) => StackStatus);
  return {
    cloud,
    cfn,
    put,
    create,
    execute,
    statuses,
    [Symbol.asyncDispose]: () => cloud[Symbol.asyncDispose](),
  };
}

describe("a change set with nested stacks", () => {
  it("has a change set for each nested stack, which only the root executes", async () => {
    await using made = await opened();
    const { cfn, put, create, execute, statuses } = made;
    const root = await create("CREATE", "first");
    expect(root).toMatchObject({ Status: "CREATE_COMPLETE", ExecutionStatus: "AVAILABLE" });
    const nestedId = root.Changes?.find(({ ResourceChange }) => ResourceChange?.LogicalResourceId === "Inner")
      ?.ResourceChange?.ChangeSetId;
    const nested = await cfn.send(new DescribeChangeSetCommand({ ChangeSetName: nestedId }));
    expect(nested).toMatchObject({
      ParentChangeSetId: root.ChangeSetId,
      RootChangeSetId: root.ChangeSetId,
      ExecutionStatus: "UNAVAILABLE",
      StatusReason: "Executable from root change set",
      Parameters: [{ ParameterKey: "Queue", ParameterValue: "{{changeSet:KNOWN_AFTER_APPLY}}" }],
    });
    const deeperId = nested.Changes?.find(
      ({ ResourceChange }) => ResourceChange?.LogicalResourceId === "Deeper",
    )?.ResourceChange?.ChangeSetId;
    const deeper = await cfn.send(new DescribeChangeSetCommand({ ChangeSetName: deeperId }));
    expect(deeper).toMatchObject({ ParentChangeSetId: nestedId, RootChangeSetId: root.ChangeSetId });
    for (const command of [
      new ExecuteChangeSetCommand({ ChangeSetName: nestedId }),
      new DeleteChangeSetCommand({ ChangeSetName: nestedId }),
    ]) {
      await expect(cfn.send(command as ExecuteChangeSetCommand)).rejects.toThrow(/from the root change set/);
    }
    expect(await statuses()).toEqual(["REVIEW_IN_PROGRESS", "REVIEW_IN_PROGRESS", "REVIEW_IN_PROGRESS"]);

    await put("inner.json", inner("swapped"));
    await execute(root.ChangeSetId);
    expect(await statuses()).toEqual(["CREATE_COMPLETE", "CREATE_COMPLETE", "CREATE_COMPLETE"]);
    const { Stacks = [] } = await cfn.send(new DescribeStacksCommand({ StackName: nested.StackId }));
    expect(Stacks[0]).toMatchObject({ ChangeSetId: nestedId, ParentId: root.StackId, RootId: root.StackId });
    expect(Stacks[0]?.Parameters?.[0]?.ParameterValue).toMatch(/^outer-Work-/);
    const { TemplateBody } = await cfn.send(new GetTemplateCommand({ StackName: nested.StackId }));
    expect(TemplateBody).toBe(JSON.stringify(inner("one")));
  });

  it("names what changes in a nested stack, and fails when nothing does", async () => {
    await using made = await opened();
    const { cfn, put, create, execute } = made;
    await execute((await create("CREATE", "first")).ChangeSetId);
    expect((await create("UPDATE", "same")).StatusReason).toMatch(/didn't contain changes/);

    await put("inner.json", inner("two"));
    const root = await create("UPDATE", "second");
    expect(root.Changes?.map(({ ResourceChange }) => ResourceChange?.LogicalResourceId)).toEqual(["Inner"]);
    const nestedId = root.Changes?.[0]?.ResourceChange?.ChangeSetId;
    const nested = await cfn.send(new DescribeChangeSetCommand({ ChangeSetName: nestedId }));
    expect(nested.Changes?.map(({ ResourceChange }) => ResourceChange?.LogicalResourceId)).toEqual(["News"]);
    await execute(root.ChangeSetId);
    const { StackResources = [] } = await cfn.send(
      new DescribeStackResourcesCommand({ StackName: nested.StackId }),
    );
    expect(StackResources.find(({ LogicalResourceId }) => LogicalResourceId === "News")?.ResourceStatus).toBe(
      "UPDATE_COMPLETE",
    );
  });

  it("fails with the template of a nested stack, and removes the stacks that were made for it", async () => {
    await using made = await opened();
    const { cfn, put, create, statuses } = made;
    const first = await create("CREATE", "first");
    await cfn.send(new DeleteChangeSetCommand({ ChangeSetName: first.ChangeSetId }));
    expect(await statuses()).toEqual(["REVIEW_IN_PROGRESS"]);
    await put("deep.json", { Resources: { Deep: { Type: "AWS::Nowhere::Thing" } } });
    const root = await create("CREATE", "second");
    expect(root.Status).toBe("FAILED");
    expect(root.StatusReason).toMatch(
      /^Nested change set arn:.* was not successfully created: Currently in FAILED/,
    );
    expect(await statuses()).toEqual(["REVIEW_IN_PROGRESS"]);
  });

  it("lets a change set without nested stacks create them as before", async () => {
    await using made = await opened();
    await made.cfn.send(new CreateStackCommand({ StackName: "plain", TemplateBody: outer }));
    await made.cloud.cloud().settled();
    expect(await made.statuses()).toEqual(["CREATE_COMPLETE", "CREATE_COMPLETE", "CREATE_COMPLETE"]);
  });
});
