import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
} from "@aws-sdk/client-s3";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type TestCloud, testCloud } from "#cloud/testing/cloud.ts";

const OWNER = "111111111111";
const Bucket = "a-bucket";

type Fixture = { readonly cloud: TestCloud; readonly s3: S3Client } & AsyncDisposable;

async function bucket(versioning = false): Promise<Fixture> {
  const cloud = await testCloud();
  const s3 = cloud.client(S3Client, OWNER);
  await s3.send(new CreateBucketCommand({ Bucket }));
  if (versioning)
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
  return { cloud, s3, [Symbol.asyncDispose]: () => cloud[Symbol.asyncDispose]() };
}
const put = (s3: S3Client, Key: string, Body: string | Buffer, more: Partial<PutObjectCommandInput> = {}) =>
  s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const text = async (s3: S3Client, Key: string, more = {}): Promise<string> => {
  const answer = await s3.send(new GetObjectCommand({ Bucket, Key, ...more }));
  return (await answer.Body?.transformToString()) ?? "";
};
const md5 = (bytes: string | Buffer): string => `"${createHash("md5").update(bytes).digest("hex")}"`;
const sample = (size: number): Buffer =>
  Buffer.from(Array.from({ length: size }, (_, at) => (at * 31) % 251));

describe("an object", () => {
  it("returns as it was put, with all its metadata", async () => {
    await using at = await bucket();
    const said = {
      ContentType: "text/plain",
      CacheControl: "no-cache",
      ContentDisposition: "inline",
      ContentEncoding: "gzip",
      ContentLanguage: "de",
      Metadata: { who: "me", "two-words": "x y" },
      Tagging: "stage=dev&owner=a%20b",
    };
    const answer = await put(at.s3, "a/key", "hello", said);
    expect(answer.ETag).toBe(md5("hello"));
    expect(answer.ServerSideEncryption).toBe("AES256");
    expect(answer.VersionId).toBeUndefined();
    const { Tagging: _tagging, ...shown } = said;
    const head = await at.s3.send(new HeadObjectCommand({ Bucket, Key: "a/key" }));
    expect(head).toMatchObject({ ...shown, ContentLength: 5, AcceptRanges: "bytes", ETag: md5("hello") });
    const got = await at.s3.send(new GetObjectCommand({ Bucket, Key: "a/key" }));
    expect(got).toMatchObject({ ...shown, ContentLength: 5, TagCount: 2 });
    expect(await got.Body?.transformToString()).toBe("hello");
  });

  it("may have any key that S3 takes", async () => {
    await using at = await bucket();
    const keys = fc.uniqueArray(
      fc.string({ unit: "binary", minLength: 1, maxLength: 40 }).filter((key) => {
        const sendable = key.isWellFormed() && !/[\u0000-\u001f\u007f\ufffe\uffff]/.test(key);
        return sendable && !key.startsWith("/");
      }),
      { maxLength: 8 },
    );
    await fc.assert(
      fc.asyncProperty(keys, async (names) => {
        const all = [...names, "a//b/../c", "sp ace+plus%25", "größe ändern/ü"];
        await Promise.all(all.map((name) => put(at.s3, name, name)));
        expect(await Promise.all(all.map((name) => text(at.s3, name)))).toEqual(all);
        const listed = await at.s3.send(new ListObjectsV2Command({ Bucket }));
        const expected = [...new Set(all)].sort((left, right) =>
          Buffer.compare(Buffer.from(left), Buffer.from(right)),
        );
        expect(listed.Contents?.map(({ Key }) => Key)).toEqual(expected);
        await at.s3.send(
          new DeleteObjectsCommand({ Bucket, Delete: { Objects: all.map((Key) => ({ Key })) } }),
        );
        expect((await at.s3.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(0);
      }),
      { numRuns: 4 },
    );
  });

  it("is refused with a key of more than 1024 bytes", async () => {
    await using at = await bucket();
    await expect(put(at.s3, "ü".repeat(513), "x")).rejects.toMatchObject({ name: "KeyTooLongError" });
    await put(at.s3, "ü".repeat(512), "x");
  });

  it("returns NoSuchKey for an absent key, NotFound to HEAD, and no error to DELETE", async () => {
    await using at = await bucket();
    await expect(text(at.s3, "absent")).rejects.toMatchObject({ name: "NoSuchKey" });
    await expect(at.s3.send(new HeadObjectCommand({ Bucket, Key: "absent" }))).rejects.toMatchObject({
      name: "NotFound",
    });
    await at.s3.send(new DeleteObjectCommand({ Bucket, Key: "absent" }));
    await expect(text(at.s3, "k", { Bucket: "no-such-bucket" })).rejects.toMatchObject({
      name: "NoSuchBucket",
    });
  });

  it.each([
    ["bytes=0-0", "0", "bytes 0-0/10"],
    ["bytes=2-5", "2345", "bytes 2-5/10"],
    ["bytes=7-", "789", "bytes 7-9/10"],
    ["bytes=-3", "789", "bytes 7-9/10"],
    ["bytes=-30", "0123456789", "bytes 0-9/10"],
    ["bytes=5-500", "56789", "bytes 5-9/10"],
    ["bytes=5-2", "0123456789", undefined],
    ["lines=1-2", "0123456789", undefined],
    ["bytes=0-1,4-5", "0123456789", undefined],
  ])("answers range %s with %s", async (Range, expected, ContentRange) => {
    await using at = await bucket();
    await put(at.s3, "k", "0123456789");
    const got = await at.s3.send(new GetObjectCommand({ Bucket, Key: "k", Range }));
    expect(await got.Body?.transformToString()).toBe(expected);
    expect(got.ContentRange).toBe(ContentRange);
    expect(got.$metadata.httpStatusCode).toBe(ContentRange === undefined ? 200 : 206);
  });

  it.each(["bytes=10-", "bytes=10-12", "bytes=-0"])("answers range %s with 416", async (Range) => {
    await using at = await bucket();
    await put(at.s3, "k", "0123456789");
    await expect(text(at.s3, "k", { Range })).rejects.toMatchObject({
      name: "InvalidRange",
      $metadata: { httpStatusCode: 416 },
      ActualObjectSize: "10",
    });
  });

  it("answers conditions on reads", async () => {
    await using at = await bucket();
    const { ETag = "" } = await put(at.s3, "k", "x");
    const { LastModified = new Date() } = await at.s3.send(new HeadObjectCommand({ Bucket, Key: "k" }));
    const earlier = new Date(LastModified.getTime() - 5000);
    expect(await text(at.s3, "k", { IfMatch: ETag, IfUnmodifiedSince: earlier })).toBe("x");
    expect(await text(at.s3, "k", { IfNoneMatch: '"other"', IfModifiedSince: LastModified })).toBe("x");
    const status = (httpStatusCode: number) => ({ $metadata: { httpStatusCode } });
    await expect(text(at.s3, "k", { IfMatch: '"other"' })).rejects.toMatchObject(status(412));
    await expect(text(at.s3, "k", { IfUnmodifiedSince: earlier })).rejects.toMatchObject(status(412));
    await expect(text(at.s3, "k", { IfNoneMatch: ETag })).rejects.toMatchObject(status(304));
    await expect(text(at.s3, "k", { IfModifiedSince: LastModified })).rejects.toMatchObject(status(304));
  });

  it("is written on condition", async () => {
    await using at = await bucket();
    const first = await put(at.s3, "k", "1", { IfNoneMatch: "*" });
    await expect(put(at.s3, "k", "2", { IfNoneMatch: "*" })).rejects.toMatchObject({
      name: "PreconditionFailed",
    });
    await expect(put(at.s3, "k", "2", { IfMatch: '"other"' })).rejects.toMatchObject({
      name: "PreconditionFailed",
    });
    await expect(put(at.s3, "absent", "2", { IfMatch: first.ETag })).rejects.toMatchObject({
      name: "NoSuchKey",
    });
    await put(at.s3, "k", "2", { IfMatch: first.ETag });
    expect(await text(at.s3, "k")).toBe("2");
  });

  it("is created by only one of many simultaneous conditional writes", async () => {
    await using at = await bucket();
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => put(at.s3, "lock", String(index), { IfNoneMatch: "*" })),
    );
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  it("accepts a stream with a trailing checksum", async () => {
    await using at = await bucket();
    const bytes = sample(700_000);
    const pieces = [bytes.subarray(0, 300_000), bytes.subarray(300_000)];
    const answer = await at.s3.send(
      new PutObjectCommand({ Bucket, Key: "k", Body: Readable.from(pieces), ContentLength: bytes.length }),
    );
    expect(answer.ChecksumCRC32).toBeDefined();
    const got = await at.s3.send(new GetObjectCommand({ Bucket, Key: "k", ChecksumMode: "ENABLED" }));
    expect(got.ChecksumCRC32).toBe(answer.ChecksumCRC32);
    expect(got.ContentEncoding).toBeUndefined();
    expect(bytes.equals((await got.Body?.transformToByteArray()) ?? new Uint8Array())).toBe(true);
  });

  it.each(["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] as const)(
    "has its %s checked and told",
    async (name) => {
      await using at = await bucket();
      const answer = await put(at.s3, "k", "checked", { ChecksumAlgorithm: name });
      const value = answer[`Checksum${name}`];
      expect(value).toBeDefined();
      expect(answer.ChecksumType).toBe("FULL_OBJECT");
      expect(await text(at.s3, "k", { ChecksumMode: "ENABLED" })).toBe("checked");
      const attributes = await at.s3.send(
        new GetObjectAttributesCommand({
          Bucket,
          Key: "k",
          ObjectAttributes: ["Checksum", "ETag", "ObjectSize"],
        }),
      );
      expect(attributes).toMatchObject({ ObjectSize: 7, ETag: md5("checked").replaceAll('"', "") });
      expect(attributes.Checksum).toMatchObject({ [`Checksum${name}`]: value, ChecksumType: "FULL_OBJECT" });
      await expect(put(at.s3, "k", "tampered", { [`Checksum${name}`]: value })).rejects.toMatchObject({
        name: "BadDigest",
      });
      await expect(put(at.s3, "k", "x", { [`Checksum${name}`]: "AAAA" })).rejects.toMatchObject({
        name: "InvalidRequest",
      });
      expect(await text(at.s3, "k")).toBe("checked");
    },
  );

  it("is compared with its Content-MD5", async () => {
    await using at = await bucket();
    const ContentMD5 = createHash("md5").update("right").digest("base64");
    await put(at.s3, "k", "right", { ContentMD5 });
    await expect(put(at.s3, "k", "wrong", { ContentMD5 })).rejects.toMatchObject({ name: "BadDigest" });
    await expect(put(at.s3, "k", "right", { ContentMD5: "nonsense" })).rejects.toMatchObject({
      name: "InvalidDigest",
    });
  });

  it("is copied with its description or a new one, and outlives its source", async () => {
    await using at = await bucket();
    const { s3 } = at;
    await put(s3, "über/source file+1", "content", {
      ContentType: "text/x",
      Metadata: { a: "1" },
      Tagging: "t=1",
    });
    const CopySource = `${Bucket}/${encodeURIComponent("über/source file+1")}`;
    const copied = await s3.send(new CopyObjectCommand({ Bucket, Key: "copy", CopySource }));
    expect(copied.CopyObjectResult?.ETag).toBe(md5("content"));
    await s3.send(
      new CopyObjectCommand({
        Bucket,
        Key: "other",
        CopySource,
        MetadataDirective: "REPLACE",
        Metadata: { b: "2" },
      }),
    );
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "über/source file+1" }));
    expect(await s3.send(new HeadObjectCommand({ Bucket, Key: "copy" }))).toMatchObject({
      ContentType: "text/x",
      Metadata: { a: "1" },
    });
    expect(await s3.send(new HeadObjectCommand({ Bucket, Key: "other" }))).toMatchObject({
      ContentType: "binary/octet-stream",
      Metadata: { b: "2" },
    });
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "copy" }));
    expect(await text(s3, "other")).toBe("content");
  });

  it("cannot be copied onto itself unchanged, nor against a condition", async () => {
    await using at = await bucket();
    await put(at.s3, "k", "x");
    const itself = { Bucket, Key: "k", CopySource: `${Bucket}/k` };
    await expect(at.s3.send(new CopyObjectCommand(itself))).rejects.toMatchObject({ name: "InvalidRequest" });
    await at.s3.send(new CopyObjectCommand({ ...itself, StorageClass: "STANDARD" }));
    await at.s3.send(
      new CopyObjectCommand({ ...itself, MetadataDirective: "REPLACE", Metadata: { n: "1" } }),
    );
    await expect(
      at.s3.send(new CopyObjectCommand({ ...itself, Key: "other", CopySourceIfNoneMatch: md5("x") })),
    ).rejects.toMatchObject({ name: "PreconditionFailed" });
    expect(await text(at.s3, "k")).toBe("x");
  });
});

