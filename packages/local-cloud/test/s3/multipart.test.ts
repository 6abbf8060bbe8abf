import { createHash } from "node:crypto";
import {
  AbortMultipartUploadCommand,
  type ChecksumAlgorithm,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { describe, expect, it } from "vitest";
import { testCloud } from "#cloud/testing/cloud.ts";

const Bucket = "a-bucket";
const Key = "large";
const MIB = 2 ** 20;
const md5 = (bytes: Buffer): Buffer => createHash("md5").update(bytes).digest();
const fill = (size: number, byte: number): Buffer => Buffer.alloc(size, byte);

async function bucket() {
  const cloud = await testCloud();
  const s3 = cloud.client(S3Client, "111111111111");
  await s3.send(new CreateBucketCommand({ Bucket }));
  return { cloud, s3, [Symbol.asyncDispose]: () => cloud[Symbol.asyncDispose]() };
}
type Part = { PartNumber: number; ETag: string | undefined };
const begin = async (s3: S3Client, more = {}): Promise<string> =>
  (await s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }))).UploadId ?? "";
const part = async (s3: S3Client, UploadId: string, PartNumber: number, Body: Buffer): Promise<Part> => {
  const { ETag } = await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }));
  return { PartNumber, ETag };
};
const complete = (s3: S3Client, UploadId: string, Parts: Part[], more = {}) =>
  s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts }, ...more }));
const bytes = async (s3: S3Client, more = {}): Promise<Buffer> => {
  const got = await s3.send(new GetObjectCommand({ Bucket, Key, ...more }));
  return Buffer.from((await got.Body?.transformToByteArray()) ?? []);
};

