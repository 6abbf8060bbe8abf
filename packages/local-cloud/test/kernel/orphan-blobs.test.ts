import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect, it } from "vitest";
import { createBlobs } from "#cloud/kernel/blob-files.ts";
import { createMemoryStore } from "#cloud/kernel/memory-store.ts";
import { removeOrphanBlobs } from "#cloud/kernel/orphan-blobs.ts";
import { testCloud } from "#cloud/testing/cloud.ts";

const directory = () => {
  const path = mkdtempSync(join(tmpdir(), "orphans-test-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
};

it("removes the files of blobs no row speaks of, and those alone", async () => {
  using tempDir = directory();
  const blobs = createBlobs({ data: tempDir.path });
  const write = async (): Promise<string> => (await blobs.write(Buffer.from("x"))).id;
  const [listed, nested, inMap, key, orphan] = [
    await write(),
    await write(),
    await write(),
    await write(),
    await write(),
  ];
  const store = createMemoryStore();
  store.table("s3/aws/r/objects").set("k", { content: { segments: [{ blob: { id: listed, size: 1 } }] } });
  store.table("a/1/r/b").set("k", [[{ deep: nested }], null, new Uint8Array(9), new Date(0)]);
  store.table("a/1/r/c").set("k", new Map([["blob", inMap]]));
  store.table("a/1/r/d").set(key, 1);
  expect(removeOrphanBlobs(tempDir.path, store)).toBe(1);
  expect(readdirSync(tempDir.path).sort()).toEqual([listed, nested, inMap, key].sort());
  expect(readdirSync(tempDir.path)).not.toContain(orphan);
  expect(removeOrphanBlobs(join(tempDir.path, "none"), store)).toBe(0);
});

it("is done when a cloud starts on a data directory, which keeps what its objects need", async () => {
  using tempDir = directory();
  const Bucket = "kept";
  {
    await using before = await testCloud({ dataDir: tempDir.path });
    const s3 = before.client(S3Client, "111111111111");
    await s3.send(new CreateBucketCommand({ Bucket }));
    await s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "held" }));
    // The process was killed after it wrote the blob and before it wrote the row.
    await before.cloud().blobs.write(Buffer.from("lost"));
  }
  expect(readdirSync(join(tempDir.path, "blobs"))).toHaveLength(2);
  await using after = await testCloud({ dataDir: tempDir.path });
  expect(readdirSync(join(tempDir.path, "blobs"))).toHaveLength(1);
  expect(after.logged.join()).toContain("Removed 1 blobs without a reference");
  const { Body } = await after
    .client(S3Client, "111111111111")
    .send(new GetObjectCommand({ Bucket, Key: "k" }));
  expect(await Body?.transformToString()).toBe("held");
});