describe("versions", () => {
  it("keeps all versions, newest first, and each can be read and removed", async () => {
    await using at = await bucket(true);
    const { s3 } = at;
    const one = await put(s3, "k", "1");
    const two = await put(s3, "k", "2");
    expect(one.VersionId).toMatch(/^[\w.]{32}$/);
    expect(await text(s3, "k", { VersionId: one.VersionId })).toBe("1");
    const gone = await s3.send(new DeleteObjectCommand({ Bucket, Key: "k" }));
    expect(gone).toMatchObject({ DeleteMarker: true });
    await expect(text(s3, "k")).rejects.toMatchObject({ name: "NoSuchKey" });
    const marker = await s3
      .send(new HeadObjectCommand({ Bucket, Key: "k", VersionId: gone.VersionId }))
      .catch((e) => e);
    expect(marker).toMatchObject({ $metadata: { httpStatusCode: 405 } });
    expect(marker.$response.headers).toMatchObject({ "x-amz-delete-marker": "true", allow: "DELETE" });
    const listed = await s3.send(new ListObjectVersionsCommand({ Bucket }));
    expect(listed.Versions?.map(({ VersionId, IsLatest }) => [VersionId, IsLatest])).toEqual([
      [two.VersionId, false],
      [one.VersionId, false],
    ]);
    expect(listed.DeleteMarkers).toMatchObject([{ VersionId: gone.VersionId, IsLatest: true }]);
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "k", VersionId: gone.VersionId }));
    expect(await text(s3, "k")).toBe("2");
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "k", VersionId: two.VersionId }));
    expect(await text(s3, "k")).toBe("1");
    await expect(text(s3, "k", { VersionId: two.VersionId })).rejects.toMatchObject({
      name: "NoSuchVersion",
    });
    await expect(text(s3, "k", { VersionId: "nonsense" })).rejects.toMatchObject({ name: "InvalidArgument" });
  });

  it("restores an old version by a copy over the newest", async () => {
    await using at = await bucket(true);
    const old = await put(at.s3, "k", "old");
    await put(at.s3, "k", "new");
    const CopySource = `${Bucket}/k?versionId=${old.VersionId}`;
    const restored = await at.s3.send(new CopyObjectCommand({ Bucket, Key: "k", CopySource }));
    expect(restored.CopySourceVersionId).toBe(old.VersionId);
    expect(await text(at.s3, "k")).toBe("old");
    // `aws s3 cp` onto the same key releases the newest artifact once more.
    const again = await at.s3.send(new CopyObjectCommand({ Bucket, Key: "k", CopySource: `${Bucket}/k` }));
    expect([again.VersionId === restored.VersionId, await text(at.s3, "k")]).toEqual([false, "old"]);
  });

  it("keeps a null version from before versioning, and again while versioning is suspended", async () => {
    await using at = await bucket();
    const { s3 } = at;
    await put(s3, "k", "before");
    const versioning = (Status: "Enabled" | "Suspended") =>
      s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
    await versioning("Enabled");
    const kept = await put(s3, "k", "kept");
    expect(await text(s3, "k", { VersionId: "null" })).toBe("before");
    await versioning("Suspended");
    expect((await put(s3, "k", "null again")).VersionId).toBe("null");
    expect(await text(s3, "k", { VersionId: "null" })).toBe("null again");
    expect(await s3.send(new DeleteObjectCommand({ Bucket, Key: "k" }))).toMatchObject({
      DeleteMarker: true,
      VersionId: "null",
    });
    const listed = await s3.send(new ListObjectVersionsCommand({ Bucket }));
    expect(listed.Versions?.map(({ VersionId }) => VersionId)).toEqual([kept.VersionId]);
    expect(listed.DeleteMarkers?.map(({ VersionId }) => VersionId)).toEqual(["null"]);
  });

  it("lists versions page by page without loss", async () => {
    await using at = await bucket(true);
    for (const key of ["a", "a", "a", "b", "c/1", "c/2", "d", "d"]) await put(at.s3, key, key);
    await at.s3.send(new DeleteObjectCommand({ Bucket, Key: "b" }));
    for (const MaxKeys of [1, 2, 3, 100]) {
      const seen: string[] = [];
      let page: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } | undefined = {};
      while (page !== undefined) {
        const listed: ListObjectVersionsCommandOutput = await at.s3.send(
          new ListObjectVersionsCommand({ Bucket, MaxKeys, Delimiter: "/", ...page }),
        );
        for (const prefix of listed.CommonPrefixes ?? []) seen.push(prefix.Prefix ?? "");
        for (const version of listed.Versions ?? []) seen.push(version.Key ?? "");
        for (const marker of listed.DeleteMarkers ?? []) seen.push(`-${marker.Key}`);
        page = listed.IsTruncated
          ? { KeyMarker: listed.NextKeyMarker, VersionIdMarker: listed.NextVersionIdMarker }
          : undefined;
      }
      expect(seen.sort()).toEqual(["-b", "a", "a", "a", "b", "c/", "d", "d"]);
    }
  });
});

