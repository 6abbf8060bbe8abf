import {
  CancelKeyDeletionCommand,
  CreateAliasCommand,
  CreateGrantCommand,
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  EnableKeyRotationCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  KMSClient,
  ListAliasesCommand,
  ListGrantsCommand,
  ListKeysCommand,
  ListResourceTagsCommand,
  PutKeyPolicyCommand,
  ReEncryptCommand,
  ReplicateKeyCommand,
  RevokeGrantCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
  TagResourceCommand,
} from "@aws-sdk/client-kms";
import { describe, expect, it } from "vitest";
import { testCloud } from "#cloud/testing/cloud.ts";

const OWNER = "111111111111";
const OTHER = "222222222222";
const DAY = 86_400_000;
const secret = Buffer.from("a secret");

async function withKey(frozen = false) {
  const cloud = await testCloud({ frozen });
  const kms = cloud.client(KMSClient, OWNER);
  const { KeyMetadata: key } = await kms.send(new CreateKeyCommand({ Description: "test" }));
  return {
    cloud,
    kms,
    KeyId: key?.KeyId ?? "",
    arn: key?.Arn ?? "",
    [Symbol.asyncDispose]: () => cloud[Symbol.asyncDispose](),
  };
}

describe("a key of several regions", () => {
  const inEurope = ({ cloud }: Awaited<ReturnType<typeof withKey>>): KMSClient =>
    new KMSClient({
      endpoint: cloud.endpoint,
      region: "eu-west-1",
      credentials: { accessKeyId: OWNER, secretAccessKey: "any" },
      maxAttempts: 1,
    });

  it("reads in one region the ciphertexts of another region, also after a rotation", async () => {
    await using at = await withKey();
    const europe = inEurope(at);
    const { KeyMetadata } = await at.kms.send(new CreateKeyCommand({ MultiRegion: true }));
    const KeyId = KeyMetadata?.KeyId ?? "";
    expect(KeyId).toMatch(/^mrk-/);
    const { ReplicaKeyMetadata } = await at.kms.send(
      new ReplicateKeyCommand({ KeyId, ReplicaRegion: "eu-west-1" }),
    );
    expect(ReplicaKeyMetadata?.Arn).toBe(KeyMetadata?.Arn?.replace("us-east-1", "eu-west-1"));
    await at.kms.send(new RotateKeyOnDemandCommand({ KeyId }));
    const { CiphertextBlob } = await at.kms.send(new EncryptCommand({ KeyId, Plaintext: secret }));
    const { Plaintext } = await europe.send(new DecryptCommand({ CiphertextBlob }));
    expect(Buffer.from(Plaintext ?? [])).toEqual(secret);
    await expect(europe.send(new RotateKeyOnDemandCommand({ KeyId }))).rejects.toThrow("replica key");
  });

  it("is deleted only after its replicas", async () => {
    await using at = await withKey(true);
    const { KeyMetadata } = await at.kms.send(new CreateKeyCommand({ MultiRegion: true }));
    const KeyId = KeyMetadata?.KeyId ?? "";
    await at.kms.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: "eu-west-1" }));
    const order = { KeyId, PendingWindowInDays: 7 };
    const { KeyState } = await at.kms.send(new ScheduleKeyDeletionCommand(order));
    expect(KeyState).toBe("PendingReplicaDeletion");
    await inEurope(at).send(new ScheduleKeyDeletionCommand(order));
    await at.cloud.clock.push(8 * DAY);
    const { KeyMetadata: left } = await at.kms.send(new DescribeKeyCommand({ KeyId }));
    expect(left).toMatchObject({
      KeyState: "PendingDeletion",
      MultiRegionConfiguration: { ReplicaKeys: [] },
    });
    await at.cloud.clock.push(8 * DAY);
    await expect(at.kms.send(new DescribeKeyCommand({ KeyId }))).rejects.toThrow("does not exist");
  });

  it("a key of a single region has no replica", async () => {
    await using at = await withKey();
    const order = { KeyId: at.KeyId, ReplicaRegion: "eu-west-1" };
    await expect(at.kms.send(new ReplicateKeyCommand(order))).rejects.toThrow(
      "not a multi-Region primary key",
    );
  });
});

