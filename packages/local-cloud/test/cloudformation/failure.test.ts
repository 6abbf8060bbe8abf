import {
  CloudFormationClient,
  ContinueUpdateRollbackCommand,
  CreateChangeSetCommand,
  CreateStackCommand,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  UpdateStackCommand,
  UpdateTerminationProtectionCommand,
} from "@aws-sdk/client-cloudformation";
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import { type TestCloud, testCloud } from "#cloud/testing/cloud.ts";

const account = "111111111111";
const quick = () => testCloud({ pace: { resource: 1 } });
const body = (resources: object, more: object = {}): string =>
  JSON.stringify({ ...more, Resources: resources });
const queue = (properties: object = {}, more: object = {}) => ({
  Type: "AWS::SQS::Queue",
  Properties: properties,
  ...more,
});

async function state(cloud: TestCloud, StackName: string) {
  await cloud.cloud().settled();
  const cfn = cloud.client(CloudFormationClient, account);
  const { Stacks = [] } = await cfn.send(new DescribeStacksCommand({ StackName }));
  const { StackEvents = [] } = await cfn.send(new DescribeStackEventsCommand({ StackName }));
  return {
    status: Stacks[0]?.StackStatus,
    reason: Stacks[0]?.StackStatusReason,
    events: StackEvents.map((e) => `${e.LogicalResourceId} ${e.ResourceStatus}`).reverse(),
    reasons: StackEvents.flatMap((e) =>
      e.ResourceStatus?.endsWith("FAILED") ? [e.ResourceStatusReason ?? ""] : [],
    ),
  };
}

