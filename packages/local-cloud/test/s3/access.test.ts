import { CreateKeyCommand, KMSClient, PutKeyPolicyCommand } from "@aws-sdk/client-kms";
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  DeletePublicAccessBlockCommand,
  GetBucketPolicyStatusCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketEncryptionCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectAclCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { type TestCloud, testCloud } from "#cloud/testing/cloud.ts";
import { assume, createRole, policy } from "#test/iam/identities.ts";

const OWNER = "111111111111";
const OTHER = "222222222222";
const Bucket = "guarded";

type Statement = Readonly<Record<string, unknown>>;
const allow = (
  Action: string | string[],
  Resource: string | string[] = "*",
  more: Statement = {},
): Statement => ({
  Effect: "Allow",
  Action,
  Resource,
  ...more,
});

/** Returns an S3 client as a role of `account` with the permissions of the statements. */
async function asRole(cloud: TestCloud, account: string, name: string, ...allows: Statement[]) {
  const arn = await createRole(cloud, account, name, { allows });
  return { s3: cloud.client(S3Client, await assume(cloud, account, arn)), arn };
}

async function guarded() {
  const cloud = await testCloud();
  const s3 = cloud.client(S3Client, OWNER);
  await s3.send(new CreateBucketCommand({ Bucket }));
  return { cloud, s3, [Symbol.asyncDispose]: () => cloud[Symbol.asyncDispose]() };
}
const read = (s3: S3Client, Key: string, more = {}) =>
  s3.send(new GetObjectCommand({ Bucket, Key, ...more }));
const put = (s3: S3Client, Key: string, more = {}) =>
  s3.send(new PutObjectCommand({ Bucket, Key, Body: "content", ...more }));
const setPolicy = (s3: S3Client, ...statements: Statement[]) =>
  s3.send(new PutBucketPolicyCommand({ Bucket, Policy: policy(...statements) }));
const DENIED = { name: "AccessDenied", $metadata: { httpStatusCode: 403 } };
const arn = `arn:aws:s3:::${Bucket}`;

describe("a role of the bucket's account", () => {
  it("gets NoSuchKey only if it may list the bucket", async () => {
    await using at = await guarded();
    await put(at.s3, "there");
    const blind = await asRole(at.cloud, OWNER, "blind", allow("s3:GetObject", `${arn}/*`));
    await read(blind.s3, "there");
    await expect(read(blind.s3, "absent")).rejects.toMatchObject(DENIED);
    const seeing = await asRole(at.cloud, OWNER, "seeing", allow(["s3:GetObject", "s3:ListBucket"]));
    await expect(read(seeing.s3, "absent")).rejects.toMatchObject({ name: "NoSuchKey" });
    const head = (s3: S3Client) => s3.send(new HeadObjectCommand({ Bucket, Key: "absent" }));
    await expect(head(blind.s3)).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
    await expect(head(seeing.s3)).rejects.toMatchObject({ $metadata: { httpStatusCode: 404 } });
  });

  it("needs s3:GetObjectVersion to read a version, and s3:PutObjectTagging to bring tags", async () => {
    await using at = await guarded();
    await at.s3.send(
      new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }),
    );
    const { VersionId } = await put(at.s3, "k");
    const role = await asRole(at.cloud, OWNER, "r", allow(["s3:GetObject", "s3:PutObject"], `${arn}/*`));
    await read(role.s3, "k");
    await expect(read(role.s3, "k", { VersionId })).rejects.toMatchObject({
      ...DENIED,
      message: expect.stringContaining("s3:GetObjectVersion"),
    });
    await put(role.s3, "k");
    await expect(put(role.s3, "k", { Tagging: "a=1" })).rejects.toMatchObject(DENIED);
  });

  it("lists only the prefix its policy names", async () => {
    await using at = await guarded();
    const Condition = { StringLike: { "s3:prefix": "mine/*" } };
    const role = await asRole(at.cloud, OWNER, "r", allow("s3:ListBucket", arn, { Condition }));
    const list = (Prefix?: string) => role.s3.send(new ListObjectsV2Command({ Bucket, Prefix }));
    await list("mine/x");
    await expect(list("other/")).rejects.toMatchObject(DENIED);
    await expect(list()).rejects.toMatchObject(DENIED);
  });

  it("deletes the keys that it may delete, and gets an error for each other key", async () => {
    await using at = await guarded();
    for (const key of ["mine/1", "mine/2", "other/1"]) await put(at.s3, key);
    const role = await asRole(at.cloud, OWNER, "r", allow("s3:DeleteObject", `${arn}/mine/*`));
    const Objects = ["mine/1", "other/1", "mine/2", "mine/absent"].map((Key) => ({ Key }));
    const answer = await role.s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(answer.Deleted?.map(({ Key }) => Key)).toEqual(["mine/1", "mine/2", "mine/absent"]);
    expect(answer.Errors).toMatchObject([{ Key: "other/1", Code: "AccessDenied" }]);
  });
});

