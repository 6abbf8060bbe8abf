import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect, it } from "vitest";
import { testCloud } from "#cloud/testing/cloud.ts";

const Bucket = "a-bucket";

it("a rejected upload of any size leaves its connection usable", async () => {
  await using cloud = await testCloud();
  const s3 = cloud.client(S3Client, "111111111111");
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "there already" }));
  for (let size = 50_000; size < 1_000_000; size += 10_000) {
    const Body = Buffer.alloc(size, size);
    const upload = s3.send(new PutObjectCommand({ Bucket, Key: "k", Body, IfNoneMatch: "*" }));
    await expect(upload).rejects.toMatchObject({ name: "PreconditionFailed" });
  }
});
