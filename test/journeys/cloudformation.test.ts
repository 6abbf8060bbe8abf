/**
 * Tests plain CloudFormation templates: settings for each environment, and the stacks after a failure in the
 * middle environment.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { CloudFormationClient, DescribeStackResourcesCommand } from "@aws-sdk/client-cloudformation";
import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { expect, test } from "vitest";
import { formatKey } from "#release/names/key.ts";
import { pipelineName } from "#release/names/names.ts";
import { stackName } from "#release/names/stack-names.ts";
import { estate, shopLine, until } from "#test/support/estate.ts";
import { example } from "#test/support/example.ts";

const run = promisify(execFile);
const awsIsInstalled = await run("aws", ["--version"]).then(
  () => true,
  () => false,
);

test("a template has parameters, conditions and a nested stack for each environment", async () => {
  const shop = estate();
  const line = shopLine("journey-ledger");
  const version = await shop.upload(line, await example("ledger-cloudformation"));
  await shop.result(line, version, "waiting-for-approval");
  await shop.decide(line, "Approved", "audited");
  const result = await shop.result(line, version, "released");
  expect(result.template?.name).toBe("cloudformation");

  const seen = await Promise.all(
    ["dev", "qa", "prod"].map(async (environment) => {
      const outputs = await shop.outputs(line, environment);
      const account = shop.accountOf(line, environment);
      const { Parameter } = await shop
        .clients(SSMClient, account)
        .send(new GetParameterCommand({ Name: outputs["RetentionParameter"] }));
      const { Attributes } = await shop.clients(SQSClient, account).send(
        new GetQueueAttributesCommand({
          QueueUrl: outputs["QueueUrl"],
          AttributeNames: ["VisibilityTimeout", "MessageRetentionPeriod"],
        }),
      );
      return [
        environment,
        Parameter?.Value,
        Attributes?.["VisibilityTimeout"],
        Attributes?.["MessageRetentionPeriod"],
        outputs["AuditQueue"] !== "none",
      ];
    }),
  );
  expect(seen).toEqual([
    ["dev", "1", "30", "86400", false],
    ["qa", "1", "30", "86400", false],
    ["prod", "14", "300", "1209600", true],
  ]);
  const production = await shop.appStack(line, "prod");
  expect(production?.Tags).toContainEqual({ Key: "cost-center", Value: "ledger" });
  const { StackResources } = await shop
    .clients(CloudFormationClient, shop.accountOf(line, "prod"))
    .send(new DescribeStackResourcesCommand({ StackName: stackName("prod", line) }));
  expect(StackResources?.map(({ ResourceType }) => ResourceType).sort()).toEqual([
    "AWS::CloudFormation::Stack",
    "AWS::SNS::Topic",
    "AWS::SQS::Queue",
    "AWS::SSM::Parameter",
  ]);
});

test.skipIf(!awsIsInstalled)(
  "the same release works with aws-cli alone (skipped without `aws` on the PATH)",
  async () => {
    const shop = estate();
    const line = shopLine("journey-awscli");
    const work = await mkdtemp(join(tmpdir(), "kedge-aws-"));
    try {
      const aws = async (account: string, ...words: string[]): Promise<string> => {
        const { stdout } = await run("env", [
          `AWS_ENDPOINT_URL=${shop.endpoint}`,
          `AWS_DEFAULT_REGION=${shop.region}`,
          `AWS_ACCESS_KEY_ID=${account}`,
          "AWS_SECRET_ACCESS_KEY=any",
          `AWS_CONFIG_FILE=${join(work, "none")}`,
          "aws",
          ...words,
        ]);
        return stdout.trim();
      };
      const zip = join(work, "artifact.zip");
      await writeFile(zip, await example("ledger-cloudformation"));
      const key = formatKey(line);
      const put = ["s3api", "put-object", "--bucket", shop.bucket, "--key", key, "--query", "VersionId"];
      const version = await aws(line.account, ...put, "--output", "text", "--body", zip);
      const results = `s3://${shop.bucket}/results/${key.replace("/latest.zip", "")}`;
      const statusOf = async (of: string): Promise<string> =>
        JSON.parse(await aws(line.account, "s3", "cp", `${results}/${of}.json`, "-")).status;
      await until("a release that waits for approval", async () =>
        (await statusOf(version).catch(() => "")) === "waiting-for-approval" ? true : undefined,
      );
      const name = pipelineName(line);
      const token = await aws(
        line.account,
        ...["codepipeline", "get-pipeline-state", "--name", name, "--output", "text", "--query"],
        "stageStates[?stageName=='prod'].actionStates[] | [?actionName=='Approve'].latestExecution.token | [0]",
      );
      await aws(
        line.account,
        ...["codepipeline", "put-approval-result", "--pipeline-name", name, "--stage-name", "prod"],
        ...["--action-name", "Approve", "--token", token, "--result", "status=Approved,summary=ok"],
      );
      await until("a release that is through", async () =>
        (await statusOf(version)) === "released" ? true : undefined,
      );
      const stack = ["cloudformation", "describe-stacks", "--stack-name", stackName("prod", line)];
      const status = ["--query", "Stacks[0].StackStatus", "--output", "text"];
      expect(await aws(shop.accountOf(line, "prod"), ...stack, ...status)).toBe("CREATE_COMPLETE");

      const tombstone = await aws(line.account, ...put, "--output", "text");
      await until("a line that is torn down", async () =>
        (await statusOf(tombstone).catch(() => "")) === "torn-down" ? true : undefined,
      );
      await expect(aws(shop.accountOf(line, "prod"), ...stack)).rejects.toThrow(/does not exist/);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  },
);

test("a failure in qa is rolled back there, stops the line before production, and says which resource failed and why", async () => {
  const shop = estate();
  const line = shopLine("journey-broken");
  const version = await shop.upload(line, await example("broken-in-qa"));
  const result = await shop.result(line, version, "failed");
  expect(result.reason.code).toBe("DeploymentFailed");
  expect(result.reason.sentence).toMatch(/Farewell/);
  expect(result.reason.sentence).toMatch(/already exists/i);
  expect(result.reason.remedy).toBeTruthy();
  expect(result.stages.map(({ name, status }) => [name, status])).toEqual([
    ["Source", "Succeeded"],
    ["Package", "Succeeded"],
    ["dev", "Succeeded"],
    ["qa", "Failed"],
    ["prod", "NotRun"],
  ]);
  expect((await shop.appStack(line, "dev"))?.StackStatus).toBe("CREATE_COMPLETE");
  expect((await shop.appStack(line, "qa"))?.StackStatus).toBe("ROLLBACK_COMPLETE");
  expect(await shop.appStack(line, "prod")).toBeUndefined();
  // The resources that were created before the failure are deleted.
  const greeting = { Name: `/${stackName("qa", line)}/greeting` };
  await expect(
    shop.clients(SSMClient, shop.accountOf(line, "qa")).send(new GetParameterCommand(greeting)),
  ).rejects.toMatchObject({ name: "ParameterNotFound" });

  // The next version fixes it: the failed stack in qa is removed first.
  const fixed = await shop.upload(line, await example("ledger-cloudformation"));
  await shop.result(line, fixed, "waiting-for-approval");
  expect((await shop.appStack(line, "qa"))?.StackStatus).toBe("CREATE_COMPLETE");
});
