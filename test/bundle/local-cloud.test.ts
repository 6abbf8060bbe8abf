import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { startProcess } from "@kedge/local-cloud/testing/cloud-process";
import { describe, expect, it } from "vitest";
import { bundleLocalCloud } from "#bundle/bundle-local-cloud.ts";

type Manifest = { readonly version: string; readonly dependencies: Readonly<Record<string, string>> };

const manifestIn = async (folder: string): Promise<Manifest> =>
  JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as Manifest;

// esbuild reads a dozen AWS clients, which takes seconds on a busy machine.
describe("the packed local-cloud", { timeout: 120_000 }, () => {
  it("has the version of Kedge, and Kedge depends on exactly this version", async () => {
    const { version, dependencies } = await manifestIn(".");
    expect((await manifestIn("packages/local-cloud")).version).toBe(version);
    expect(dependencies["@kedge/local-cloud"]).toBe(version);
  });

  it("starts with plain Node outside the checkout and keeps an object", async () => {
    const folder = await mkdtemp(join(tmpdir(), "local-cloud-bundle-"));
    await bundleLocalCloud({ root: resolve("."), to: join(folder, "packed") });
    const cloud = await startProcess(join(folder, "packed", "local-cloud.mjs"), join(folder, "data"));
    try {
      const s3 = new S3Client({
        endpoint: cloud.endpoint,
        region: "us-east-1",
        forcePathStyle: true,
        credentials: { accessKeyId: "111111111111", secretAccessKey: "any" },
      });
      await s3.send(new CreateBucketCommand({ Bucket: "kept" }));
      await s3.send(new PutObjectCommand({ Bucket: "kept", Key: "a.txt", Body: "hello" }));
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: "kept", Key: "a.txt" }));
      expect(await Body?.transformToString()).toBe("hello");
    } finally {
      await cloud.kill();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
