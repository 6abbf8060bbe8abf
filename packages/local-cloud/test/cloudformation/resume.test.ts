import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CloudFormationClient,
  CreateChangeSetCommand,
  CreateStackCommand,
  DescribeChangeSetCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
} from "@aws-sdk/client-cloudformation";
import { ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect, it } from "vitest";
import { testCloud } from "#cloud/testing/cloud.ts";

const account = "111111111111";

it("a creation that a stop interrupted goes on after the restart, making nothing twice", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "stacks-"));
  const template = JSON.stringify({
    Resources: { A: { Type: "AWS::SQS::Queue" }, B: { Type: "AWS::SQS::Queue", DependsOn: "A" } },
  });
  try {
    // Time stands still, so the creation stops at its first pause.
    const first = await testCloud({ dataDir, frozen: true, pace: { resource: 1000 } });
    const before = first.client(CloudFormationClient, account);
    await before.send(new CreateStackCommand({ StackName: "s", TemplateBody: template }));
    for (;;) {
      const { StackResources = [] } = await before.send(
        new DescribeStackResourcesCommand({ StackName: "s" }),
      );
      if (StackResources[0]?.PhysicalResourceId !== undefined) break;
    }
    await first.stop();

    await using second = await testCloud({ dataDir, pace: { resource: 0 } });
    await second.cloud().settled();
    const cfn = second.client(CloudFormationClient, account);
    const { Stacks } = await cfn.send(new DescribeStacksCommand({ StackName: "s" }));
    expect(Stacks?.[0]?.StackStatus).toBe("CREATE_COMPLETE");
    const { QueueUrls } = await second.client(SQSClient, account).send(new ListQueuesCommand({}));
    expect(QueueUrls).toHaveLength(2);
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
});

it("a change set that a stop interrupted is compared after the restart", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "stacks-"));
  const change = { StackName: "s", ChangeSetName: "c", ChangeSetType: "CREATE" as const };
  const TemplateBody = JSON.stringify({ Resources: { A: { Type: "AWS::SQS::Queue" } } });
  try {
    const first = await testCloud({ dataDir, frozen: true, pace: { resource: 1000 } });
    await first
      .client(CloudFormationClient, account)
      .send(new CreateChangeSetCommand({ ...change, TemplateBody }));
    await first.stop();

    await using second = await testCloud({ dataDir, pace: { resource: 0 } });
    await second.cloud().settled();
    const described = await second
      .client(CloudFormationClient, account)
      .send(new DescribeChangeSetCommand(change));
    expect(described.Status).toBe("CREATE_COMPLETE");
    expect(described.Changes?.map(({ ResourceChange }) => ResourceChange?.LogicalResourceId)).toEqual(["A"]);
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
});
