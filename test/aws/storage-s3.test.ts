/** Tests the ports of stored objects: the fakes and S3 keep the same promises. */
import { GetObjectCommand, HeadObjectCommand } from "@aws-sdk/client-s3";
import { AwsError } from "@kedge/local-cloud/kernel/aws-error";
import { describe, expect, it } from "vitest";
import { artifactsS3 } from "#aws/artifacts-s3.ts";
import { assetsS3 } from "#aws/assets-s3.ts";
import { environmentLocksS3 } from "#aws/environment-locks-s3.ts";
import { estateFileS3 } from "#aws/estate-file-s3.ts";
import { jobArtifactsS3 } from "#aws/job-artifacts-s3.ts";
import { lineCacheS3 } from "#aws/line-cache-s3.ts";
import { resultsS3 } from "#aws/results-s3.ts";
import { slotRecordsS3 } from "#aws/slot-records-s3.ts";
import { templateRegistryS3 } from "#aws/template-registry-s3.ts";
import { sha256Hex } from "#release/names/digest.ts";
import { registryKeys } from "#release/names/registry-keys.ts";
import { emptyIndex, formatIndex } from "#release/template/template-index.ts";
import { artifactsContract } from "#test/contracts/artifacts.ts";
import { assetsContract } from "#test/contracts/assets.ts";
import { environmentLocksContract } from "#test/contracts/environment-locks.ts";
import { jobArtifactsContract } from "#test/contracts/job-artifacts.ts";
import { lineCacheContract } from "#test/contracts/line-cache.ts";
import { resultsContract } from "#test/contracts/results.ts";
import { slotRecordsContract } from "#test/contracts/slot-records.ts";
import { codeOf } from "#test/release/samples.ts";
import { estateText } from "#test/support/fakes/anchor.ts";
import {
  memoryArtifacts,
  memoryAssets,
  memoryCache,
  memoryJobArtifacts,
  memoryLocks,
  memoryResults,
  memorySlotRecords,
} from "#test/support/fakes/storage.ts";
import { awsCloud, region } from "./aws-cloud.ts";

const inMemory = { [Symbol.asyncDispose]: async () => undefined };

artifactsContract("memory", async () => {
  const port = memoryArtifacts();
  return { port, upload: async (key, bytes) => port.upload(key, bytes), ...inMemory };
});
artifactsContract("S3", async () => {
  const aws = await awsCloud();
  const bucket = await aws.bucket("uploads");
  return { ...aws, port: artifactsS3(aws.s3, bucket), upload: (key, bytes) => aws.put(bucket, key, bytes) };
});

resultsContract("memory", async () => ({ port: memoryResults(), ...inMemory }));
resultsContract("S3", async () => {
  const aws = await awsCloud();
  return { ...aws, port: resultsS3(aws.s3, await aws.bucket("uploads")) };
});

const noOther = (): never => {
  throw new TypeError("These tests are of one region.");
};

lineCacheContract("memory", async () => {
  const port = memoryCache();
  const versions = async (prefix: string) =>
    [...port.objects].flatMap(([key, each]) => (key.startsWith(prefix) ? each : [])).length;
  return { port, versions, summaryOf: async (key, version) => port.summaryOf(key, version), ...inMemory };
});
lineCacheContract("S3", async () => {
  const aws = await awsCloud();
  const name = await aws.bucket("cache");
  const summaryOf = async (Key: string, VersionId: string) => {
    const head = await aws.s3.send(new HeadObjectCommand({ Bucket: name, Key, VersionId }));
    return head.Metadata?.["codepipeline-artifact-revision-summary"];
  };
  return {
    ...aws,
    port: lineCacheS3(aws.s3, { name, keyArn: await aws.key() }, noOther),
    versions: (prefix) => aws.versions(name, prefix),
    summaryOf,
  };
});