describe("a creation that fails", () => {
  it("rolls back to ROLLBACK_COMPLETE, which can only be deleted", async () => {
    await using cloud = await quick();
    const cfn = cloud.client(CloudFormationClient, account);
    const template = body({ Good: queue(), Bad: queue({ DelaySeconds: 99_999 }, { DependsOn: "Good" }) });
    await cfn.send(new CreateStackCommand({ StackName: "s", TemplateBody: template }));
    const { status, reasons, events } = await state(cloud, "s");
    expect(status).toBe("ROLLBACK_COMPLETE");
    expect(reasons[0]).toMatch(/^Resource handler returned message: ".*HandlerErrorCode: InvalidRequest\)$/);
    expect(events.slice(-5)).toEqual([
      "Bad CREATE_FAILED",
      "s ROLLBACK_IN_PROGRESS",
      "Good DELETE_IN_PROGRESS",
      "Good DELETE_COMPLETE",
      "s ROLLBACK_COMPLETE",
    ]);
    await expect(
      cfn.send(new UpdateStackCommand({ StackName: "s", TemplateBody: template })),
    ).rejects.toThrow(/is in ROLLBACK_COMPLETE state and can not be updated/);
  });

  it("keeps the created resources when rollback is disabled, and names the invalid properties", async () => {
    await using cloud = await quick();
    const cfn = cloud.client(CloudFormationClient, account);
    const template = body({ Good: queue(), Bad: queue({ Colour: "red" }, { DependsOn: "Good" }) });
    await cfn.send(new CreateStackCommand({ StackName: "s", TemplateBody: template, DisableRollback: true }));
    const { status, reason, reasons } = await state(cloud, "s");
    expect([status, reason]).toEqual([
      "CREATE_FAILED",
      "The following resource(s) failed to create: [Bad]. ",
    ]);
    expect(reasons).toContain(
      "Properties validation failed for resource Bad with message:\n[#: extraneous key [Colour] is not permitted]",
    );
    const sqs = cloud.client(SQSClient, account);
    expect((await sqs.send(new ListQueuesCommand({}))).QueueUrls).toHaveLength(1);
  });

  it("deletes the stack with OnFailure DELETE", async () => {
    await using cloud = await quick();
    const cfn = cloud.client(CloudFormationClient, account);
    const { StackId = "" } = await cfn.send(
      new CreateStackCommand({
        StackName: "s",
        TemplateBody: body({ Bad: queue({ Colour: 1 }) }),
        OnFailure: "DELETE",
      }),
    );
    expect((await state(cloud, StackId)).status).toBe("DELETE_COMPLETE");
    await expect(cfn.send(new DescribeStacksCommand({ StackName: "s" }))).rejects.toThrow("does not exist");
  });
});

describe("an update that fails", () => {
  it("restores the earlier properties and removes the resources it created", async () => {
    await using cloud = await quick();
    const cfn = cloud.client(CloudFormationClient, account);
    const sqs = cloud.client(SQSClient, account);
    await cfn.send(
      new CreateStackCommand({
        StackName: "s",
        TemplateBody: body({ A: queue({ QueueName: "a", DelaySeconds: 1 }) }),
      }),
    );
    await cloud.cloud().settled();
    const next = {
      A: queue({ QueueName: "a", DelaySeconds: 2 }),
      New: queue({}, { DependsOn: "A" }),
      Bad: queue({ DelaySeconds: 99_999 }, { DependsOn: "New" }),
    };
    await cfn.send(new UpdateStackCommand({ StackName: "s", TemplateBody: body(next) }));
    const { status, events } = await state(cloud, "s");
    expect(status).toBe("UPDATE_ROLLBACK_COMPLETE");
    expect(events).toContain("s UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS");
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: "a" }));
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["DelaySeconds"] }),
    );
    expect(Attributes?.["DelaySeconds"]).toBe("1");
    expect((await sqs.send(new ListQueuesCommand({}))).QueueUrls).toHaveLength(1);
    // The update is still compared with the old definition.
    await expect(
      cfn.send(
        new UpdateStackCommand({
          StackName: "s",
          TemplateBody: body({ A: queue({ QueueName: "a", DelaySeconds: 1 }) }),
        }),
      ),
    ).rejects.toThrow("No updates are to be performed.");
  });

  it("stops at UPDATE_ROLLBACK_FAILED and continues when the resource is skipped", async () => {
    await using cloud = await quick();
    const cfn = cloud.client(CloudFormationClient, account);
    const sqs = cloud.client(SQSClient, account);
    await cfn.send(
      new CreateStackCommand({
        StackName: "s",
        TemplateBody: body({ A: queue({ QueueName: "a", DelaySeconds: 1 }) }),
      }),
    );
    await cloud.cloud().settled();
    const { AwsError } = await import("#cloud/kernel/aws-error.ts");
    cloud.cloud().faults.add({
      operation: "SetQueueAttributes",
      when: "before",
      skip: 1,
      count: 1,
      error: new AwsError("OverLimit", "no", 403),
    });
    const next = {
      A: queue({ QueueName: "a", DelaySeconds: 2 }),
      Bad: queue({ Colour: 1 }, { DependsOn: "A" }),
    };
    await cfn.send(new UpdateStackCommand({ StackName: "s", TemplateBody: body(next) }));
    expect((await state(cloud, "s")).status).toBe("UPDATE_ROLLBACK_FAILED");
    await cfn.send(new ContinueUpdateRollbackCommand({ StackName: "s", ResourcesToSkip: ["A"] }));
    expect((await state(cloud, "s")).status).toBe("UPDATE_ROLLBACK_COMPLETE");
    expect((await sqs.send(new ListQueuesCommand({}))).QueueUrls).toHaveLength(1);
  });
});

describe("replacement", () => {
  it("creates the new resource before it deletes the old one", async () => {
    await using cloud = await quick();
    const cfn = cloud.client(CloudFormationClient, account);
    const reader = { Type: "AWS::SSM::Document", Properties: { Content: { "Fn::GetAtt": ["A", "Arn"] } } };
    await cfn.send(
      new CreateStackCommand({
        StackName: "s",
        TemplateBody: body({ A: queue({ QueueName: "a" }), Reader: reader }),
      }),
    );
    await cloud.cloud().settled();
    await cfn.send(
      new UpdateStackCommand({
        StackName: "s",
        TemplateBody: body({ A: queue({ QueueName: "b" }), Reader: reader }),
      }),
    );
    const { status, events } = await state(cloud, "s");
    expect(status).toBe("UPDATE_COMPLETE");
    const tail = events.slice(events.lastIndexOf("s UPDATE_IN_PROGRESS"));
    expect(tail.indexOf("A DELETE_COMPLETE")).toBeGreaterThan(
      tail.indexOf("s UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"),
    );
    const sqs = cloud.client(SQSClient, account);
    expect(
      (await sqs.send(new ListQueuesCommand({}))).QueueUrls?.map((url) => url.split("/").at(-1)),
    ).toEqual(["b"]);
  });
});