describe("a key", () => {
  it("encrypts and decrypts only with the same encryption context", async () => {
    await using at = await withKey();
    const EncryptionContext = { purpose: "test", "another key": "ü" };
    const { CiphertextBlob, KeyId } = await at.kms.send(
      new EncryptCommand({ KeyId: at.KeyId, Plaintext: secret, EncryptionContext }),
    );
    expect(KeyId).toBe(at.arn);
    expect(Buffer.from(CiphertextBlob ?? []).includes(secret)).toBe(false);
    const opened = await at.kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext }));
    expect(Buffer.from(opened.Plaintext ?? [])).toEqual(secret);
    for (const context of [undefined, { purpose: "test" }, { ...EncryptionContext, purpose: "other" }])
      await expect(
        at.kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: context })),
      ).rejects.toMatchObject({ name: "InvalidCiphertextException" });
    await expect(
      at.kms.send(new DecryptCommand({ CiphertextBlob: Buffer.from("nonsense") })),
    ).rejects.toMatchObject({ name: "InvalidCiphertextException" });
    const { KeyMetadata: other } = await at.kms.send(new CreateKeyCommand({}));
    await expect(
      at.kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext, KeyId: other?.Arn })),
    ).rejects.toMatchObject({ name: "IncorrectKeyException" });
  });

  it("makes data keys, and re-encrypts a secret under another key", async () => {
    await using at = await withKey();
    const made = await at.kms.send(new GenerateDataKeyCommand({ KeyId: at.arn, KeySpec: "AES_256" }));
    expect(made.Plaintext).toHaveLength(32);
    const { KeyMetadata: other } = await at.kms.send(new CreateKeyCommand({}));
    const moved = await at.kms.send(
      new ReEncryptCommand({ CiphertextBlob: made.CiphertextBlob, DestinationKeyId: other?.KeyId }),
    );
    expect(moved).toMatchObject({ SourceKeyId: at.arn, KeyId: other?.Arn });
    const opened = await at.kms.send(new DecryptCommand({ CiphertextBlob: moved.CiphertextBlob }));
    expect(opened.Plaintext).toEqual(made.Plaintext);
    await expect(at.kms.send(new GenerateDataKeyCommand({ KeyId: at.arn }))).rejects.toMatchObject({
      name: "ValidationException",
    });
  });

  it("cannot be used while disabled or pending deletion, and no longer exists after the waiting period", async () => {
    await using at = await withKey(true);
    const { kms, KeyId } = at;
    const use = () => kms.send(new EncryptCommand({ KeyId, Plaintext: secret }));
    const { CiphertextBlob } = await use();
    await kms.send(new DisableKeyCommand({ KeyId }));
    await expect(use()).rejects.toMatchObject({ name: "DisabledException" });
    await kms.send(new EnableKeyCommand({ KeyId }));
    await expect(
      kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 3 })),
    ).rejects.toMatchObject({
      name: "ValidationException",
    });
    await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
    await expect(use()).rejects.toMatchObject({ name: "KMSInvalidStateException" });
    await kms.send(new CancelKeyDeletionCommand({ KeyId }));
    await at.cloud.clock.push(8 * DAY);
    await kms.send(new EnableKeyCommand({ KeyId }));
    await use();
    await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
    await at.cloud.clock.push(7 * DAY);
    await expect(use()).rejects.toMatchObject({ name: "NotFoundException" });
    await expect(kms.send(new DecryptCommand({ CiphertextBlob }))).rejects.toMatchObject({
      name: "AccessDeniedException",
    });
  });

  it("can still read old ciphertexts after a rotation", async () => {
    await using at = await withKey(true);
    const { kms, KeyId } = at;
    const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId, Plaintext: secret }));
    await kms.send(new EnableKeyRotationCommand({ KeyId }));
    const before = await kms.send(new GetKeyRotationStatusCommand({ KeyId }));
    await at.cloud.clock.push(366 * DAY);
    const after = await kms.send(new GetKeyRotationStatusCommand({ KeyId }));
    expect((after.NextRotationDate?.getTime() ?? 0) - (before.NextRotationDate?.getTime() ?? 0)).toBe(
      365 * DAY,
    );
    const opened = await kms.send(new DecryptCommand({ CiphertextBlob }));
    expect(Buffer.from(opened.Plaintext ?? [])).toEqual(secret);
  });

  it("is found by id, ARN, alias and alias ARN", async () => {
    await using at = await withKey();
    const { kms } = at;
    await kms.send(new CreateAliasCommand({ AliasName: "alias/mine", TargetKeyId: at.KeyId }));
    const aliasArn = `arn:aws:kms:us-east-1:${OWNER}:alias/mine`;
    for (const KeyId of [at.KeyId, at.arn, "alias/mine", aliasArn])
      expect((await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.Arn).toBe(at.arn);
    const listed = await kms.send(new ListAliasesCommand({ KeyId: at.KeyId }));
    expect(listed.Aliases).toMatchObject([
      { AliasName: "alias/mine", AliasArn: aliasArn, TargetKeyId: at.KeyId },
    ]);
    await expect(
      kms.send(new CreateAliasCommand({ AliasName: "alias/mine", TargetKeyId: at.KeyId })),
    ).rejects.toMatchObject({ name: "AlreadyExistsException" });
    await expect(kms.send(new DescribeKeyCommand({ KeyId: "alias/other" }))).rejects.toMatchObject({
      name: "NotFoundException",
      message: `Alias arn:aws:kms:us-east-1:${OWNER}:alias/other is not found.`,
    });
    await expect(kms.send(new DescribeKeyCommand({ KeyId: "nonsense" }))).rejects.toMatchObject({
      name: "NotFoundException",
    });
  });

  it("is looked up by a bare id or alias in the caller's own account only", async () => {
    await using at = await withKey();
    await at.kms.send(new CreateAliasCommand({ AliasName: "alias/mine", TargetKeyId: at.KeyId }));
    const other = at.cloud.client(KMSClient, OTHER);
    for (const KeyId of [at.KeyId, "alias/mine"])
      await expect(other.send(new EncryptCommand({ KeyId, Plaintext: secret }))).rejects.toMatchObject({
        name: "NotFoundException",
      });
  });

  it("requires a policy that leaves a principal who can change it", async () => {
    await using at = await withKey();
    const { kms, KeyId } = at;
    const before = await kms.send(new GetKeyPolicyCommand({ KeyId }));
    expect(JSON.parse(before.Policy ?? "")).toMatchObject({ Statement: [{ Action: "kms:*" }] });
    const policy = (Action: string, AWS: string) =>
      JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: { AWS }, Action, Resource: "*" }],
      });
    const put = (Policy: string) => kms.send(new PutKeyPolicyCommand({ KeyId, Policy }));
    await put(policy("kms:Put*", `arn:aws:iam::${OWNER}:root`));
    for (const badPolicy of [
      policy("kms:Encrypt", `arn:aws:iam::${OWNER}:root`),
      policy("kms:*", OTHER),
      "{",
      "{}",
    ])
      await expect(put(badPolicy)).rejects.toMatchObject({ name: "MalformedPolicyDocumentException" });
  });

  it("has grants, which can be listed and revoked, and tags", async () => {
    await using at = await withKey();
    const { kms, KeyId } = at;
    const GranteePrincipal = `arn:aws:iam::${OTHER}:root`;
    const grant = { KeyId, GranteePrincipal, Operations: ["Decrypt" as const], Name: "reader" };
    const first = await kms.send(new CreateGrantCommand(grant));
    expect((await kms.send(new CreateGrantCommand(grant))).GrantId).toBe(first.GrantId);
    const listed = await kms.send(new ListGrantsCommand({ KeyId }));
    expect(listed.Grants).toMatchObject([
      { GrantId: first.GrantId, GranteePrincipal, Operations: ["Decrypt"] },
    ]);
    await kms.send(new RevokeGrantCommand({ KeyId, GrantId: first.GrantId }));
    expect((await kms.send(new ListGrantsCommand({ KeyId }))).Grants).toEqual([]);
    await kms.send(new TagResourceCommand({ KeyId, Tags: [{ TagKey: "a", TagValue: "1" }] }));
    await kms.send(new TagResourceCommand({ KeyId, Tags: [{ TagKey: "a", TagValue: "2" }] }));
    expect((await kms.send(new ListResourceTagsCommand({ KeyId }))).Tags).toEqual([
      { TagKey: "a", TagValue: "2" },
    ]);
  });
});