describe("a listing", () => {
  it("rolls up and pages like one done by hand, whatever the keys, limit and start", async () => {
    await using at = await bucket();
    const keys = ["a", "a/b", "a/b/c", "a/d", "b/", "b/x y", "c", "ü/1", "ü/2", "z"];
    for (const key of keys) await put(at.s3, key, "x");
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("", "a", "a/", "b/", "ü", "nothing"),
        fc.constantFrom(undefined, "/", "/b"),
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom(undefined, "a", "a/b", "b/", "c"),
        async (Prefix, Delimiter, MaxKeys, StartAfter) => {
          const seen: string[] = [];
          let ContinuationToken: string | undefined;
          do {
            const page: { NextContinuationToken?: string | undefined; IsTruncated?: boolean | undefined } & {
              Contents?: { Key?: string | undefined }[] | undefined;
              CommonPrefixes?: { Prefix?: string | undefined }[] | undefined;
            } = await at.s3.send(
              new ListObjectsV2Command({ Bucket, Prefix, Delimiter, MaxKeys, StartAfter, ContinuationToken }),
            );
            for (const item of page.Contents ?? []) seen.push(item.Key ?? "");
            for (const item of page.CommonPrefixes ?? []) seen.push(item.Prefix ?? "");
            ContinuationToken = page.NextContinuationToken;
          } while (ContinuationToken !== undefined);
          const rolled = keys
            .filter(
              (key) =>
                key.startsWith(Prefix) && Buffer.compare(Buffer.from(key), Buffer.from(StartAfter ?? "")) > 0,
            )
            .map((key) => {
              const end = Delimiter === undefined ? -1 : key.indexOf(Delimiter, Prefix.length);
              return end < 0 ? key : key.slice(0, end + (Delimiter ?? "").length);
            })
            .filter((entry) => entry !== StartAfter);
          expect(seen.sort()).toEqual([...new Set(rolled)].sort());
        },
      ),
      { numRuns: 25 },
    );
  });

  it("continues from its marker with version 1 of the API, and encodes keys on request", async () => {
    await using at = await bucket();
    for (const key of ["a b/1", "a b/2", "c+d"]) await put(at.s3, key, "x");
    const first = await at.s3.send(new ListObjectsCommand({ Bucket, MaxKeys: 1, Delimiter: "/" }));
    expect(first).toMatchObject({
      CommonPrefixes: [{ Prefix: "a b/" }],
      IsTruncated: true,
      NextMarker: "a b/",
    });
    const rest = await at.s3.send(
      new ListObjectsCommand({ Bucket, Delimiter: "/", Marker: first.NextMarker }),
    );
    expect(rest.Contents?.map(({ Key }) => Key)).toEqual(["c+d"]);
    const encoded = await at.s3.send(new ListObjectsV2Command({ Bucket, EncodingType: "url" }));
    expect(encoded.Contents?.map(({ Key }) => Key)).toEqual(["a+b/1", "a+b/2", "c%2Bd"]);
    await expect(at.s3.send(new ListObjectsV2Command({ Bucket, MaxKeys: -1 }))).rejects.toMatchObject({
      name: "InvalidArgument",
    });
  });
});
