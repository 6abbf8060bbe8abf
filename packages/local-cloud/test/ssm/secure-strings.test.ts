import { CreateKeyCommand, DisableKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import {
  GetParameterCommand,
  GetParameterHistoryCommand,
  PutParameterCommand,
  SSMClient,
} from "@aws-sdk/client-ssm";
import { describe, expect, it } from "vitest";
import { testCloud } from "#cloud/testing/cloud.ts";
import { assume, createRole } from "#test/iam/identities.ts";

const OWNER = "111111111111";
const Name = "/app/secret";

async function open() {
  const cloud = await testCloud();
  const ssm = cloud.client(SSMClient, OWNER);
  const read = async (as = ssm, more = {}) =>
    (await as.send(new GetParameterCommand({ Name, WithDecryption: true, ...more }))).Parameter?.Value;
  return { cloud, ssm, read, [Symbol.asyncDispose]: () => cloud[Symbol.asyncDispose]() };
}

describe("a SecureString", () => {
  it.each([
    ["Standard", "short"],
    ["Advanced", "x".repeat(8000)],
  ] as const)(
    "a SecureString of tier %s is stored encrypted and decrypted on request",
    async (Tier, Value) => {
      await using at = await open();
      await at.ssm.send(new PutParameterCommand({ Name, Value, Tier, Type: "SecureString" }));
      expect(await at.read()).toBe(Value);
      const closed = await at.read(at.ssm, { WithDecryption: false });
      expect(closed).toMatch(/^[A-Za-z0-9+/]+=*$/);
      expect(closed).not.toContain(Value);
    },
  );

  it("is decrypted only for users of its key", async () => {
    await using at = await open();
    const kms = at.cloud.client(KMSClient, OWNER);
    const { KeyMetadata: key } = await kms.send(new CreateKeyCommand({}));
    await at.ssm.send(new PutParameterCommand({ Name, Value: "v", Type: "SecureString", KeyId: key?.Arn }));
    const may = (Action: string, Resource = "*") => ({ Effect: "Allow", Action, Resource });
    const as = async (name: string, ...allows: object[]) =>
      at.cloud.client(
        SSMClient,
        await assume(at.cloud, OWNER, await createRole(at.cloud, OWNER, name, { allows })),
      );
    const without = await as("without", may("ssm:GetParameter"));
    await expect(at.read(without)).rejects.toMatchObject({ name: "AccessDeniedException" });
    expect(await at.read(await as("with-key", may("ssm:GetParameter"), may("kms:Decrypt", key?.Arn)))).toBe(
      "v",
    );
    await kms.send(new DisableKeyCommand({ KeyId: key?.KeyId }));
    await expect(at.read()).rejects.toMatchObject({ name: expect.stringMatching(/Disabled|InvalidKeyId/) });
  });

  it("is also a secret of Secrets Manager, below /aws/reference/secretsmanager", async () => {
    await using at = await open();
    const secrets = at.cloud.client(SecretsManagerClient, OWNER);
    await secrets.send(new CreateSecretCommand({ Name: "app/one", SecretString: "s" }));
    const get = (name: string, WithDecryption = true) =>
      at.ssm.send(new GetParameterCommand({ Name: `/aws/reference/secretsmanager/${name}`, WithDecryption }));
    expect((await get("app/one")).Parameter).toMatchObject({ Type: "SecureString", Value: "s", Version: 0 });
    await expect(get("app/one", false)).rejects.toThrow("WithDecryption flag must be True");
    await expect(get("app/two")).rejects.toMatchObject({ name: "ParameterNotFound" });
  });

  it("gets every version that many writers put at once", async () => {
    await using at = await open();
    const put = (Value: string) =>
      at.ssm.send(new PutParameterCommand({ Name, Value, Type: "SecureString", Overwrite: true }));
    const versions = (await Promise.all(["1", "2", "3", "4", "5"].map(put))).map(({ Version }) => Version);
    expect(versions.sort()).toEqual([1, 2, 3, 4, 5]);
    const { Parameters } = await at.ssm.send(new GetParameterHistoryCommand({ Name, WithDecryption: true }));
    expect(Parameters?.map(({ Value }) => Value).sort()).toEqual(["1", "2", "3", "4", "5"]);
  });
});
