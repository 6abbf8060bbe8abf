import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  DetachUserPolicyCommand,
  GetUserCommand,
  IAMClient,
  ListAccessKeysCommand,
  PutUserPolicyCommand,
  UpdateAccessKeyCommand,
} from "@aws-sdk/client-iam";
import { GetAccessKeyInfoCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { describe, expect, it } from "vitest";
import { type TestCloud, testCloud } from "#cloud/testing/cloud.ts";
import { policy } from "./identities.ts";

const A = "111111111111";

async function createUser(cloud: TestCloud) {
  const iam = cloud.client(IAMClient, A);
  const { User } = await iam.send(new CreateUserCommand({ UserName: "ada" }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: "ada" }));
  return {
    iam,
    user: User,
    credentials: {
      accessKeyId: AccessKey?.AccessKeyId ?? "",
      secretAccessKey: AccessKey?.SecretAccessKey ?? "",
    },
  };
}

describe("users", () => {
  it("lets users sign with their keys and act within their policies", async () => {
    await using cloud = await testCloud();
    const { iam, user, credentials } = await createUser(cloud);
    const own = cloud.client(IAMClient, credentials);
    await expect(own.send(new GetUserCommand({}))).rejects.toThrow("no identity-based policy allows");
    await iam.send(
      new PutUserPolicyCommand({
        UserName: "ada",
        PolicyName: "self",
        PolicyDocument: policy({
          Effect: "Allow",
          Action: "iam:GetUser",
          Resource: "arn:aws:iam::*:user/${aws:username}",
        }),
      }),
    );
    expect((await own.send(new GetUserCommand({}))).User).toMatchObject({
      UserName: "ada",
      UserId: user?.UserId,
    });
    expect(await cloud.client(STSClient, credentials).send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: A,
      Arn: `arn:aws:iam::${A}:user/ada`,
      UserId: user?.UserId,
    });
  });

  it("rejects a wrong secret, an inactive key and a deleted key", async () => {
    await using cloud = await testCloud();
    const { iam, credentials } = await createUser(cloud);
    const { accessKeyId: AccessKeyId } = credentials;
    const who = (secretAccessKey: string) =>
      cloud.client(STSClient, { ...credentials, secretAccessKey }).send(new GetCallerIdentityCommand({}));
    await who(credentials.secretAccessKey);
    await expect(who("wrong")).rejects.toMatchObject({ name: "SignatureDoesNotMatch" });
    await iam.send(new UpdateAccessKeyCommand({ UserName: "ada", AccessKeyId, Status: "Inactive" }));
    await expect(who(credentials.secretAccessKey)).rejects.toMatchObject({ name: "InvalidClientTokenId" });
    await iam.send(new DeleteAccessKeyCommand({ UserName: "ada", AccessKeyId }));
    await expect(who(credentials.secretAccessKey)).rejects.toMatchObject({ name: "InvalidClientTokenId" });
  });

  it("allows two keys at most, whose ids hold the account", async () => {
    await using cloud = await testCloud();
    const { iam, credentials } = await createUser(cloud);
    await iam.send(new CreateAccessKeyCommand({ UserName: "ada" }));
    await expect(iam.send(new CreateAccessKeyCommand({ UserName: "ada" }))).rejects.toMatchObject({
      name: "LimitExceededException",
      message: "Cannot exceed quota for AccessKeysPerUser: 2",
    });
    const { AccessKeyMetadata } = await iam.send(new ListAccessKeysCommand({ UserName: "ada" }));
    expect(AccessKeyMetadata).toHaveLength(2);
    const info = await cloud
      .client(STSClient, "222222222222")
      .send(new GetAccessKeyInfoCommand({ AccessKeyId: credentials.accessKeyId }));
    expect(info.Account).toBe(A);
  });

  it("does not delete a user before its keys and policies", async () => {
    await using cloud = await testCloud();
    const { iam, credentials } = await createUser(cloud);
    const PolicyArn = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    await iam.send(new AttachUserPolicyCommand({ UserName: "ada", PolicyArn }));
    const remove = () => iam.send(new DeleteUserCommand({ UserName: "ada" }));
    await expect(remove()).rejects.toThrow("must delete access keys first");
    await iam.send(new DeleteAccessKeyCommand({ UserName: "ada", AccessKeyId: credentials.accessKeyId }));
    await expect(remove()).rejects.toThrow("must detach all policies first");
    await iam.send(new DetachUserPolicyCommand({ UserName: "ada", PolicyArn }));
    await remove();
    await expect(iam.send(new GetUserCommand({ UserName: "ada" }))).rejects.toThrow(
      "The user with name ada cannot be found.",
    );
  });
});