slotRecordsContract("memory", async () => {
  const port = memorySlotRecords();
  return { port, versions: async () => port.objects.size, ...inMemory };
});
slotRecordsContract("S3", async () => {
  const aws = await awsCloud();
  const name = await aws.bucket("cache");
  const port = slotRecordsS3(aws.s3, { name, keyArn: await aws.key() });
  return { ...aws, port, versions: (prefix) => aws.versions(name, prefix) };
});

environmentLocksContract("memory", async () => ({ port: memoryLocks(), ...inMemory }));
environmentLocksContract("S3", async () => {
  const aws = await awsCloud();
  const bucket = { name: await aws.bucket("cache"), keyArn: await aws.key() };
  return { ...aws, port: environmentLocksS3(aws.s3, bucket) };
});

jobArtifactsContract("memory", async () => ({
  port: memoryJobArtifacts(),
  at: (key) => ({ bucket: "memory", key }),
  ...inMemory,
}));
jobArtifactsContract("S3", async () => {
  const aws = await awsCloud();
  const bucket = await aws.bucket("cache");
  const port = jobArtifactsS3(aws.s3, { name: bucket, keyArn: await aws.key() });
  return { ...aws, port, at: (key) => ({ bucket, key }) };
});

assetsContract("memory", async () => {
  const port = memoryAssets();
  return {
    port,
    get: async (key) => port.objects.get(key) ?? new Uint8Array(0),
    overwrite: async (key, bytes) => port.overwrite(key, bytes),
    ...inMemory,
  };
});
assetsContract("S3", async () => {
  const aws = await awsCloud();
  const name = await aws.bucket("cache");
  const get = async (Key: string) => {
    const { Body } = await aws.s3.send(new GetObjectCommand({ Bucket: name, Key }));
    return (await Body?.transformToByteArray()) ?? new Uint8Array(0);
  };
  return {
    ...aws,
    port: assetsS3(aws.s3, { name, keyArn: await aws.key() }, region, noOther),
    get,
    overwrite: async (key, bytes) => void (await aws.put(name, key, bytes)),
  };
});

describe("a throttle of S3", () => {
  it.each(["HeadObject", "GetObject"])("is never taken for an absent object at %s", async (operation) => {
    await using aws = await awsCloud();
    const name = await aws.bucket("bucket");
    aws.throttle(operation);
    const bucket = { name, keyArn: "" };
    const asked =
      operation === "HeadObject"
        ? [artifactsS3(aws.s3, name).newest("k"), assetsS3(aws.s3, bucket, region, noOther).newest("k")]
        : [resultsS3(aws.s3, name).read("k"), lineCacheS3(aws.s3, bucket, noOther).get("k")];
    for (const answer of await Promise.allSettled(asked)) expect(answer.status).toBe("rejected");
  });
});

describe("a transfer that breaks off", () => {
  it("continues at the byte where it broke off", async () => {
    await using aws = await awsCloud();
    const name = await aws.bucket("uploads");
    await aws.put(name, "k", "0123456789");
    const port = artifactsS3(aws.s3, name);
    const artifact = await port.newest("k");
    if (artifact === undefined) throw new TypeError("The upload is not there.");
    const send = aws.s3.send.bind(aws.s3);
    const ranges: unknown[] = [];
    Object.assign(aws.s3, {
      send: async (command: GetObjectCommand) => {
        const answer = await send(command);
        ranges.push(command.input.Range);
        if (ranges.length > 1) return answer;
        const body = async function* () {
          yield Buffer.from("0123");
          throw new Error("ECONNRESET");
        };
        return { ...answer, Body: body() };
      },
    });
    const read: string[] = [];
    for await (const chunk of port.stream(artifact)) read.push(Buffer.from(chunk).toString());
    expect(read.join("")).toBe("0123456789");
    expect(ranges).toEqual(["bytes=0-9", "bytes=4-9"]);
  });
});