describe("deletion", () => {
  it("respects retain policies and termination protection", async () => {
    await using cloud = await quick();
    const cfn = cloud.client(CloudFormationClient, account);
    const sqs = cloud.client(SQSClient, account);
    const template = body({
      Kept: queue({ QueueName: "kept" }, { DeletionPolicy: "Retain" }),
      Gone: queue({ QueueName: "gone" }),
    });
    const { StackId = "" } = await cfn.send(
      new CreateStackCommand({ StackName: "s", TemplateBody: template, EnableTerminationProtection: true }),
    );
    await cloud.cloud().settled();
    await expect(cfn.send(new DeleteStackCommand({ StackName: "s" }))).rejects.toThrow(
      "Stack [s] cannot be deleted while TerminationProtection is enabled",
    );
    await cfn.send(
      new UpdateTerminationProtectionCommand({ StackName: "s", EnableTerminationProtection: false }),
    );
    await cfn.send(new DeleteStackCommand({ StackName: "s" }));
    const { status, events } = await state(cloud, StackId);
    expect([status, events.includes("Kept DELETE_SKIPPED")]).toEqual(["DELETE_COMPLETE", true]);
    expect((await sqs.send(new ListQueuesCommand({}))).QueueUrls).toHaveLength(1);
    await cfn.send(new DeleteStackCommand({ StackName: "never-was" }));
  });

  it("is cancelled while another stack imports an export", async () => {
    await using cloud = await quick();
    const cfn = cloud.client(CloudFormationClient, account);
    const exporting = body(
      { A: queue() },
      { Outputs: { X: { Value: { Ref: "A" }, Export: { Name: "x" } } } },
    );
    await cfn.send(new CreateStackCommand({ StackName: "out", TemplateBody: exporting }));
    await cloud.cloud().settled();
    const importing = body({
      B: { Type: "AWS::SSM::Document", Properties: { Content: { "Fn::ImportValue": "x" } } },
    });
    await cfn.send(new CreateStackCommand({ StackName: "in", TemplateBody: importing }));
    await cloud.cloud().settled();
    await cfn.send(new DeleteStackCommand({ StackName: "out" }));
    expect(await state(cloud, "out")).toMatchObject({
      status: "CREATE_COMPLETE",
      reason: "Delete canceled. Cannot delete export x as it is in use by in.",
    });
    await cfn.send(new DeleteStackCommand({ StackName: "in" }));
    await cloud.cloud().settled();
    await cfn.send(new DeleteStackCommand({ StackName: "out" }));
    await cloud.cloud().settled();
    await expect(cfn.send(new DescribeStacksCommand({ StackName: "out" }))).rejects.toThrow("does not exist");
  });
});

