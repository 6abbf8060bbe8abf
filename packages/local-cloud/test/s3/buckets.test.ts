import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetBucketAclCommand,
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetBucketWebsiteCommand,
  GetObjectCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  type LifecycleRule,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  PutBucketCorsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { startCloud } from "#cloud/cloud.ts";
import { testCloud } from "#cloud/testing/cloud.ts";

const OWNER = "111111111111";
const OTHER = "222222222222";
const Bucket = "a-bucket";
const DAY = 86_400_000;

async function bucket() {
  const cloud = await testCloud({ frozen: true });
  const s3 = cloud.client(S3Client, OWNER);
  await s3.send(new CreateBucketCommand({ Bucket }));
  return { cloud, s3, [Symbol.asyncDispose]: () => cloud[Symbol.asyncDispose]() };
}

describe("a bucket", () => {
  it.each([
    "ab",
    "UPPER",
    "under_score",
    "-a-b",
    "a..b",
    "192.168.0.1",
    "xn--abc",
    "a".repeat(64),
    "abc-s3alias",
  ])("cannot be called %s", async (name) => {
    await using cloud = await testCloud();
    // The SDK itself rejects some names. The server must reject all of them.
    const answer = await fetch(`${cloud.endpoint}/${name}`, {
      method: "PUT",
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=${OWNER}/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=00`,
      },
    });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain("<Code>InvalidBucketName</Code>");
  });

  it("has a name no other account can take, and which its owner may create again in us-east-1", async () => {
    await using at = await bucket();
    await at.s3.send(new CreateBucketCommand({ Bucket }));
    await expect(
      at.cloud.client(S3Client, OTHER).send(new CreateBucketCommand({ Bucket })),
    ).rejects.toMatchObject({ name: "BucketAlreadyExists", $metadata: { httpStatusCode: 409 } });
    const listed = await at.s3.send(new ListBucketsCommand({}));
    expect(listed.Buckets).toMatchObject([{ Name: Bucket, BucketRegion: "us-east-1" }]);
    expect((await at.cloud.client(S3Client, OTHER).send(new ListBucketsCommand({}))).Buckets ?? []).toEqual(
      [],
    );
  });

  it("exists in one region, and names it when a request comes to another region", async () => {
    await using cloud = await testCloud();
    const here = cloud.client(S3Client, OWNER);
    const there = new S3Client({
      endpoint: cloud.endpoint,
      region: "eu-west-1",
      forcePathStyle: true,
      maxAttempts: 1,
      credentials: { accessKeyId: OWNER, secretAccessKey: "any" },
    });
    const CreateBucketConfiguration = { LocationConstraint: "eu-west-1" as const };
    const elsewhere = { LocationConstraint: "eu-central-1" as const };
    await expect(
      there.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: elsewhere })),
    ).rejects.toMatchObject({ name: "IllegalLocationConstraintException" });
    // The endpoint of us-east-1 makes buckets in each region.
    await here.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
    expect((await here.send(new GetBucketLocationCommand({ Bucket }))).LocationConstraint).toBe("eu-west-1");
    expect((await there.send(new HeadBucketCommand({ Bucket }))).BucketRegion).toBe("eu-west-1");
    await expect(here.send(new GetObjectCommand({ Bucket, Key: "k" }))).rejects.toMatchObject({
      name: "PermanentRedirect",
      $metadata: { httpStatusCode: 301 },
    });
  });

  it("starts private, encrypted, unversioned, and without further settings", async () => {
    await using at = await bucket();
    const { s3 } = at;
    expect((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBeUndefined();
    const { ServerSideEncryptionConfiguration: encryption } = await s3.send(
      new GetBucketEncryptionCommand({ Bucket }),
    );
    expect(encryption?.Rules?.[0]?.ApplyServerSideEncryptionByDefault).toEqual({ SSEAlgorithm: "AES256" });
    const { PublicAccessBlockConfiguration: block } = await s3.send(
      new GetPublicAccessBlockCommand({ Bucket }),
    );
    expect(Object.values(block ?? {})).toEqual([true, true, true, true]);
    const { OwnershipControls } = await s3.send(new GetBucketOwnershipControlsCommand({ Bucket }));
    expect(OwnershipControls?.Rules).toEqual([{ ObjectOwnership: "BucketOwnerEnforced" }]);
    expect((await s3.send(new GetBucketAclCommand({ Bucket }))).Grants).toMatchObject([
      { Permission: "FULL_CONTROL" },
    ]);
    const absent: [{ new (input: { Bucket: string }): never }, string][] = [
      [GetBucketPolicyCommand as never, "NoSuchBucketPolicy"],
      [GetBucketCorsCommand as never, "NoSuchCORSConfiguration"],
      [GetBucketTaggingCommand as never, "NoSuchTagSet"],
      [GetBucketLifecycleConfigurationCommand as never, "NoSuchLifecycleConfiguration"],
      [GetBucketWebsiteCommand as never, "NoSuchWebsiteConfiguration"],
    ];
    for (const [Command, name] of absent)
      await expect(s3.send(new Command({ Bucket }))).rejects.toMatchObject({
        name,
        $metadata: { httpStatusCode: 404 },
      });
  });

  it("keeps its settings", async () => {
    await using at = await bucket();
    const TagSet = [{ Key: "team", Value: "größe" }];
    await at.s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
    expect((await at.s3.send(new GetBucketTaggingCommand({ Bucket }))).TagSet).toEqual(TagSet);
    const CORSRules = [{ AllowedMethods: ["GET", "PUT"], AllowedOrigins: ["*"], MaxAgeSeconds: 5 }];
    await at.s3.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules } }));
    expect((await at.s3.send(new GetBucketCorsCommand({ Bucket }))).CORSRules).toEqual(CORSRules);
  });

  it("is deleted only when it is empty, delete markers included", async () => {
    await using at = await bucket();
    const { s3 } = at;
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
    const put = await s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "1" }));
    const gone = await s3.send(new DeleteObjectCommand({ Bucket, Key: "k" }));
    const remove = () => s3.send(new DeleteBucketCommand({ Bucket }));
    await expect(remove()).rejects.toMatchObject({
      name: "BucketNotEmpty",
      $metadata: { httpStatusCode: 409 },
    });
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "k", VersionId: put.VersionId }));
    await expect(remove()).rejects.toMatchObject({ name: "BucketNotEmpty" });
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "k", VersionId: gone.VersionId }));
    await remove();
    await expect(s3.send(new HeadBucketCommand({ Bucket }))).rejects.toMatchObject({ name: "NotFound" });
    await at.cloud.client(S3Client, OTHER).send(new CreateBucketCommand({ Bucket }));
  });
});

describe("lifecycle rules", () => {
  const rules = (s3: S3Client, ...Rules: LifecycleRule[]) =>
    s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));

  it("expires objects, old versions, delete markers without versions and incomplete uploads as the clock passes their days", async () => {
    await using at = await bucket();
    const { s3, cloud } = at;
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
    await rules(
      s3,
      { ID: "current", Status: "Enabled", Filter: { Prefix: "tmp/" }, Expiration: { Days: 3 } },
      {
        ID: "old",
        Status: "Enabled",
        Filter: { Prefix: "" },
        NoncurrentVersionExpiration: { NoncurrentDays: 10 },
      },
      {
        ID: "markers",
        Status: "Enabled",
        Filter: { Prefix: "" },
        Expiration: { ExpiredObjectDeleteMarker: true },
      },
      {
        ID: "uploads",
        Status: "Enabled",
        Filter: { Prefix: "" },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
      },
    );
    for (const Key of ["tmp/a", "kept"]) await s3.send(new PutObjectCommand({ Bucket, Key, Body: "1" }));
    await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: "forgotten" }));
    const remainingKeys = async () => {
      const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
      return { versions: Versions.map(({ Key }) => Key), markers: DeleteMarkers.map(({ Key }) => Key) };
    };
    await cloud.clock.push(2 * DAY);
    expect((await s3.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads ?? []).toEqual([]);
    expect(await remainingKeys()).toEqual({ versions: ["kept", "tmp/a"], markers: [] });
    await cloud.clock.push(2 * DAY);
    expect(await remainingKeys()).toEqual({ versions: ["kept", "tmp/a"], markers: ["tmp/a"] });
    await cloud.clock.push(13 * DAY);
    expect(await remainingKeys()).toEqual({ versions: ["kept"], markers: [] });
  });

  it("rejects rules without an action and contradictory rules", async () => {
    await using at = await bucket();
    const rule = { ID: "a", Status: "Enabled" as const, Filter: { Prefix: "" } };
    await expect(rules(at.s3, rule)).rejects.toMatchObject({ name: "InvalidRequest" });
    await expect(rules(at.s3, { ...rule, Expiration: { Days: 0 } })).rejects.toMatchObject({
      name: "InvalidArgument",
    });
    const fine = { ...rule, Expiration: { Days: 1 } };
    await expect(rules(at.s3, fine, fine)).rejects.toMatchObject({ name: "InvalidArgument" });
  });
});

describe("a cloud with a data directory", () => {
  it("has its buckets and objects again after a restart, shared bytes included", async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "s3-data-"));
    const client = (endpoint: string): S3Client =>
      new S3Client({
        endpoint,
        region: "us-east-1",
        forcePathStyle: true,
        credentials: { accessKeyId: OWNER, secretAccessKey: "any" },
      });
    try {
      await using first = await startCloud({ dataDir });
      const s3 = client(first.endpoint);
      await s3.send(new CreateBucketCommand({ Bucket }));
      await s3.send(
        new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }),
      );
      const one = await s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "one" }));
      const two = await s3.send(
        new PutObjectCommand({ Bucket, Key: "k", Body: "two", Metadata: { n: "2" } }),
      );
      await first.stop();
      await using second = await startCloud({ dataDir });
      const again = client(second.endpoint);
      const read = async (VersionId?: string) =>
        (await again.send(new GetObjectCommand({ Bucket, Key: "k", VersionId }))).Body?.transformToString();
      expect(await read()).toBe("two");
      expect(await read(one.VersionId)).toBe("one");
      const three = await again.send(new PutObjectCommand({ Bucket, Key: "k", Body: "three" }));
      const { Versions } = await again.send(new ListObjectVersionsCommand({ Bucket }));
      expect(Versions?.map(({ VersionId }) => VersionId)).toEqual(
        [three, two, one].map(({ VersionId }) => VersionId),
      );
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
  });
});