describe("the estate file in S3", () => {
  it("is transferred again only when it has changed", async () => {
    await using aws = await awsCloud();
    const name = await aws.bucket("registry");
    await aws.put(name, registryKeys.estate, estateText);
    const port = estateFileS3(aws.s3, name);
    const first = await port.load();
    expect(await port.load()).toBe(first);
    await aws.put(
      name,
      registryKeys.estate,
      estateText.replace("allowTombstone: [main]", "allowTombstone: []"),
    );
    expect((await port.load()).anchors[0]?.allowTombstone).toEqual([]);
  });
});

describe("release templates in S3", () => {
  const module = `export const template = { name: "tiny", version: "1.0.0", entries: [] };`;
  const ref = { name: "tiny", version: "1.0.0", sha256: sha256Hex(module) };

  it("loads a release template by the digest in the index", async () => {
    await using aws = await awsCloud();
    const name = await aws.bucket("registry");
    await aws.put(name, registryKeys.templates, formatIndex({ ...emptyIndex, templates: [ref] }));
    await aws.put(name, registryKeys.template(ref.name, ref.version, ref.sha256), module);
    const port = templateRegistryS3(aws.s3, name);
    expect((await port.index()).templates).toEqual([ref]);
    expect(await port.load(ref)).toMatchObject({ ref, template: { name: "tiny" } });
  });

  it("does not evaluate a release template with another digest, and reports a missing one as Kedge's error", async () => {
    await using aws = await awsCloud();
    const name = await aws.bucket("registry");
    const port = templateRegistryS3(aws.s3, name);
    expect(await codeOf(() => port.load(ref))).toBe("TemplateUnavailable");
    await aws.put(name, registryKeys.template(ref.name, ref.version, ref.sha256), `${module}//`);
    expect(await codeOf(() => port.load(ref))).toBe("TemplateUnavailable");
  });
});

describe("artifacts of jobs in S3", () => {
  it("encrypts an artifact with the anchor's key", async () => {
    await using aws = await awsCloud();
    const bucket = await aws.bucket("cache");
    const keyArn = await aws.key();
    const port = jobArtifactsS3(aws.s3, { name: bucket, keyArn });
    await port.write({ bucket, key: "line/Packaged/1" }, Buffer.from("content"));
    expect(Buffer.from(await port.read({ bucket, key: "line/Packaged/1" })).toString()).toBe("content");
    const head = await aws.s3.send(new HeadObjectCommand({ Bucket: bucket, Key: "line/Packaged/1" }));
    expect(head).toMatchObject({ ServerSideEncryption: "aws:kms", SSEKMSKeyId: keyArn });
  });

  it("is written at the next attempt when S3 refuses the write and hides that no object is there", async () => {
    await using aws = await awsCloud();
    const bucket = await aws.bucket("cache");
    const port = jobArtifactsS3(aws.s3, { name: bucket, keyArn: await aws.key() });
    const { faults } = aws.cloud.cloud();
    const conflict = new AwsError("ConditionalRequestConflict", "A conflicting operation is under way.", 409);
    const denied = new AwsError("AccessDenied", "Access Denied", 403);
    faults.add({ operation: "PutObject", when: "before", error: conflict, count: 1 });
    faults.add({ operation: "GetObject", when: "before", error: denied, count: 1 });
    const at = { bucket, key: "line/Prepared_p/2" };
    await port.write(at, Buffer.from("content"));
    expect(Buffer.from(await port.read(at)).toString()).toBe("content");
  });

  it("throws the denial of a role that may not read its output", async () => {
    await using aws = await awsCloud();
    const bucket = await aws.bucket("cache");
    const port = jobArtifactsS3(aws.s3, { name: bucket, keyArn: await aws.key() });
    const at = { bucket, key: "line/Prepared_p/3" };
    await port.write(at, Buffer.from("content"));
    const denied = new AwsError("AccessDenied", "Access Denied", 403);
    aws.cloud.cloud().faults.add({ operation: "GetObject", when: "before", error: denied });
    await expect(port.write(at, Buffer.from("content"))).rejects.toThrow("Access Denied");
  });
});
