/** Tests `kedge publish` as the packed command line, with its bundles beside it and no checkout. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { CreateBucketCommand, GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { testCloud } from "@kedge/local-cloud/testing/cloud";
import { expect, test } from "vitest";
import { bundleCli } from "#bundle/bundle-cli.ts";
import { artifactBucket, cliKeys, lambdaKey, registryBucket } from "#release/names/deployed-names.ts";
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

test("the packed command line publishes its bundles and itself, and no version with other bytes", async () => {
  await using cloud = await testCloud();
  const { central: account, region } = fakeEstate;
  const buckets = { registry: registryBucket(account, region), artifacts: artifactBucket(account, region) };
  const s3 = cloud.client(S3Client, account);
  for (const Bucket of Object.values(buckets)) await s3.send(new CreateBucketCommand({ Bucket }));
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
