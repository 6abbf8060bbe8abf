import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DetachRolePolicyCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  IAMClient,
  ListEntitiesForPolicyCommand,
  ListPoliciesCommand,
  ListPolicyVersionsCommand,
  SetDefaultPolicyVersionCommand,
  SimulatePrincipalPolicyCommand,
} from "@aws-sdk/client-iam";
import { expect, it } from "vitest";
import { unknownActions } from "#cloud/iam/action-names.ts";
import { testCloud } from "#cloud/testing/cloud.ts";
import { createRole, policy } from "./identities.ts";

const A = "111111111111";
const document = policy({ Effect: "Allow", Action: "s3:GetObject", Resource: "*" });

it("keeps up to five versions of a policy, one of them in force", async () => {
  await using cloud = await testCloud();
  const iam = cloud.client(IAMClient, A);
  const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: "p", PolicyDocument: document }));
  const PolicyArn = Policy?.Arn;
  expect(Policy).toMatchObject({
    Arn: `arn:aws:iam::${A}:policy/p`,
    DefaultVersionId: "v1",
    AttachmentCount: 0,
  });
  await expect(
    iam.send(new CreatePolicyCommand({ PolicyName: "P", PolicyDocument: document })),
  ).rejects.toMatchObject({ name: "EntityAlreadyExistsException", $metadata: { httpStatusCode: 409 } });
  const next = () => iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: document }));
  for (let version = 2; version <= 5; version += 1) await next();
  await expect(next()).rejects.toThrow("A managed policy can have up to 5 versions.");
  await expect(iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: "v1" }))).rejects.toThrow(
    "Cannot delete the default version of a policy.",
  );
  await iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: "v5" }));
  await iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: "v1" }));
  const { PolicyVersion } = await next();
  expect(PolicyVersion?.VersionId).toBe("v6");
  const { Versions } = await iam.send(new ListPolicyVersionsCommand({ PolicyArn }));
  expect(Versions?.map(({ VersionId, IsDefaultVersion }) => [VersionId, IsDefaultVersion])).toEqual([
    ["v6", false],
    ["v5", true],
    ["v4", false],
    ["v3", false],
    ["v2", false],
  ]);
  await expect(iam.send(new DeletePolicyCommand({ PolicyArn }))).rejects.toThrow("more than one version");
});

it("does not delete an attached policy", async () => {
  await using cloud = await testCloud();
  const iam = cloud.client(IAMClient, A);
  await createRole(cloud, A, "r");
  const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: "p", PolicyDocument: document }));
  const PolicyArn = Policy?.Arn;
  await iam.send(new AttachRolePolicyCommand({ RoleName: "r", PolicyArn }));
  const { PolicyRoles, PolicyUsers } = await iam.send(new ListEntitiesForPolicyCommand({ PolicyArn }));
  expect(PolicyRoles).toEqual([{ RoleName: "r", RoleId: expect.stringMatching(/^AROA/) }]);
  expect(PolicyUsers ?? []).toEqual([]);
  await expect(iam.send(new DeletePolicyCommand({ PolicyArn }))).rejects.toMatchObject({
    name: "DeleteConflictException",
    message: "Cannot delete a policy attached to entities.",
  });
  await iam.send(new DetachRolePolicyCommand({ RoleName: "r", PolicyArn }));
  await iam.send(new DeletePolicyCommand({ PolicyArn }));
  await expect(iam.send(new GetPolicyCommand({ PolicyArn }))).rejects.toThrow(
    `Policy arn:aws:iam::${A}:policy/p was not found.`,
  );
});

it("has AWS's own policies beside the account's", async () => {
  await using cloud = await testCloud();
  const iam = cloud.client(IAMClient, A);
  const PolicyArn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";
  const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
  const { PolicyVersion } = await iam.send(
    new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy?.DefaultVersionId }),
  );
  expect(JSON.parse(decodeURIComponent(PolicyVersion?.Document ?? "")).Statement[0].Action).toContain(
    "logs:PutLogEvents",
  );
  await iam.send(new CreatePolicyCommand({ PolicyName: "mine", PolicyDocument: document }));
  const local = await iam.send(new ListPoliciesCommand({ Scope: "Local" }));
  expect(local.Policies?.map(({ PolicyName }) => PolicyName)).toEqual(["mine"]);
  const aws = await iam.send(new ListPoliciesCommand({ Scope: "AWS", MaxItems: 1000 }));
  expect(aws.Policies?.map(({ PolicyName }) => PolicyName)).toContain("AdministratorAccess");
});

it("simulates what a role may do", async () => {
  await using cloud = await testCloud();
  const PolicySourceArn = await createRole(cloud, A, "r", {
    allows: [
      { Effect: "Allow", Action: "s3:*", Resource: "*", Condition: { StringEquals: { "s3:prefix": "a" } } },
      { Effect: "Deny", Action: "s3:DeleteBucket", Resource: "*" },
    ],
  });
  const { EvaluationResults } = await cloud.client(IAMClient, A).send(
    new SimulatePrincipalPolicyCommand({
      PolicySourceArn,
      ActionNames: ["s3:ListBucket", "s3:DeleteBucket", "sqs:SendMessage"],
      ContextEntries: [{ ContextKeyName: "s3:prefix", ContextKeyType: "string", ContextKeyValues: ["a"] }],
    }),
  );
  expect(
    EvaluationResults?.map(({ EvalActionName, EvalDecision }) => [EvalActionName, EvalDecision]),
  ).toEqual([
    ["s3:ListBucket", "allowed"],
    ["s3:DeleteBucket", "explicitDeny"],
    ["sqs:SendMessage", "implicitDeny"],
  ]);
});

it("finds actions that AWS does not have", async () => {
  const text = policy({
    Effect: "Allow",
    Action: ["s3:GetObject", "S3:getobject*", "s3:FetchObject", "nothing:Do", "*"],
    Resource: "*",
  });
  expect(await unknownActions(text)).toEqual(["s3:FetchObject", "nothing:Do"]);
});