describe("a bucket's policy", () => {
  it("opens the bucket to another account's role, within the role's own permissions", async () => {
    await using at = await guarded();
    const role = await asRole(at.cloud, OTHER, "ci", allow("s3:PutObject", `${arn}/${OTHER}/*`));
    await expect(put(role.s3, `${OTHER}/k`)).rejects.toMatchObject(DENIED);
    await setPolicy(at.s3, {
      ...allow(["s3:PutObject", "s3:GetObject"], `${arn}/\${aws:PrincipalAccount}/*`),
      Principal: { AWS: role.arn },
    });
    await put(role.s3, `${OTHER}/k`);
    await expect(put(role.s3, `${OWNER}/k`)).rejects.toMatchObject(DENIED);
    await expect(read(role.s3, `${OTHER}/k`)).rejects.toMatchObject(DENIED);
  });

  it("can require that an object is created only once, by a put, a copy or a multipart upload", async () => {
    await using at = await guarded();
    await setPolicy(at.s3, {
      Effect: "Deny",
      Principal: "*",
      Action: "s3:PutObject",
      Resource: `${arn}/once/*`,
      Condition: {
        Null: { "s3:if-none-match": "true" },
        Bool: { "s3:ObjectCreationOperation": "true" },
      },
    });
    const once = { IfNoneMatch: "*" };
    await expect(put(at.s3, "once/k")).rejects.toMatchObject(DENIED);
    await put(at.s3, "once/k", once);
    await expect(put(at.s3, "once/k", once)).rejects.toMatchObject({ name: "PreconditionFailed" });
    const copy = { Bucket, Key: "once/copy", CopySource: `${Bucket}/once/k` };
    await expect(at.s3.send(new CopyObjectCommand(copy))).rejects.toMatchObject(DENIED);
    const Key = "once/large";
    const { UploadId } = await at.s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    const piece = { Bucket, Key, UploadId, PartNumber: 1 };
    const { ETag } = await at.s3.send(new UploadPartCommand({ ...piece, Body: "content" }));
    const completed = { Bucket, Key, UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] } };
    await expect(at.s3.send(new CompleteMultipartUploadCommand(completed))).rejects.toMatchObject(DENIED);
    await at.s3.send(new CompleteMultipartUploadCommand({ ...completed, ...once }));
  });

  it("can require encryption headers, independent of the bucket's default", async () => {
    await using at = await guarded();
    await setPolicy(at.s3, {
      Effect: "Deny",
      Principal: "*",
      Action: "s3:PutObject",
      Resource: `${arn}/*`,
      Condition: { StringNotEquals: { "s3:x-amz-server-side-encryption": "aws:kms" } },
    });
    await expect(put(at.s3, "k")).rejects.toMatchObject(DENIED);
    await put(at.s3, "k", { ServerSideEncryption: "aws:kms" });
  });

  it.each([
    ["nothing", ""],
    ["no JSON", "{"],
    ["no principal", policy(allow("s3:GetObject", `${arn}/*`))],
    [
      "another bucket",
      policy({ ...allow("s3:GetObject", "arn:aws:s3:::other/*"), Principal: { AWS: OWNER } }),
    ],
    ["another service", policy({ ...allow("sqs:SendMessage", arn), Principal: { AWS: OWNER } })],
    [
      "a role that does not exist",
      policy({ ...allow("s3:GetObject", `${arn}/*`), Principal: { AWS: `arn:aws:iam::${OTHER}:role/none` } }),
    ],
  ])("is rejected when it has %s", async (_what, Policy) => {
    await using at = await guarded();
    await expect(at.s3.send(new PutBucketPolicyCommand({ Bucket, Policy }))).rejects.toMatchObject({
      name: expect.stringMatching(/^(MalformedPolicy|ValidationException|MissingRequestBodyError)$/),
    });
  });

  it("cannot make the bucket public while that is blocked", async () => {
    await using at = await guarded();
    const open = { ...allow("s3:GetObject", `${arn}/*`), Principal: "*" };
    await expect(setPolicy(at.s3, open)).rejects.toMatchObject(DENIED);
    await setPolicy(at.s3, { ...open, Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } } });
    await at.s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
    await setPolicy(at.s3, open);
    expect((await at.s3.send(new GetBucketPolicyStatusCommand({ Bucket }))).PolicyStatus?.IsPublic).toBe(
      true,
    );
    await put(at.s3, "page");
    expect((await fetch(`${at.cloud.endpoint}/${Bucket}/page`)).status).toBe(200);
    expect((await fetch(`${at.cloud.endpoint}/${Bucket}/page`, { method: "DELETE" })).status).toBe(403);
  });
});

