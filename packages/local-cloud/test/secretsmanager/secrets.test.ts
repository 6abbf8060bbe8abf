import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetRandomPasswordCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutResourcePolicyCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  SecretsManagerClient,
  TagResourceCommand,
  UpdateSecretCommand,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import { describe, expect, it } from "vitest";
import { testCloud } from "#cloud/testing/cloud.ts";

const OWNER = "111111111111";
const OTHER = "222222222222";
const DAY = 86_400_000;

async function open() {
  const cloud = await testCloud({ frozen: true });
  const secrets = cloud.client(SecretsManagerClient, OWNER);
  const value = async (SecretId: string, more = {}): Promise<string | undefined> =>
    (await secrets.send(new GetSecretValueCommand({ SecretId, ...more }))).SecretString;
  return { cloud, secrets, value, [Symbol.asyncDispose]: () => cloud[Symbol.asyncDispose]() };
}

describe("a secret", () => {
  it("is found by name, ARN and ARN without its suffix", async () => {
    await using at = await open();
    const { ARN = "" } = await at.secrets.send(
      new CreateSecretCommand({ Name: "app/db", SecretString: "s3cret" }),
    );
    expect(ARN).toMatch(/^arn:aws:secretsmanager:us-east-1:111111111111:secret:app\/db-[A-Za-z0-9]{6}$/);
    for (const id of ["app/db", ARN, ARN.slice(0, -7)]) expect(await at.value(id)).toBe("s3cret");
    await expect(at.value(`${ARN.slice(0, -6)}zzzzzz`)).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
    await expect(
      at.secrets.send(new CreateSecretCommand({ Name: "app/db", SecretString: "x" })),
    ).rejects.toMatchObject({ name: "ResourceExistsException" });
  });

  it("keeps the previous value when it gets another, and moves labels", async () => {
    await using at = await open();
    const { secrets } = at;
    const { VersionId: one } = await secrets.send(new CreateSecretCommand({ Name: "s", SecretString: "1" }));
    const { VersionId: two } = await secrets.send(
      new PutSecretValueCommand({ SecretId: "s", SecretString: "2" }),
    );
    expect(await at.value("s")).toBe("2");
    expect(await at.value("s", { VersionStage: "AWSPREVIOUS" })).toBe("1");
    const { VersionId: three } = await secrets.send(
      new PutSecretValueCommand({ SecretId: "s", SecretString: "3", VersionStages: ["AWSPENDING"] }),
    );
    expect(await at.value("s")).toBe("2");
    await secrets.send(
      new UpdateSecretVersionStageCommand({
        SecretId: "s",
        VersionStage: "AWSCURRENT",
        MoveToVersionId: three,
        RemoveFromVersionId: two,
      }),
    );
    const { VersionIdsToStages } = await secrets.send(new DescribeSecretCommand({ SecretId: "s" }));
    expect(VersionIdsToStages).toEqual({
      [String(two)]: ["AWSPREVIOUS"],
      [String(three)]: ["AWSPENDING", "AWSCURRENT"],
    });
    expect(await at.value("s", { VersionId: one })).toBe("1");
    await expect(at.value("s", { VersionStage: "OTHER" })).rejects.toMatchObject({
      message: "Secrets Manager can't find the specified secret value for staging label: OTHER",
    });
  });

  it("gets a value once, however often the same request comes", async () => {
    await using at = await open();
    const { secrets } = at;
    const ClientRequestToken = "00000000-0000-0000-0000-000000000001";
    const create = { Name: "s", SecretString: "1", ClientRequestToken };
    await secrets.send(new CreateSecretCommand(create));
    expect(await secrets.send(new CreateSecretCommand(create))).toMatchObject({
      VersionId: ClientRequestToken,
    });
    await expect(
      secrets.send(new PutSecretValueCommand({ SecretId: "s", SecretString: "2", ClientRequestToken })),
    ).rejects.toMatchObject({ name: "ResourceExistsException" });
  });

  it("may be binary", async () => {
    await using at = await open();
    const SecretBinary = Buffer.from([0, 255, 1]);
    await at.secrets.send(new CreateSecretCommand({ Name: "s", SecretBinary }));
    const got = await at.secrets.send(new GetSecretValueCommand({ SecretId: "s" }));
    expect(Buffer.from(got.SecretBinary ?? [])).toEqual(SecretBinary);
    await at.secrets.send(
      new UpdateSecretCommand({ SecretId: "s", SecretString: "now text", Description: "d" }),
    );
    expect(await at.value("s")).toBe("now text");
  });

  it("can be restored until its deletion date", async () => {
    await using at = await open();
    const { secrets } = at;
    const SecretId = "s";
    await secrets.send(new CreateSecretCommand({ Name: SecretId, SecretString: "1" }));
    await secrets.send(new DeleteSecretCommand({ SecretId, RecoveryWindowInDays: 7 }));
    await expect(at.value(SecretId)).rejects.toMatchObject({ name: "InvalidRequestException" });
    await expect(
      secrets.send(new CreateSecretCommand({ Name: SecretId, SecretString: "2" })),
    ).rejects.toMatchObject({ name: "InvalidRequestException" });
    await secrets.send(new RestoreSecretCommand({ SecretId }));
    await at.cloud.clock.push(8 * DAY);
    expect(await at.value(SecretId)).toBe("1");
    await secrets.send(new DeleteSecretCommand({ SecretId, RecoveryWindowInDays: 7 }));
    await at.cloud.clock.push(7 * DAY);
    await expect(at.value(SecretId)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    await secrets.send(new CreateSecretCommand({ Name: SecretId, SecretString: "2" }));
    await secrets.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }));
    await expect(at.value(SecretId)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });

  it("is read from another account only by its policy and under a key that allows it", async () => {
    await using at = await open();
    const { secrets } = at;
    const { ARN } = await secrets.send(new CreateSecretCommand({ Name: "s", SecretString: "1" }));
    const read = () =>
      at.cloud.client(SecretsManagerClient, OTHER).send(new GetSecretValueCommand({ SecretId: ARN }));
    await expect(read()).rejects.toMatchObject({ name: "AccessDeniedException" });
    const ResourcePolicy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { AWS: `arn:aws:iam::${OTHER}:root` },
          Action: "secretsmanager:GetSecretValue",
          Resource: "*",
        },
      ],
    });
    await secrets.send(new PutResourcePolicyCommand({ SecretId: "s", ResourcePolicy }));
    // Another account cannot decrypt with the key that AWS made for this account.
    await expect(read()).rejects.toMatchObject({
      message: expect.stringContaining("Access to KMS is not allowed"),
    });
  });
});

