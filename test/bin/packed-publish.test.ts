/** Tests `kedge publish` as the packed command line, with its bundles beside it and no checkout. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  CreateBucketCommand,
  GetObjectCommand,
  PutBucketVersioningCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { type TestCloud, testCloud } from "@kedge/local-cloud/testing/cloud";
import { expect, inject, test } from "vitest";
import { bundleCli } from "#bundle/bundle-cli.ts";
import {
  artifactBucket,
  cliKeys,
  functions,
  lambdaKey,
  registryBucket,
} from "#release/names/deployed-names.ts";
import { runBundles } from "#test/support/bundles.ts";
import { estateText, fakeEstate } from "#test/support/fakes/anchor.ts";
import { startKedge } from "#test/support/kedge.ts";

const version = "1.2.3";
const digest = "d".repeat(64);

/** Packs the command line with one Lambda and no release template. */
async function packedCli(folder: string): Promise<string> {
  await bundleCli({ root: resolve("."), to: folder, version });
  const files = {
    "lambdas/manifest.json": JSON.stringify({ route: digest }),
    "lambdas/route.zip": "the Lambda",
    "templates/index.json": JSON.stringify({ templates: [] }),
    "estate.yml": estateText,
  };
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(folder, name, ".."), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return join(folder, "kedge.mjs");
}

/** Creates the control plane's Lambda that writes the estate. */
async function createPublisher(cloud: TestCloud, account: string, registry: string): Promise<void> {
  const iam = cloud.client(IAMClient, account);
  const RoleName = functions.publish;
  const statement = (given: object) => JSON.stringify({ Version: "2012-10-17", Statement: [given] });
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName,
      AssumeRolePolicyDocument: statement({
        ...{ Effect: "Allow", Action: "sts:AssumeRole" },
        Principal: { Service: "lambda.amazonaws.com" },
      }),
    }),
  );
  await iam.send(
    new PutRolePolicyCommand({
      ...{ RoleName, PolicyName: "registry" },
      PolicyDocument: statement({ Effect: "Allow", Action: "s3:*", Resource: "*" }),
    }),
  );
  const zip = (await runBundles(inject("runFolder"))).lambdas["publish"]?.zip ?? "";
  await cloud.client(LambdaClient, account).send(
    new CreateFunctionCommand({
      ...{ FunctionName: functions.publish, Role: Role?.Arn, Timeout: 30 },
      ...{ Runtime: "nodejs24.x", Handler: "index.handler", Code: { ZipFile: await readFile(zip) } },
      Environment: { Variables: { CENTRAL_ACCOUNT: account, REGISTRY_BUCKET: registry } },
    }),
  );
}

test("the packed command line publishes its bundles and itself, and no version with other bytes", async () => {
  await using cloud = await testCloud();
  const { central: account, region } = fakeEstate;
  const buckets = { registry: registryBucket(account, region), artifacts: artifactBucket(account, region) };
  const s3 = cloud.client(S3Client, account);
  for (const Bucket of Object.values(buckets)) {
    await s3.send(new CreateBucketCommand({ Bucket }));
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
  }
  await createPublisher(cloud, account, buckets.registry);
  const read = async (Bucket: string, Key: string): Promise<string | undefined> =>
    (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();

  const folder = await mkdtemp(join(tmpdir(), "kedge-packed-"));
  const script = await packedCli(folder);
  const tgz = join(folder, "kedge.tgz");
  const publish = async (content: string) => {
    await writeFile(tgz, content);
    const words = ["publish", "--estate", join(folder, "estate.yml"), "--cli", tgz];
    const settings = { endpoint: cloud.endpoint, region, bucket: buckets.artifacts };
    return startKedge(words, settings, { account, script }).ended;
  };

  const { code, stdout, stderr } = await publish("first");
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toContain(`published the command line ${version}`);
  expect(await read(buckets.registry, lambdaKey(digest))).toBe("the Lambda");
  expect(await read(buckets.registry, "estate/estate.yml")).toBe(estateText);

  const rejected = await publish("second");
  expect([rejected.code, rejected.stdout]).toEqual([2, ""]);
  expect(rejected.stderr).toContain(`The command line ${version} is published with the digest`);
  const { version: kept, newest } = cliKeys(version);
  expect([await read(buckets.artifacts, kept), await read(buckets.artifacts, newest)]).toEqual([
    "first",
    "first",
  ]);
  await rm(folder, { recursive: true });
});