describe("ACLs", () => {
  it("rejects ACLs on buckets whose owner owns all objects", async () => {
    await using at = await guarded();
    await put(at.s3, "k", { ACL: "bucket-owner-full-control" });
    await expect(put(at.s3, "k", { ACL: "public-read" })).rejects.toMatchObject({
      name: "AccessControlListNotSupported",
      $metadata: { httpStatusCode: 400 },
    });
    await expect(
      at.s3.send(new PutObjectAclCommand({ Bucket, Key: "k", ACL: "private" })),
    ).rejects.toMatchObject({ name: "AccessControlListNotSupported" });
  });
});

describe("objects under a KMS key", () => {
  const keyed = async (
    at: { readonly cloud: TestCloud; readonly s3: S3Client },
    BucketKeyEnabled = false,
  ) => {
    const kms = at.cloud.client(KMSClient, OWNER);
    const { KeyMetadata: key } = await kms.send(new CreateKeyCommand({}));
    const rule = { SSEAlgorithm: "aws:kms" as const, KMSMasterKeyID: key?.Arn };
    const Rules = [{ ApplyServerSideEncryptionByDefault: rule, BucketKeyEnabled }];
    await at.s3.send(
      new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } }),
    );
    return { kms, KeyId: key?.KeyId ?? "", keyArn: key?.Arn ?? "" };
  };

  it("lets only users of the key read and write, by default or by request", async () => {
    await using at = await guarded();
    const { keyArn } = await keyed(at);
    const answer = await put(at.s3, "k");
    expect(answer).toMatchObject({ ServerSideEncryption: "aws:kms", SSEKMSKeyId: keyArn });
    expect(answer.ETag).not.toBe('"9a0364b9e99bb480dd25e1f0284c8555"');
    const objects = allow(["s3:GetObject", "s3:PutObject"], `${arn}/*`);
    const without = await asRole(at.cloud, OWNER, "without", objects);
    await expect(read(without.s3, "k")).rejects.toMatchObject({
      ...DENIED,
      message: expect.stringContaining("kms:Decrypt"),
    });
    await expect(put(without.s3, "k")).rejects.toMatchObject({
      ...DENIED,
      message: expect.stringContaining("kms:GenerateDataKey"),
    });
    await put(without.s3, "plain", { ServerSideEncryption: "AES256" });
    const decrypt = await asRole(at.cloud, OWNER, "decrypt", objects, allow("kms:Decrypt", keyArn));
    expect(await (await read(decrypt.s3, "k")).Body?.transformToString()).toBe("content");
  });

  it("asks KMS once for each requester where the bucket has a key", async () => {
    await using at = await guarded();
    const { keyArn } = await keyed(at, true);
    const calls: string[] = [];
    const stop = at.cloud.cloud().onCall(({ service, operation }) => {
      if (service === "kms") calls.push(operation);
    });
    for (const key of ["one", "two"]) await put(at.s3, key);
    for (const key of ["one", "two", "one"]) await read(at.s3, key);
    expect(calls).toEqual(["GenerateDataKey", "Decrypt"]);
    const objects = allow("s3:GetObject", `${arn}/*`);
    const without = await asRole(at.cloud, OWNER, "without", objects);
    await expect(read(without.s3, "one")).rejects.toMatchObject(DENIED);
    const decrypt = await asRole(at.cloud, OWNER, "decrypt", objects, allow("kms:Decrypt", keyArn));
    for (const key of ["one", "two"]) await read(decrypt.s3, key);
    expect(calls.slice(2)).toEqual(["Decrypt", "Decrypt"]);
    await at.cloud.clock.push(6 * 60_000);
    await read(decrypt.s3, "two");
    expect(calls.slice(4)).toEqual(["Decrypt"]);
    stop();
  });

  it("another account reads only where key policy, bucket policy and role agree", async () => {
    await using at = await guarded();
    const { kms, KeyId, keyArn } = await keyed(at);
    await put(at.s3, "k");
    const role = await asRole(
      at.cloud,
      OTHER,
      "reader",
      allow("s3:GetObject", `${arn}/*`),
      allow("kms:Decrypt", keyArn),
    );
    await setPolicy(at.s3, { ...allow("s3:GetObject", `${arn}/*`), Principal: { AWS: role.arn } });
    await expect(read(role.s3, "k")).rejects.toMatchObject(DENIED);
    const Policy = policy(
      { ...allow("kms:*"), Principal: { AWS: `arn:aws:iam::${OWNER}:root` } },
      { ...allow("kms:Decrypt"), Principal: { AWS: role.arn } },
    );
    await kms.send(new PutKeyPolicyCommand({ KeyId, Policy }));
    expect(await (await read(role.s3, "k")).Body?.transformToString()).toBe("content");
  });

  it("no other account can read objects under the key that S3 chose itself", async () => {
    await using at = await guarded();
    const answer = await put(at.s3, "k", { ServerSideEncryption: "aws:kms" });
    expect(answer.SSEKMSKeyId).toMatch(new RegExp(`^arn:aws:kms:us-east-1:${OWNER}:key/`));
    await setPolicy(at.s3, {
      ...allow("s3:GetObject", `${arn}/*`),
      Principal: { AWS: `arn:aws:iam::${OTHER}:root` },
    });
    await expect(read(at.cloud.client(S3Client, OTHER), "k")).rejects.toMatchObject(DENIED);
  });

  it("rejects an invalid key name", async () => {
    await using at = await guarded();
    const named = (SSEKMSKeyId: string) => put(at.s3, "k", { ServerSideEncryption: "aws:kms", SSEKMSKeyId });
    await expect(named("alias/none")).rejects.toMatchObject({ name: "KMS.NotFoundException" });
    await expect(put(at.s3, "k", { SSEKMSKeyId: "alias/none" })).rejects.toMatchObject({
      name: "InvalidArgument",
    });
  });

  it("copies plain objects to encrypted ones and back", async () => {
    await using at = await guarded();
    const { keyArn } = await keyed(at);
    await put(at.s3, "plain", { ServerSideEncryption: "AES256" });
    const CopySource = `${Bucket}/plain`;
    expect(await at.s3.send(new CopyObjectCommand({ Bucket, Key: "keyed", CopySource }))).toMatchObject({
      SSEKMSKeyId: keyArn,
    });
    const back = {
      Bucket,
      Key: "back",
      CopySource: `${Bucket}/keyed`,
      ServerSideEncryption: "AES256" as const,
    };
    const { CopyObjectResult: result } = await at.s3.send(new CopyObjectCommand(back));
    expect(result?.ETag).toBe('"9a0364b9e99bb480dd25e1f0284c8555"');
  });
});