describe("keys", () => {
  it("lists keys page by page", async () => {
    await using at = await withKey();
    for (let count = 1; count < 5; count += 1) await at.kms.send(new CreateKeyCommand({}));
    const ids = new Set<string>();
    let Marker: string | undefined;
    do {
      const page: { Keys?: { KeyId?: string | undefined }[] | undefined; NextMarker?: string | undefined } =
        await at.kms.send(new ListKeysCommand({ Limit: 2, Marker }));
      for (const { KeyId = "" } of page.Keys ?? []) ids.add(KeyId);
      Marker = page.NextMarker;
    } while (Marker !== undefined);
    expect(ids.size).toBe(5);
  });

  it("a key that AWS makes for its services cannot be changed or used by other callers", async () => {
    await using cloud = await testCloud();
    const kms = cloud.client(KMSClient, OWNER);
    const { KeyMetadata: key } = await kms.send(new DescribeKeyCommand({ KeyId: "alias/aws/s3" }));
    expect(key).toMatchObject({ KeyManager: "AWS", AWSAccountId: OWNER });
    const again = await kms.send(new DescribeKeyCommand({ KeyId: "alias/aws/s3" }));
    expect(again.KeyMetadata?.Arn).toBe(key?.Arn);
    await expect(kms.send(new DisableKeyCommand({ KeyId: key?.KeyId }))).rejects.toMatchObject({
      name: "AccessDeniedException",
    });
  });
});