describe("an upload in parts", () => {
  it("becomes one object, readable across its parts and part by part", async () => {
    await using at = await bucket();
    const { s3 } = at;
    const [one, two, three] = [fill(5 * MIB, 1), fill(5 * MIB, 2), fill(10, 3)];
    const UploadId = await begin(s3, { ContentType: "x/y", Metadata: { a: "1" } });
    const parts = [
      await part(s3, UploadId, 2, one),
      await part(s3, UploadId, 5, two),
      await part(s3, UploadId, 9, three),
    ];
    const listed = await s3.send(new ListPartsCommand({ Bucket, Key, UploadId, MaxParts: 2 }));
    expect(listed).toMatchObject({ IsTruncated: true, NextPartNumberMarker: "5" });
    expect(listed.Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
      [2, 5 * MIB],
      [5, 5 * MIB],
    ]);
    const done = await complete(s3, UploadId, parts);
    // A client repeats the call when the answer is lost.
    expect(await complete(s3, UploadId, parts)).toMatchObject({ ETag: done.ETag, Key });
    await expect(complete(s3, UploadId, parts.slice(1))).rejects.toMatchObject({ name: "NoSuchUpload" });
    const joined = createHash("md5")
      .update(Buffer.concat([md5(one), md5(two), md5(three)]))
      .digest("hex");
    expect(done.ETag).toBe(`"${joined}-3"`);
    expect(done).toMatchObject({ Bucket, Key, ChecksumType: "FULL_OBJECT" });
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key }));
    expect(head).toMatchObject({ ContentType: "x/y", Metadata: { a: "1" }, ContentLength: 10 * MIB + 10 });
    const middle = await bytes(s3, { Range: `bytes=${5 * MIB - 2}-${5 * MIB + 1}` });
    expect([...middle]).toEqual([1, 1, 2, 2]);
    expect((await bytes(s3)).equals(Buffer.concat([one, two, three]))).toBe(true);
    const last = await s3.send(new GetObjectCommand({ Bucket, Key, PartNumber: 9 }));
    expect(last).toMatchObject({ PartsCount: 3, ContentLength: 10 });
    await expect(s3.send(new ListPartsCommand({ Bucket, Key, UploadId }))).rejects.toMatchObject({
      name: "NoSuchUpload",
    });
  });

  it("is refused with missing, small or disordered parts, and can still be completed", async () => {
    await using at = await bucket();
    const { s3 } = at;
    const UploadId = await begin(s3);
    const one = await part(s3, UploadId, 1, fill(100, 1));
    const two = await part(s3, UploadId, 2, fill(100, 2));
    const invalidCases: [Part[], string][] = [
      [[one, two], "EntityTooSmall"],
      [[two, one], "InvalidPartOrder"],
      [[one, one], "InvalidPartOrder"],
      [[{ ...one, ETag: two.ETag }], "InvalidPart"],
      [[{ PartNumber: 7, ETag: one.ETag }], "InvalidPart"],
      [[], "MalformedXML"],
    ];
    for (const [parts, name] of invalidCases)
      await expect(complete(s3, UploadId, parts)).rejects.toMatchObject({ name });
    await expect(part(s3, UploadId, 10_001, fill(1, 1))).rejects.toMatchObject({ name: "InvalidArgument" });
    await expect(part(s3, "no-such-upload", 1, fill(1, 1))).rejects.toMatchObject({ name: "NoSuchUpload" });
    await complete(s3, UploadId, [two]);
    expect((await bytes(s3)).equals(fill(100, 2))).toBe(true);
  });

  it("takes the last body sent for a part, and leaves nothing when it is aborted", async () => {
    await using at = await bucket();
    const { s3 } = at;
    const UploadId = await begin(s3);
    await part(s3, UploadId, 1, fill(300_000, 1));
    const again = await part(s3, UploadId, 1, fill(400_000, 2));
    const other = await begin(s3, { Key: "other" });
    const uploads = await s3.send(new ListMultipartUploadsCommand({ Bucket }));
    expect(uploads.Uploads?.map((upload) => upload.Key)).toEqual([Key, "other"]);
    await s3.send(new AbortMultipartUploadCommand({ Bucket, Key: "other", UploadId: other }));
    expect((await s3.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads).toHaveLength(1);
    await complete(s3, UploadId, [again]);
    expect((await bytes(s3)).equals(fill(400_000, 2))).toBe(true);
    expect((await s3.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads ?? []).toEqual([]);
  });

  it("is completed on condition", async () => {
    await using at = await bucket();
    const { s3 } = at;
    const UploadId = await begin(s3);
    const parts = [await part(s3, UploadId, 1, fill(10, 1))];
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: "there first" }));
    await expect(complete(s3, UploadId, parts, { IfNoneMatch: "*" })).rejects.toMatchObject({
      name: "PreconditionFailed",
    });
    await complete(s3, UploadId, parts);
    expect((await bytes(s3)).equals(fill(10, 1))).toBe(true);
  });

  it("takes its parts from other objects, whole or in stretches", async () => {
    await using at = await bucket();
    const { s3 } = at;
    const source = Buffer.concat([fill(5 * MIB, 7), fill(MIB, 8)]);
    await s3.send(new PutObjectCommand({ Bucket, Key: "source file", Body: source }));
    const UploadId = await begin(s3);
    const copy = async (PartNumber: number, CopySourceRange?: string): Promise<Part> => {
      const CopySource = `/${Bucket}/source%20file`;
      const answer = await s3.send(
        new UploadPartCopyCommand({ Bucket, Key, UploadId, PartNumber, CopySource, CopySourceRange }),
      );
      return { PartNumber, ETag: answer.CopyPartResult?.ETag };
    };
    const whole = await copy(1);
    expect(whole.ETag).toBe(`"${md5(source).toString("hex")}"`);
    const stretch = await copy(2, `bytes=${5 * MIB - 1}-${5 * MIB}`);
    await expect(copy(3, `bytes=0-${6 * MIB}`)).rejects.toMatchObject({ name: "InvalidArgument" });
    await expect(copy(3, "bytes=5-")).rejects.toMatchObject({ name: "InvalidArgument" });
    await complete(s3, UploadId, [whole, stretch]);
    expect((await bytes(s3)).equals(Buffer.concat([source, Buffer.from([7, 8])]))).toBe(true);
    const copied = await s3.send(
      new CopyObjectCommand({ Bucket, Key: "copy", CopySource: `${Bucket}/${Key}` }),
    );
    const all = Buffer.concat([source, Buffer.from([7, 8])]);
    expect(copied.CopyObjectResult?.ETag).toBe(`"${md5(all).toString("hex")}"`);
  });

  it.each([
    ["CRC32", "COMPOSITE"],
    ["CRC32", "FULL_OBJECT"],
    ["CRC32C", "FULL_OBJECT"],
    ["CRC64NVME", "FULL_OBJECT"],
    ["SHA256", "COMPOSITE"],
  ] as const)(
    "has the %s checksum as %s that one body would have, or that of its parts",
    async (name, type) => {
      await using at = await bucket();
      const { s3 } = at;
      const bodies = [fill(5 * MIB, 1), fill(1000, 2)];
      const UploadId = await begin(s3, { ChecksumAlgorithm: name, ChecksumType: type });
      const Parts = [];
      for (const [index, Body] of bodies.entries()) {
        const PartNumber = index + 1;
        const ChecksumAlgorithm: ChecksumAlgorithm = name;
        const { $metadata: _metadata, ...sent } = await s3.send(
          new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body, ChecksumAlgorithm }),
        );
        Parts.push({ PartNumber, ETag: sent.ETag, [`Checksum${name}`]: sent[`Checksum${name}`] });
      }
      const done = await complete(s3, UploadId, Parts);
      const whole = await s3.send(
        new PutObjectCommand({ Bucket, Key: "whole", Body: Buffer.concat(bodies), ChecksumAlgorithm: name }),
      );
      const value = done[`Checksum${name}`];
      if (type === "FULL_OBJECT") expect(value).toBe(whole[`Checksum${name}`]);
      else expect(value).toMatch(/^[A-Za-z0-9+/]+=*-2$/);
      const attributes = await s3.send(
        new GetObjectAttributesCommand({ Bucket, Key, ObjectAttributes: ["Checksum", "ObjectParts"] }),
      );
      expect(attributes.Checksum).toMatchObject({
        [`Checksum${name}`]: value?.replace(/-2$/, ""),
        ChecksumType: type,
      });
      expect(attributes.ObjectParts).toMatchObject({ TotalPartsCount: 2 });
      expect(attributes.ObjectParts?.Parts?.map(({ Size }) => Size)).toEqual([5 * MIB, 1000]);
      expect((await bytes(s3, { ChecksumMode: "ENABLED" })).equals(Buffer.concat(bodies))).toBe(true);
    },
  );

  it("is what the SDK's Upload does with a stream", async () => {
    await using at = await bucket();
    const body = fill(11 * MIB, 5);
    await new Upload({ client: at.s3, params: { Bucket, Key, Body: body } }).done();
    expect(md5(await bytes(at.s3))).toEqual(md5(body));
  });
});
