import {
  CreatePolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  GetRoleCommand,
  IAMClient,
  ListRolesCommand,
  PutRolePermissionsBoundaryCommand,
  TagRoleCommand,
} from "@aws-sdk/client-iam";
import { expect, it } from "vitest";
import { testCloud } from "#cloud/testing/cloud.ts";
import { assume, createRole, policy, trusting } from "./identities.ts";

const A = "111111111111";
const anyRole = `arn:aws:iam::${A}:role/*`;

it("allows what the role's policy allows and names the rest's principal, action, resource and missing statement", async () => {
  await using cloud = await testCloud();
  const arn = await createRole(cloud, A, "r", {
    allows: [{ Effect: "Allow", Action: "iam:GetRole", Resource: `arn:aws:iam::${A}:role/r` }],
  });
  const iam = cloud.client(IAMClient, await assume(cloud, A, arn));
  await iam.send(new GetRoleCommand({ RoleName: "r" }));
  await expect(iam.send(new GetRoleCommand({ RoleName: "other" }))).rejects.toMatchObject({
    name: "AccessDenied",
    message:
      `User: arn:aws:sts::${A}:assumed-role/r/test is not authorized to perform: iam:GetRole on resource: arn:aws:iam::${A}:role/other` +
      " because no identity-based policy allows the iam:GetRole action. Missing in the identity-based policy: " +
      `{"Effect":"Allow","Action":"iam:GetRole","Resource":"arn:aws:iam::${A}:role/other"}`,
    $metadata: { httpStatusCode: 403 },
  });
});

it("says which statement denies", async () => {
  await using cloud = await testCloud();
  const arn = await createRole(cloud, A, "r", {
    allows: [
      { Effect: "Allow", Action: "iam:*", Resource: "*" },
      { Effect: "Deny", Action: "iam:ListRoles", Resource: "*", Sid: "NoLists" },
    ],
  });
  const iam = cloud.client(IAMClient, await assume(cloud, A, arn));
  await expect(iam.send(new ListRolesCommand({}))).rejects.toThrow(
    "with an explicit deny in an identity-based policy (allows, statement NoLists)",
  );
});

it("limits a role by its boundary, and forces a boundary on the roles it makes", async () => {
  await using cloud = await testCloud();
  const admin = cloud.client(IAMClient, A);
  const { Policy } = await admin.send(
    new CreatePolicyCommand({
      PolicyName: "edge",
      PolicyDocument: policy({ Effect: "Allow", Action: ["iam:CreateRole", "iam:GetRole"], Resource: "*" }),
    }),
  );
  const edge = Policy?.Arn ?? "";
  const arn = await createRole(cloud, A, "r", {
    allows: [
      {
        Effect: "Allow",
        Action: ["iam:CreateRole", "iam:DeleteRole"],
        Resource: anyRole,
        Condition: {
          StringEqualsIfExists: { "iam:PermissionsBoundary": edge },
          Null: { "aws:TagKeys": "true" },
        },
      },
      {
        Effect: "Deny",
        Action: "iam:CreateRole",
        Resource: "*",
        Condition: { Null: { "iam:PermissionsBoundary": "true" } },
      },
    ],
  });
  const iam = cloud.client(IAMClient, await assume(cloud, A, arn));
  const make = (PermissionsBoundary?: string) =>
    iam.send(
      new CreateRoleCommand({ RoleName: "made", AssumeRolePolicyDocument: trusting(A), PermissionsBoundary }),
    );
  await expect(make()).rejects.toThrow("explicit deny");
  await expect(make("arn:aws:iam::aws:policy/AdministratorAccess")).rejects.toThrow(
    "no identity-based policy",
  );
  await make(edge);
  await admin.send(new PutRolePermissionsBoundaryCommand({ RoleName: "r", PermissionsBoundary: edge }));
  await expect(iam.send(new DeleteRoleCommand({ RoleName: "made" }))).rejects.toThrow(
    "because no permissions boundary allows the iam:DeleteRole action",
  );
});

it("limits a session by its session policy", async () => {
  await using cloud = await testCloud();
  const arn = await createRole(cloud, A, "r", {
    allows: [{ Effect: "Allow", Action: "iam:*", Resource: "*" }],
  });
  const iam = cloud.client(
    IAMClient,
    await assume(cloud, A, arn, {
      Policy: policy({ Effect: "Allow", Action: "iam:GetRole", Resource: "*" }),
    }),
  );
  await iam.send(new GetRoleCommand({ RoleName: "r" }));
  await expect(iam.send(new ListRolesCommand({}))).rejects.toThrow("because no session policy allows");
});

