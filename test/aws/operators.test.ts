/** Tests the ports of the operators' use cases: the fakes and AWS keep the same promises. */
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { resultVersionsS3 } from "#aws/result-versions-s3.ts";
import { templateRegistryWriterS3 } from "#aws/template-registry-writer-s3.ts";
import { uploadsS3 } from "#aws/uploads-s3.ts";
import { withVersion } from "#release/template/template-publish.ts";
import { resultVersionsContract } from "#test/contracts/result-versions.ts";
import {
  moduleOf,
  publicationOf,
  refOf,
  templateRegistryContract,
} from "#test/contracts/template-registry.ts";
import { uploadsContract } from "#test/contracts/uploads.ts";
import { memoryResultVersions, memoryUploads } from "#test/support/fakes/operators.ts";
import { memoryTemplateRegistry } from "#test/support/fakes/template-registry.ts";
import { awsCloud } from "./aws-cloud.ts";

const inMemory = { [Symbol.asyncDispose]: async () => undefined };

templateRegistryContract("memory", async () => {
  const port = memoryTemplateRegistry();
  return { port, overwrite: async (key, bytes) => void port.objects.set(key, bytes), ...inMemory };
});
const registryInCloud = async () => {
  const aws = await awsCloud();
  const bucket = await aws.bucket("registry");
  const port = templateRegistryWriterS3(aws.s3, bucket);
  return {
    ...aws,
    port,
    overwrite: async (key: string, bytes: Uint8Array) => void (await aws.put(bucket, key, bytes)),
  };
};
templateRegistryContract("S3", registryInCloud);

describe("two writers of the index", () => {
  it("keeps the changes of all writers of the index", async () => {
    await using subject = await registryInCloud();
    const versions = ["1.0.0", "1.1.0", "1.2.0"].map((version) =>
      publicationOf(refOf("tiny", version, moduleOf("tiny", version))),
    );
    await Promise.all(versions.map((each) => subject.port.change((index) => withVersion(index, each))));
    expect((await subject.port.index()).versions).toHaveLength(3);
  });
});

uploadsContract("memory", async () => {
  const port = memoryUploads();
  return {
    port,
    newest: async (key) => port.objects.get(key)?.at(-1) ?? new Uint8Array(1),
    metadata: async (key) => port.metadata.get(key) ?? {},
    ...inMemory,
  };
});
uploadsContract("S3", async () => {
  const aws = await awsCloud();
  const Bucket = await aws.bucket("uploads");
  const newest = async (Key: string) => {
    const { Body } = await aws.s3.send(new GetObjectCommand({ Bucket, Key }));
    return (await Body?.transformToByteArray()) ?? new Uint8Array(0);
  };
  const metadata = async (Key: string) =>
    (await aws.s3.send(new HeadObjectCommand({ Bucket, Key }))).Metadata ?? {};
  return { ...aws, port: uploadsS3(aws.s3, Bucket), newest, metadata };
});

resultVersionsContract("memory", async () => {
  const port = memoryResultVersions();
  return { port, write: async (key, json) => port.write(key, json, "2026-01-01T00:00:00.000Z"), ...inMemory };
});
resultVersionsContract("S3", async () => {
  const aws = await awsCloud();
  const Bucket = await aws.bucket("uploads");
  const write = async (Key: string, Body: string | undefined) => {
    if (Body === undefined) await aws.s3.send(new DeleteObjectCommand({ Bucket, Key }));
    else await aws.s3.send(new PutObjectCommand({ Bucket, Key, Body }));
  };
  return { ...aws, port: resultVersionsS3(aws.s3, Bucket), write };
});