describe("change sets", () => {
  it("creates a stack in review, lists its changes and runs once", async () => {
    await using cloud = await quick();
    const cfn = cloud.client(CloudFormationClient, account);
    const make = (name: string, resources: object, ChangeSetType: "CREATE" | "UPDATE") =>
      cfn.send(
        new CreateChangeSetCommand({
          StackName: "s",
          ChangeSetName: name,
          TemplateBody: body(resources),
          ChangeSetType,
        }),
      );
    const changeSetNamed = async (name: string) => {
      await cloud.cloud().settled();
      return await cfn.send(new DescribeChangeSetCommand({ StackName: "s", ChangeSetName: name }));
    };
    await make("first", { A: queue({ QueueName: "a" }) }, "CREATE");
    expect(await changeSetNamed("first")).toMatchObject({
      Status: "CREATE_COMPLETE",
      ExecutionStatus: "AVAILABLE",
      Changes: [{ ResourceChange: { Action: "Add" } }],
    });
    expect((await state(cloud, "s")).status).toBe("REVIEW_IN_PROGRESS");
    await cfn.send(new ExecuteChangeSetCommand({ StackName: "s", ChangeSetName: "first" }));
    expect((await state(cloud, "s")).status).toBe("CREATE_COMPLETE");
    await make("same", { A: queue({ QueueName: "a" }) }, "UPDATE");
    expect(await changeSetNamed("same")).toMatchObject({
      Status: "FAILED",
      StatusReason: expect.stringContaining("didn't contain changes"),
    });
    await cfn.send(new DeleteChangeSetCommand({ StackName: "s", ChangeSetName: "same" }));
    await expect(changeSetNamed("same")).rejects.toMatchObject({ name: "ChangeSetNotFoundException" });
    await make("rename", { A: queue({ QueueName: "b" }), B: queue() }, "UPDATE");
    expect(
      (await changeSetNamed("rename")).Changes?.map((one) => [
        one.ResourceChange?.LogicalResourceId,
        one.ResourceChange?.Action,
        one.ResourceChange?.Replacement,
      ]),
    ).toEqual([
      ["A", "Modify", "True"],
      ["B", "Add", undefined],
    ]);
    await expect(
      cfn.send(new ExecuteChangeSetCommand({ StackName: "s", ChangeSetName: "first" })),
    ).rejects.toMatchObject({
      name: "InvalidChangeSetStatusException",
    });
  });
});

describe("requests", () => {
  it("rejects invalid requests in AWS's words", async () => {
    await using cloud = await quick();
    const cfn = cloud.client(CloudFormationClient, account);
    const create = (TemplateBody: string, more: object = {}) =>
      cfn.send(new CreateStackCommand({ StackName: "s", TemplateBody, ...more }));
    const role = { Type: "AWS::IAM::Role", Properties: { AssumeRolePolicyDocument: {}, RoleName: "r" } };
    const cases: readonly (readonly [Promise<unknown>, string])[] = [
      [
        create(body({ A: { Type: "AWS::Nope::Thing" } })),
        "Template format error: Unrecognized resource types: [AWS::Nope::Thing]",
      ],
      [
        create(body({ A: queue({ QueueName: { Ref: "B" } }) })),
        "Template format error: Unresolved resource dependencies [B] in the Resources block of the template",
      ],
      [
        create(body({ A: queue({}, { DependsOn: "B" }), B: queue({}, { DependsOn: "A" }) })),
        "Circular dependency between resources: [A, B]",
      ],
      [
        create(body({ A: queue() }, { Parameters: { P: { Type: "String" } } })),
        "Parameters: [P] must have values",
      ],
      [create(body({ A: role })), "Requires capabilities : [CAPABILITY_NAMED_IAM]"],
      [create("{"), "Template format error: JSON not well-formed. (line 1, column 2)"],
      [create("a: [1\nb: 2"), "Template format error: YAML not well-formed. (line 2, column 1)"],
      [
        create(body({ A: queue() }), { StackName: "1s" }),
        "1 validation error detected: Value '1s' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*",
      ],
      [
        create("x".repeat(51_201)),
        "at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to 51200",
      ],
      [
        cfn.send(new UpdateStackCommand({ StackName: "s", TemplateBody: body({ A: queue() }) })),
        "Stack [s] does not exist",
      ],
    ];
    for (const [request, message] of cases) await expect(request).rejects.toThrow(message);
    const sqs = cloud.client(SQSClient, account);
    await sqs.send(new CreateQueueCommand({ QueueName: "mine" }));
    await create(body({ A: queue() }), { ClientRequestToken: "t1" });
    const again = await create(body({ A: queue() }), { ClientRequestToken: "t1" });
    expect(again.StackId).toContain(":stack/s/");
    await expect(create(body({ A: queue() }))).rejects.toMatchObject({
      name: "AlreadyExistsException",
      message: "Stack [s] already exists",
    });
    await cloud.cloud().settled();
    const { StackResources } = await cfn.send(new DescribeStackResourcesCommand({ StackName: "s" }));
    expect(StackResources?.[0]?.PhysicalResourceId).toMatch(/\/s-A-[A-Za-z0-9]{12}$/);
  });
});
