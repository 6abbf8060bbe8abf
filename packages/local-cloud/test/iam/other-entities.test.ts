import {
  AddRoleToInstanceProfileCommand,
  CreateInstanceProfileCommand,
  CreateOpenIDConnectProviderCommand,
  CreateServiceLinkedRoleCommand,
  DeleteInstanceProfileCommand,
  DeleteOpenIDConnectProviderCommand,
  DeleteRoleCommand,
  DeleteServiceLinkedRoleCommand,
  GetAccountSummaryCommand,
  GetInstanceProfileCommand,
  GetOpenIDConnectProviderCommand,
  GetRoleCommand,
  GetServiceLinkedRoleDeletionStatusCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListInstanceProfilesForRoleCommand,
  ListOpenIDConnectProvidersCommand,
  RemoveRoleFromInstanceProfileCommand,
} from "@aws-sdk/client-iam";
import { expect, it } from "vitest";
import { testCloud } from "#cloud/testing/cloud.ts";
import { createRole } from "./identities.ts";

const A = "111111111111";

it("makes service-linked roles once per service", async () => {
  await using cloud = await testCloud();
  const iam = cloud.client(IAMClient, A);
  const make = () => iam.send(new CreateServiceLinkedRoleCommand({ AWSServiceName: "ecs.amazonaws.com" }));
  const { Role } = await make();
  expect(Role?.Arn).toBe(`arn:aws:iam::${A}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS`);
  await expect(make()).rejects.toThrow("has been taken in this account");
  const RoleName = "AWSServiceRoleForECS";
  const { DeletionTaskId } = await iam.send(new DeleteServiceLinkedRoleCommand({ RoleName }));
  expect(await iam.send(new GetServiceLinkedRoleDeletionStatusCommand({ DeletionTaskId }))).toMatchObject({
    Status: "SUCCEEDED",
  });
  await expect(iam.send(new GetRoleCommand({ RoleName }))).rejects.toThrow("cannot be found");
});

it("names service-linked roles as their services do, with their managed policies", async () => {
  await using cloud = await testCloud();
  const iam = cloud.client(IAMClient, A);
  const make = async (service: string, CustomSuffix?: string) => {
    const AWSServiceName = `${service}.amazonaws.com`;
    const { Role } = await iam.send(new CreateServiceLinkedRoleCommand({ AWSServiceName, CustomSuffix }));
    const RoleName = Role?.RoleName ?? "";
    const { AttachedPolicies } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
    return [RoleName, AttachedPolicies?.[0]?.PolicyName];
  };
  expect(await make("autoscaling")).toEqual(["AWSServiceRoleForAutoScaling", "AutoScalingServiceRolePolicy"]);
  expect((await make("autoscaling", "x"))[0]).toBe("AWSServiceRoleForAutoScaling_x");
  expect(await make("rds")).toEqual(["AWSServiceRoleForRDS", "AmazonRDSServiceRolePolicy"]);
  expect(await make("ecs.application-autoscaling")).toEqual([
    "AWSServiceRoleForApplicationAutoScaling_ECSService",
    "AWSApplicationAutoscalingECSServicePolicy",
  ]);
  await expect(make("ecs", "x")).rejects.toMatchObject({ name: "InvalidInputException" });
});

it("keeps OpenID Connect providers", async () => {
  await using cloud = await testCloud();
  const iam = cloud.client(IAMClient, A);
  const Url = "https://token.actions.githubusercontent.com";
  const create = () =>
    iam.send(new CreateOpenIDConnectProviderCommand({ Url, ClientIDList: ["sts.amazonaws.com"] }));
  const { OpenIDConnectProviderArn } = await create();
  expect(OpenIDConnectProviderArn).toBe(
    `arn:aws:iam::${A}:oidc-provider/token.actions.githubusercontent.com`,
  );
  await expect(create()).rejects.toThrow(`Provider with url ${Url} already exists.`);
  const provider = await iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }));
  expect(provider).toMatchObject({
    Url: "token.actions.githubusercontent.com",
    ClientIDList: ["sts.amazonaws.com"],
  });
  const { OpenIDConnectProviderList } = await iam.send(new ListOpenIDConnectProvidersCommand({}));
  expect(OpenIDConnectProviderList).toEqual([{ Arn: OpenIDConnectProviderArn }]);
  await iam.send(new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }));
  await expect(
    iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn })),
  ).rejects.toMatchObject({ name: "NoSuchEntityException" });
});

it("holds a role in an instance profile", async () => {
  await using cloud = await testCloud();
  const iam = cloud.client(IAMClient, A);
  await createRole(cloud, A, "r");
  const names = { InstanceProfileName: "p", RoleName: "r" };
  await iam.send(new CreateInstanceProfileCommand(names));
  await iam.send(new AddRoleToInstanceProfileCommand(names));
  await expect(iam.send(new AddRoleToInstanceProfileCommand(names))).rejects.toThrow("Cannot exceed quota");
  const { InstanceProfile } = await iam.send(new GetInstanceProfileCommand(names));
  expect(InstanceProfile?.Roles?.map(({ RoleName }) => RoleName)).toEqual(["r"]);
  const { InstanceProfiles } = await iam.send(new ListInstanceProfilesForRoleCommand(names));
  expect(InstanceProfiles).toHaveLength(1);
  await expect(iam.send(new DeleteRoleCommand(names))).rejects.toThrow(
    "must remove roles from instance profile",
  );
  await iam.send(new RemoveRoleFromInstanceProfileCommand(names));
  await iam.send(new DeleteInstanceProfileCommand(names));
  const { SummaryMap } = await iam.send(new GetAccountSummaryCommand({}));
  expect(SummaryMap).toMatchObject({ Roles: 1, InstanceProfiles: 0 });
});