it("takes rights away from sessions that are already open", async () => {
  await using cloud = await testCloud();
  const admin = cloud.client(IAMClient, A);
  const arn = await createRole(cloud, A, "r", {
    allows: [{ Effect: "Allow", Action: "iam:*", Resource: "*" }],
  });
  const iam = cloud.client(IAMClient, await assume(cloud, A, arn));
  await iam.send(new GetRoleCommand({ RoleName: "r" }));
  await admin.send(new DeleteRolePolicyCommand({ RoleName: "r", PolicyName: "allows" }));
  await expect(iam.send(new GetRoleCommand({ RoleName: "r" }))).rejects.toThrow("no identity-based policy");
  await admin.send(new DeleteRoleCommand({ RoleName: "r" }));
  await createRole(cloud, A, "r", { allows: [{ Effect: "Allow", Action: "iam:*", Resource: "*" }] });
  await expect(iam.send(new GetRoleCommand({ RoleName: "r" }))).rejects.toThrow("no identity-based policy");
});

it.each<[string, object, boolean]>([
  ["aws:PrincipalArn is the role's", { ArnEquals: { "aws:PrincipalArn": `arn:aws:iam::${A}:role/r` } }, true],
  ["aws:PrincipalAccount", { StringEquals: { "aws:PrincipalAccount": A } }, true],
  ["aws:PrincipalOrgID", { StringEquals: { "aws:PrincipalOrgID": "o-kedgelocal1" } }, true],
  [
    "aws:PrincipalOrgPaths",
    { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-kedgelocal1/r-*" } },
    true,
  ],
  ["aws:PrincipalType", { StringEquals: { "aws:PrincipalType": "AssumedRole" } }, true],
  ["aws:userid", { StringLike: { "aws:userid": "AROA*:test" } }, true],
  ["aws:username is no role's", { Null: { "aws:username": "true" } }, true],
  ["aws:PrincipalTag", { StringEquals: { "aws:PrincipalTag/team": "shop" } }, true],
  ["aws:PrincipalTag of another", { StringEquals: { "aws:PrincipalTag/team": "bank" } }, false],
  ["aws:ResourceTag", { StringEquals: { "aws:ResourceTag/team": "${aws:PrincipalTag/team}" } }, true],
  ["aws:PrincipalIsAWSService", { Bool: { "aws:PrincipalIsAWSService": "false" } }, true],
  ["aws:SecureTransport", { Bool: { "aws:SecureTransport": "true" } }, true],
  ["aws:RequestedRegion", { StringEquals: { "aws:RequestedRegion": "us-east-1" } }, true],
  ["aws:ResourceAccount", { StringEquals: { "aws:ResourceAccount": A } }, true],
  ["aws:ResourceOrgID", { StringEquals: { "aws:ResourceOrgID": "${aws:PrincipalOrgID}" } }, true],
  ["aws:SourceIp", { IpAddress: { "aws:SourceIp": "127.0.0.0/8" } }, true],
  ["aws:CurrentTime", { DateGreaterThan: { "aws:CurrentTime": "2020-01-01T00:00:00Z" } }, true],
  ["aws:EpochTime", { NumericGreaterThan: { "aws:EpochTime": "1577836800" } }, true],
  ["aws:ViaAWSService", { Bool: { "aws:ViaAWSService": "false" } }, true],
  ["aws:SourceArn is no caller's", { ArnLike: { "aws:SourceArn": "*" } }, false],
])("knows %s", async (_name, Condition, allowed) => {
  await using cloud = await testCloud();
  const arn = await createRole(cloud, A, "r", {
    allows: [{ Effect: "Allow", Action: "iam:GetRole", Resource: "*", Condition }],
  });
  await cloud
    .client(IAMClient, A)
    .send(new TagRoleCommand({ RoleName: "r", Tags: [{ Key: "team", Value: "shop" }] }));
  const get = cloud
    .client(IAMClient, await assume(cloud, A, arn))
    .send(new GetRoleCommand({ RoleName: "r" }));
  if (allowed) await expect(get).resolves.toMatchObject({ Role: { RoleName: "r" } });
  else await expect(get).rejects.toThrow("is not authorized to perform: iam:GetRole");
});
