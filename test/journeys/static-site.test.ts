/**
 * Tests a site: it is released, updated and removed. Its files are written in an order in which no page
 * refers to a missing file.
 */
import { readFile } from "node:fs/promises";
import { CloudFrontClient, ListInvalidationsCommand } from "@aws-sdk/client-cloudfront";
import { HeadObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { packArtifact } from "#bin/input/pack.ts";
import type { Line } from "#release/names/key.ts";
import { zipOf } from "#test/support/artifact.ts";
import { estate, shopLine } from "#test/support/estate.ts";

const shop = estate();

async function sample(): Promise<Uint8Array> {
  await using packed = await packArtifact("examples/tides-site");
  return readFile(packed.path);
}

async function keysIn(line: Line, environment: string): Promise<readonly string[]> {
  const { BucketName: Bucket } = await shop.outputs(line, environment);
  const s3 = shop.clients(S3Client, shop.accountOf(line, environment));
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  return Contents.map(({ Key = "" }) => Key);
}

test("a site is published with its assets first, released to production, and removed", async () => {
  const line = shopLine("tides");
  const version = await shop.upload(line, await sample());
  await shop.result(line, version, "waiting-for-approval");
  const { BucketName: Bucket, DistributionId } = await shop.outputs(line, "dev");
  const s3 = shop.clients(S3Client, shop.accountOf(line, "dev"));
  const head = (Key: string) => s3.send(new HeadObjectCommand({ Bucket, Key }));
  const [page, script] = await Promise.all([head("index.html"), head("assets/index-CWIolcp4.js")]);
  expect([page.CacheControl, page.ContentType]).toEqual([
    "public, max-age=0, must-revalidate",
    "text/html; charset=utf-8",
  ]);
  expect(script.CacheControl).toBe("public, max-age=31536000, immutable");
  expect(page.LastModified?.getTime()).toBeGreaterThanOrEqual(script.LastModified?.getTime() ?? Infinity);
  const cloudfront = shop.clients(CloudFrontClient, shop.accountOf(line, "dev"));
  const { InvalidationList } = await cloudfront.send(new ListInvalidationsCommand({ DistributionId }));
  expect(InvalidationList?.Quantity).toBe(1);
  expect(await keysIn(line, "dev")).not.toContain("smoke-test.sh");

  await shop.decide(line, "Approved", "goes live");
  const done = await shop.result(line, version);
  expect(done.status).toBe("released");
  expect(await keysIn(line, "prod")).toContain("assets/index-BAVdhtAO.css");

  const tombstone = await shop.upload(line, new Uint8Array(0));
  expect((await shop.result(line, tombstone)).status).toBe("torn-down");
  expect(await shop.stacksLeft(line)).toEqual([]);
});

test("the assets of the previous release stay, and those of the release before it are removed", async () => {
  const line = shopLine("tides", "feature/assets");
  const site = (name: string, more: Readonly<Record<string, string>> = {}) =>
    zipOf({ "index.html": `<script src="/${name}">`, [name]: name, ...more });
  const releases = ["app-Ab1cD2eF.js", "app-Gh3iJ4kL.js"].map((name) => site(name, { "old.html": name }));
  for (const artifact of releases) {
    const version = await shop.upload(line, await artifact);
    expect((await shop.result(line, version)).status).toBe("released");
  }
  expect(await keysIn(line, "dev")).toEqual([
    ".kedge/releases.json",
    ...["app-Ab1cD2eF.js", "app-Gh3iJ4kL.js", "index.html", "old.html"],
  ]);
  const version = await shop.upload(line, await site("app-Mn5oP6qR.js"));
  await shop.result(line, version);
  expect(await keysIn(line, "dev")).not.toContain("old.html");
  const tombstone = await shop.upload(line, new Uint8Array(0));
  expect((await shop.result(line, tombstone)).status).toBe("torn-down");
});