describe("secrets", () => {
  it("lists secrets by name, tag and page", async () => {
    await using at = await open();
    const { secrets } = at;
    for (const Name of ["a/1", "a/2", "b/1"])
      await secrets.send(new CreateSecretCommand({ Name, SecretString: "x" }));
    await secrets.send(new TagResourceCommand({ SecretId: "b/1", Tags: [{ Key: "team", Value: "x" }] }));
    const names = async (more: object): Promise<unknown> =>
      (await secrets.send(new ListSecretsCommand(more))).SecretList?.map(({ Name }) => Name);
    expect(await names({ Filters: [{ Key: "name", Values: ["a/"] }] })).toEqual(["a/1", "a/2"]);
    expect(await names({ Filters: [{ Key: "tag-key", Values: ["team"] }] })).toEqual(["b/1"]);
    const first = await secrets.send(new ListSecretsCommand({ MaxResults: 2 }));
    expect(await names({ NextToken: first.NextToken })).toEqual(["b/1"]);
  });

  it("generates random characters of each kind", async () => {
    await using at = await open();
    const { RandomPassword = "" } = await at.secrets.send(
      new GetRandomPasswordCommand({ PasswordLength: 3, ExcludePunctuation: true }),
    );
    expect(RandomPassword).toMatch(/^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)\w{3}$/);
  });
});
