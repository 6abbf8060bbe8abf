/** Tests that the cloud deletes no file that it has not written, over its HTTP port and its start. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { CreateBucketCommand, ListBucketsCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect, it } from "vitest";
import { testCloud } from "#cloud/testing/cloud.ts";

/** A directory below a temporary one, with these files in it. */
function directoryWith(...files: readonly string[]) {
  const root = mkdtempSync(join(tmpdir(), "data-"));
  const path = join(root, "data");
  for (const file of files) {
    mkdirSync(dirname(join(path, file)), { recursive: true });
    writeFileSync(join(path, file), "precious");
  }
  return { path, [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }) };
}

const reset = (endpoint: string) =>
  fetch(`${endpoint}/_cloud/reset`, { method: "POST", headers: { "x-local-cloud": "1" } });

async function fill(cloud: Awaited<ReturnType<typeof testCloud>>): Promise<void> {
  const s3 = cloud.client(S3Client, "111111111111");
  await s3.send(new CreateBucketCommand({ Bucket: "kept" }));
  await s3.send(new PutObjectCommand({ Bucket: "kept", Key: "k", Body: "x" }));
}

const bucketsOf = async (cloud: Awaited<ReturnType<typeof testCloud>>) =>
  (await cloud.client(S3Client, "111111111111").send(new ListBucketsCommand({}))).Buckets ?? [];

it.each([
  ["a file", "thesis.txt"],
  ["a directory", join("sub", "thesis.txt")],
  ["a file among the blobs", join("blobs", "photo.jpg")],
])("does not start in a directory with %s of another program, and leaves it", async (_, file) => {
  using directory = directoryWith(file);
  await expect(testCloud({ dataDir: directory.path })).rejects.toThrow(
    /has .*(thesis\.txt|sub|photo\.jpg), which the embedded cloud has not written, .*Name a new or an empty directory/,
  );
  expect(existsSync(join(directory.path, file))).toBe(true);
});

it("deletes its own files at a reset, and starts again in the same directory", async () => {
  using directory = directoryWith();
  await using cloud = await testCloud({ dataDir: directory.path });
  await fill(cloud);
  expect(readdirSync(join(directory.path, "blobs"))).toHaveLength(1);
  expect((await reset(cloud.endpoint)).status).toBe(200);
  expect([readdirSync(join(directory.path, "blobs")), await bucketsOf(cloud)]).toEqual([[], []]);
});

it.each([["thesis.txt"], [join("blobs", "photo.jpg")]])(
  "does not reset when %s was added, and deletes nothing",
  async (file) => {
    using directory = directoryWith();
    await using cloud = await testCloud({ dataDir: directory.path });
    await fill(cloud);
    writeFileSync(join(directory.path, file), "precious");
    const answer = await reset(cloud.endpoint);
    expect([answer.status, await answer.text()]).toEqual([
      409,
      expect.stringContaining(`${file}, which the embedded cloud`),
    ]);
    expect([existsSync(join(directory.path, file)), (await bucketsOf(cloud)).length]).toEqual([true, 1]);
  },
);

it("takes a directory of an earlier version, which has a journal and no marker", async () => {
  using directory = directoryWith();
  {
    await using cloud = await testCloud({ dataDir: directory.path });
    await fill(cloud);
  }
  rmSync(join(directory.path, "local-cloud.json"));
  await using again = await testCloud({ dataDir: directory.path });
  expect(await bucketsOf(again)).toHaveLength(1);
  expect(readdirSync(directory.path)).toContain("local-cloud.json");
});
