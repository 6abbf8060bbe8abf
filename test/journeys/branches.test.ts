/**
 * Tests branches other than main: they have environments of their own, with any characters in their names.
 */
import { randomFillSync } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { GetFunctionCommand, InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { expect, test } from "vitest";
import { ZipFile } from "yazl";
import { formatKey } from "#release/names/key.ts";
import { pipelineName } from "#release/names/names.ts";
import { stackName } from "#release/names/stack-names.ts";
import { topicTemplate, zipOf } from "#test/support/artifact.ts";
import { estate, shopLine } from "#test/support/estate.ts";
import { example } from "#test/support/example.ts";

test("a branch with slashes, blanks and umlauts is released to dev alone, in stacks of its own", async () => {
  const shop = estate();
  const main = shopLine("journey-branches");
  const branch = shopLine("journey-branches", "feature/JIRA-42/größe ändern");
  const [onMain, onBranch] = await Promise.all([
    shop.upload(main, await example("ledger-cloudformation")),
    shop.upload(branch, await example("ledger-cloudformation")),
  ]);
  const result = await shop.result(branch, onBranch, "released");
  expect(result).toMatchObject({ line: branch, key: formatKey(branch) });
  expect(result.stages.map(({ name }) => name)).toEqual(["Source", "Package", "dev"]);
  expect(await shop.stacksLeft(branch)).toEqual([
    `shop: ${pipelineName(branch)}`,
    expect.stringContaining(`shop-dev: ${stackName("dev", branch)}`),
    expect.stringContaining(`shop-dev: ${stackName("dev", branch)}`),
  ]);

  await shop.result(main, onMain, "waiting-for-approval");
  const [own, others] = await Promise.all([shop.outputs(branch, "dev"), shop.outputs(main, "dev")]);
  expect(own["TopicArn"]).not.toBe(others["TopicArn"]);

  await shop.result(branch, await shop.upload(branch, new Uint8Array()), "torn-down");
  expect(await shop.stacksLeft(branch)).toEqual([]);
  expect(await shop.outputs(main, "dev")).toEqual(others);
});

test("two branches whose names are equal once sanitised have stacks of their own, and one stays when the other is removed", async () => {
  const shop = estate();
  const [slash, dash] = [shopLine("journey-twins", "feature/a-b"), shopLine("journey-twins", "feature-a/b")];
  const artifact = await zipOf({ "template.json": topicTemplate("Twin") });
  const versions = await Promise.all([shop.upload(slash, artifact), shop.upload(dash, artifact)]);
  await Promise.all([
    shop.result(slash, versions[0], "released"),
    shop.result(dash, versions[1], "released"),
  ]);
  expect((await shop.appStack(slash, "dev"))?.StackId).not.toBe((await shop.appStack(dash, "dev"))?.StackId);

  await shop.result(slash, await shop.upload(slash, new Uint8Array()), "torn-down");
  expect(await shop.stacksLeft(slash)).toEqual([]);
  expect((await shop.appStack(dash, "dev"))?.StackStatus).toBe("CREATE_COMPLETE");
  expect((await shop.executions(dash)).map(({ status }) => status)).toEqual(["Succeeded"]);
});

const megabyte = 1024 * 1024;

/** A stream of bytes that do not compress. It repeats one block, so that it costs no time. */
function noise(megabytes: number): Readable {
  const block = randomFillSync(Buffer.alloc(megabyte));
  return Readable.from(
    (function* () {
      for (let at = 0; at < megabytes; at += 1) yield block;
    })(),
  );
}

test("an artifact of 300 MB that was uploaded in parts is released", async () => {
  const shop = estate();
  const line = shopLine("journey-large", "feature/large");
  const work = await mkdtemp(join(tmpdir(), "kedge-large-"));
  try {
    const path = join(work, "artifact.zip");
    const zip = new ZipFile();
    const template = {
      Transform: "AWS::Serverless-2016-10-31",
      Resources: {
        Answer: {
          Type: "AWS::Serverless::Function",
          Properties: {
            Runtime: "nodejs24.x",
            Handler: "index.handler",
            CodeUri: "answer",
            PermissionsBoundary: {
              "Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/kedge-app-boundary",
            },
          },
        },
      },
      Outputs: { Name: { Value: { Ref: "Answer" } } },
    };
    zip.addReadStream(noise(300), "ballast.bin", { compress: false });
    zip.addBuffer(Buffer.from("exports.handler = async () => 42;"), "answer/index.js");
    zip.addBuffer(Buffer.from(JSON.stringify(template)), "template.json");
    zip.end();
    await pipeline(zip.outputStream, createWriteStream(path));
    expect((await stat(path)).size).toBeGreaterThan(300 * megabyte);
    const { VersionId = "" } = await new Upload({
      client: await shop.as(S3Client, line.account, "kedge-ci"),
      params: { Bucket: shop.bucket, Key: formatKey(line), Body: createReadStream(path) },
      partSize: 32 * megabyte,
    }).done();
    await shop.result(line, VersionId, "released");

    const { Name: FunctionName } = await shop.outputs(line, "dev");
    const lambda = shop.clients(LambdaClient, shop.accountOf(line, "dev"));
    const { Payload } = await lambda.send(new InvokeCommand({ FunctionName }));
    expect(Buffer.from(Payload ?? []).toString()).toBe("42");
    // The function's code is its folder only, without the other files of the artifact.
    const { Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName }));
    expect(Configuration?.CodeSize).toBeLessThan(1000);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
});
