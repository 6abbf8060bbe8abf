import { CreateAccessKeyCommand, CreateUserCommand, IAMClient } from "@aws-sdk/client-iam";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { describe, expect, it } from "vitest";
import { testCloud } from "#cloud/testing/cloud.ts";

const ACCOUNT = "111111111111";

describe("the port of functions and builds", () => {
  it("takes access keys that IAM created, and refuses administrators and unknown keys", async () => {
    await using cloud = await testCloud({ fallbackAccount: "123456789012" });
    const iam = cloud.client(IAMClient, ACCOUNT);
    await iam.send(new CreateUserCommand({ UserName: "ada" }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: "ada" }));
    const ask = async (accessKeyId: string, secretAccessKey: string) => {
      const credentials = { accessKeyId, secretAccessKey };
      const sts = new STSClient({ endpoint: cloud.sandboxEndpoint, region: cloud.region, credentials });
      return (await sts.send(new GetCallerIdentityCommand({}))).Arn;
    };
    expect(await ask(AccessKey?.AccessKeyId ?? "", AccessKey?.SecretAccessKey ?? "")).toBe(
      `arn:aws:iam::${ACCOUNT}:user/ada`,
    );
    await expect(ask(ACCOUNT, "any")).rejects.toMatchObject({ name: "InvalidClientTokenId" });
    await expect(ask("AKIAUNKNOWN", "any")).rejects.toMatchObject({ name: "InvalidClientTokenId" });
  });

  it("has no path below /_cloud", async () => {
    await using cloud = await testCloud();
    const status = async (endpoint: string) =>
      (await fetch(`${endpoint}/_cloud/health`, { headers: { "x-local-cloud": "1" } })).status;
    expect(await status(cloud.endpoint)).toBe(200);
    expect(await status(cloud.sandboxEndpoint)).toBe(404);
  });
});

describe("a strict cloud", () => {
  it("takes an administrator that signs with the secret, and refuses any other", async () => {
    await using cloud = await testCloud({ adminSecret: "tell no one" });
    const ask = (secretAccessKey: string) =>
      cloud
        .client(STSClient, { accessKeyId: ACCOUNT, secretAccessKey })
        .send(new GetCallerIdentityCommand({}));
    expect(await ask("tell no one")).toMatchObject({ Account: ACCOUNT });
    await expect(ask("any")).rejects.toMatchObject({ name: "InvalidClientTokenId" });
  });
});
