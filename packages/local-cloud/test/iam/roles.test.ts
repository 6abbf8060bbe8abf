import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  ListRoleTagsCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
} from "@aws-sdk/client-iam";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { describe, expect, it } from "vitest";
import { testCloud } from "#cloud/testing/cloud.ts";
import { assume, createRole, policy, trusting } from "./identities.ts";

const A = "111111111111";
const readAll = policy({ Effect: "Allow", Action: "s3:Get*", Resource: "*" });

describe("roles", () => {
  it("names the time and the region of the last call of a role's session", async () => {
    await using cloud = await testCloud();
    const credentials = await assume(cloud, A, await createRole(cloud, A, "worker", {}));
    const before = Math.floor(cloud.cloud().clock.now().getTime() / 1000) * 1000;
    await cloud.client(STSClient, credentials).send(new GetCallerIdentityCommand({}));
    const { Role } = await cloud.client(IAMClient, A).send(new GetRoleCommand({ RoleName: "worker" }));
    expect(Role?.RoleLastUsed?.Region).toBe("us-east-1");
    expect(Role?.RoleLastUsed?.LastUsedDate?.getTime()).toBeGreaterThanOrEqual(before);
  });

  it("returns roles as created, with the trust policy percent-encoded", async () => {
    await using cloud = await testCloud();
    const iam = cloud.client(IAMClient, A);
    const trust = trusting(A);
    const { Role } = await iam.send(
      new CreateRoleCommand({
        RoleName: "Deployer",
        Path: "/team/",
        Description: "deploys",
        MaxSessionDuration: 7200,
        AssumeRolePolicyDocument: trust,
        Tags: [{ Key: "team", Value: "shop" }],
      }),
    );
    expect(Role).toMatchObject({
      Arn: `arn:aws:iam::${A}:role/team/Deployer`,
      RoleId: expect.stringMatching(/^AROA[A-Z0-9]{17}$/),
      MaxSessionDuration: 7200,
      Tags: [{ Key: "team", Value: "shop" }],
    });
    const { Role: found } = await iam.send(new GetRoleCommand({ RoleName: "Deployer" }));
    expect(found).toEqual({ ...Role, RoleLastUsed: {} });
    expect(decodeURIComponent(found?.AssumeRolePolicyDocument ?? "")).toBe(trust);
  });

  it.each<[string, string, object]>([
    ["EntityAlreadyExists", "Role with name ROLE already exists.", { RoleName: "ROLE" }],
    ["ValidationError", "at 'roleName' failed to satisfy constraint", { RoleName: "a b" }],
    ["ValidationError", "at 'roleName' failed to satisfy constraint", { RoleName: "x".repeat(65) }],
    ["ValidationError", "at 'path' failed to satisfy constraint", { RoleName: "x", Path: "team" }],
    ["ValidationError", "at 'maxSessionDuration'", { RoleName: "x", MaxSessionDuration: 3599 }],
    ["MalformedPolicyDocument", "invalid Json", { RoleName: "x", AssumeRolePolicyDocument: "{" }],
    [
      "MalformedPolicyDocument",
      `Invalid principal in policy: "AWS":"arn:aws:iam::${A}:role/nobody"`,
      { RoleName: "x", AssumeRolePolicyDocument: trusting(`arn:aws:iam::${A}:role/nobody`) },
    ],
    [
      "MalformedPolicyDocument",
      'Invalid principal in policy: "SERVICE":"lambda"',
      {
        RoleName: "x",
        AssumeRolePolicyDocument: policy({
          Effect: "Allow",
          Principal: { Service: "lambda" },
          Action: "sts:AssumeRole",
        }),
      },
    ],
    [
      "LimitExceeded",
      "Cannot exceed quota for ACLSizePerRole: 2048",
      { RoleName: "x", AssumeRolePolicyDocument: trusting(...Array.from({ length: 200 }, () => A)) },
    ],
    [
      "NoSuchEntity",
      "Policy arn:aws:iam::aws:policy/Nothing does not exist or is not attachable.",
      { RoleName: "x", PermissionsBoundary: "arn:aws:iam::aws:policy/Nothing" },
    ],
    [
      "InvalidInput",
      "Duplicate tag keys found",
      {
        RoleName: "x",
        Tags: [
          { Key: "a", Value: "" },
          { Key: "A", Value: "" },
        ],
      },
    ],
  ])("rejects a role with %s: %s", async (name, message, input) => {
    await using cloud = await testCloud();
    await createRole(cloud, A, "role");
    const attempt = cloud
      .client(IAMClient, A)
      .send(new CreateRoleCommand({ RoleName: "x", AssumeRolePolicyDocument: trusting(A), ...input }));
    await expect(attempt).rejects.toMatchObject({
      name: expect.stringContaining(name),
      message: expect.stringContaining(message),
    });
  });

  it("does not delete a role before its policies", async () => {
    await using cloud = await testCloud();
    const iam = cloud.client(IAMClient, A);
    await createRole(cloud, A, "r");
    const PolicyArn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";
    await iam.send(new AttachRolePolicyCommand({ RoleName: "r", PolicyArn }));
    await iam.send(new PutRolePolicyCommand({ RoleName: "r", PolicyName: "p", PolicyDocument: readAll }));
    const remove = () => iam.send(new DeleteRoleCommand({ RoleName: "r" }));
    await expect(remove()).rejects.toThrow("Cannot delete entity, must detach all policies first.");
    await iam.send(new DetachRolePolicyCommand({ RoleName: "r", PolicyArn }));
    await expect(remove()).rejects.toThrow("Cannot delete entity, must delete policies first.");
    await iam.send(new DeleteRolePolicyCommand({ RoleName: "r", PolicyName: "p" }));
    await remove();
    await expect(remove()).rejects.toMatchObject({
      name: "NoSuchEntityException",
      message: "The role with name r cannot be found.",
      $metadata: { httpStatusCode: 404 },
    });
  });

  it("holds inline and managed policies", async () => {
    await using cloud = await testCloud();
    const iam = cloud.client(IAMClient, A);
    await createRole(cloud, A, "r");
    await iam.send(new PutRolePolicyCommand({ RoleName: "r", PolicyName: "b", PolicyDocument: readAll }));
    await iam.send(new PutRolePolicyCommand({ RoleName: "r", PolicyName: "a", PolicyDocument: readAll }));
    const first = await iam.send(new ListRolePoliciesCommand({ RoleName: "r", MaxItems: 1 }));
    expect(first).toMatchObject({ PolicyNames: ["a"], IsTruncated: true });
    const second = await iam.send(new ListRolePoliciesCommand({ RoleName: "r", Marker: first.Marker }));
    expect(second).toMatchObject({ PolicyNames: ["b"], IsTruncated: false });
    const { PolicyDocument } = await iam.send(new GetRolePolicyCommand({ RoleName: "r", PolicyName: "a" }));
    expect(PolicyDocument).toBe(encodeURIComponent(readAll));
    await expect(iam.send(new GetRolePolicyCommand({ RoleName: "r", PolicyName: "c" }))).rejects.toThrow(
      "The role policy with name c cannot be found.",
    );
    const PolicyArn = "arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess";
    await iam.send(new AttachRolePolicyCommand({ RoleName: "r", PolicyArn }));
    await iam.send(new AttachRolePolicyCommand({ RoleName: "r", PolicyArn }));
    const { AttachedPolicies } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: "r" }));
    expect(AttachedPolicies).toEqual([{ PolicyName: "AWSXRayDaemonWriteAccess", PolicyArn }]);
    await expect(
      iam.send(new AttachRolePolicyCommand({ RoleName: "r", PolicyArn: "arn:aws:iam::aws:policy/Invented" })),
    ).rejects.toMatchObject({ name: "NoSuchEntityException" });
    const long = policy({
      Effect: "Allow",
      Action: "s3:Get*",
      Resource: `arn:aws:s3:::${"b".repeat(10_240)}`,
    });
    await expect(
      iam.send(new PutRolePolicyCommand({ RoleName: "r", PolicyName: "long", PolicyDocument: long })),
    ).rejects.toThrow("Maximum policy size of 10240 bytes exceeded for role r");
  });

  it("lists roles by path and page by page", async () => {
    await using cloud = await testCloud();
    const iam = cloud.client(IAMClient, A);
    for (const name of ["c", "a", "b"])
      await iam.send(
        new CreateRoleCommand({ RoleName: name, Path: "/t/", AssumeRolePolicyDocument: trusting(A) }),
      );
    await createRole(cloud, A, "other");
    const first = await iam.send(new ListRolesCommand({ PathPrefix: "/t/", MaxItems: 2 }));
    expect(first.Roles?.map(({ RoleName }) => RoleName)).toEqual(["a", "b"]);
    const rest = await iam.send(new ListRolesCommand({ PathPrefix: "/t/", Marker: first.Marker }));
    expect(rest.Roles?.map(({ RoleName }) => RoleName)).toEqual(["c"]);
    expect(rest.IsTruncated).toBe(false);
  });

  it("changes a role's description, duration, trust and tags", async () => {
    await using cloud = await testCloud();
    const iam = cloud.client(IAMClient, A);
    await createRole(cloud, A, "r");
    await iam.send(new UpdateRoleCommand({ RoleName: "r", Description: "new", MaxSessionDuration: 5000 }));
    const trust = trusting("222222222222");
    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: "r", PolicyDocument: trust }));
    await iam.send(
      new TagRoleCommand({
        RoleName: "r",
        Tags: [
          { Key: "a", Value: "1" },
          { Key: "b", Value: "2" },
        ],
      }),
    );
    await iam.send(new TagRoleCommand({ RoleName: "r", Tags: [{ Key: "a", Value: "3" }] }));
    await iam.send(new UntagRoleCommand({ RoleName: "r", TagKeys: ["b"] }));
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: "r" }));
    expect(Role).toMatchObject({
      Description: "new",
      MaxSessionDuration: 5000,
      AssumeRolePolicyDocument: encodeURIComponent(trust),
    });
    const { Tags } = await iam.send(new ListRoleTagsCommand({ RoleName: "r" }));
    expect(Tags).toEqual([{ Key: "a", Value: "3" }]);
  });

  it("shows a trusted role by its ARN until it is deleted, then by its id", async () => {
    await using cloud = await testCloud();
    const iam = cloud.client(IAMClient, A);
    const trustedArn = await createRole(cloud, A, "trusted");
    await createRole(cloud, A, "r", { trust: trusting(trustedArn) });
    const principal = async (): Promise<unknown> => {
      const { Role } = await iam.send(new GetRoleCommand({ RoleName: "r" }));
      return JSON.parse(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? "")).Statement[0].Principal.AWS;
    };
    expect(await principal()).toEqual([trustedArn]);
    await iam.send(new DeleteRoleCommand({ RoleName: "trusted" }));
    await createRole(cloud, A, "trusted");
    expect(await principal()).toEqual([expect.stringMatching(/^AROA/)]);
  });
});
