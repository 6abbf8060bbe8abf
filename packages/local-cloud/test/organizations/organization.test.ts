import { IAMClient, ListRolesCommand, ListUsersCommand } from "@aws-sdk/client-iam";
import {
  AttachPolicyCommand,
  CreateOrganizationalUnitCommand,
  CreatePolicyCommand,
  DeleteOrganizationalUnitCommand,
  DeletePolicyCommand,
  DescribeAccountCommand,
  DescribeOrganizationCommand,
  DetachPolicyCommand,
  DisablePolicyTypeCommand,
  EnableAWSServiceAccessCommand,
  EnablePolicyTypeCommand,
  ListAccountsCommand,
  ListAccountsForParentCommand,
  ListAWSServiceAccessForOrganizationCommand,
  ListOrganizationalUnitsForParentCommand,
  ListParentsCommand,
  ListPoliciesForTargetCommand,
  ListRootsCommand,
  MoveAccountCommand,
  OrganizationsClient,
} from "@aws-sdk/client-organizations";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { describe, expect, it } from "vitest";
import { type TestCloud, testCloud } from "#cloud/testing/cloud.ts";
import { policy } from "#test/iam/identities.ts";

const M = "101010101010";
const A = "111111111111";

/** Returns the management account's client. Both accounts are members. */
async function organization(cloud: TestCloud) {
  for (const account of [M, A]) await cloud.client(STSClient, account).send(new GetCallerIdentityCommand({}));
  const client = cloud.client(OrganizationsClient, M);
  const { Roots } = await client.send(new ListRootsCommand({}));
  return { client, root: Roots?.[0]?.Id ?? "" };
}

async function attach(client: OrganizationsClient, TargetId: string, content: string, Name = "scp") {
  const { Policy } = await client.send(
    new CreatePolicyCommand({ Name, Description: "", Type: "SERVICE_CONTROL_POLICY", Content: content }),
  );
  const PolicyId = Policy?.PolicySummary?.Id;
  await client.send(new AttachPolicyCommand({ PolicyId, TargetId }));
  return PolicyId;
}

const denyUsers = policy({ Effect: "Deny", Action: "iam:ListUsers", Resource: "*" });

describe("the organization", () => {
  it("holds every account that makes a call; the first manages it", async () => {
    await using cloud = await testCloud();
    const { client, root } = await organization(cloud);
    const { Organization } = await cloud
      .client(OrganizationsClient, A)
      .send(new DescribeOrganizationCommand({}));
    expect(Organization).toMatchObject({ Id: "o-kedgelocal1", MasterAccountId: M, FeatureSet: "ALL" });
    const { Accounts } = await client.send(new ListAccountsCommand({}));
    expect(Accounts?.map(({ Id }) => Id)).toEqual([M, A]);
    const { Account } = await client.send(new DescribeAccountCommand({ AccountId: "333333333333" }));
    expect(Account).toMatchObject({ Id: "333333333333", Status: "ACTIVE" });
    expect((await client.send(new ListParentsCommand({ ChildId: A }))).Parents).toEqual([
      { Id: root, Type: "ROOT" },
    ]);
    const page = await client.send(new ListAccountsCommand({ MaxResults: 2 }));
    expect(page.Accounts).toHaveLength(2);
    const rest = await client.send(new ListAccountsCommand({ NextToken: page.NextToken }));
    expect(rest.Accounts?.map(({ Id }) => Id)).toEqual(["333333333333"]);
  });

  it("is managed from its management account alone", async () => {
    await using cloud = await testCloud();
    await organization(cloud);
    await expect(
      cloud.client(OrganizationsClient, A).send(new ListAccountsCommand({})),
    ).rejects.toMatchObject({ name: "AccessDeniedException" });
  });

  it("moves accounts between units, and keeps units that are not empty", async () => {
    await using cloud = await testCloud();
    const { client, root } = await organization(cloud);
    const { OrganizationalUnit } = await client.send(
      new CreateOrganizationalUnitCommand({ ParentId: root, Name: "shops" }),
    );
    const unit = OrganizationalUnit?.Id ?? "";
    await expect(
      client.send(new CreateOrganizationalUnitCommand({ ParentId: root, Name: "shops" })),
    ).rejects.toMatchObject({ name: "DuplicateOrganizationalUnitException" });
    await client.send(
      new MoveAccountCommand({ AccountId: A, SourceParentId: root, DestinationParentId: unit }),
    );
    const { Accounts } = await client.send(new ListAccountsForParentCommand({ ParentId: unit }));
    expect(Accounts?.map(({ Id }) => Id)).toEqual([A]);
    const { OrganizationalUnits } = await client.send(
      new ListOrganizationalUnitsForParentCommand({ ParentId: root }),
    );
    expect(OrganizationalUnits?.map(({ Name }) => Name)).toEqual(["shops"]);
    await expect(
      client.send(new DeleteOrganizationalUnitCommand({ OrganizationalUnitId: unit })),
    ).rejects.toMatchObject({ name: "OrganizationalUnitNotEmptyException" });
    await expect(client.send(new ListParentsCommand({ ChildId: "ou-none-00000000" }))).rejects.toMatchObject({
      name: "ChildNotFoundException",
    });
  });

  it("remembers the services it trusts", async () => {
    await using cloud = await testCloud();
    const { client } = await organization(cloud);
    const ServicePrincipal = "servicecatalog.amazonaws.com";
    await client.send(new EnableAWSServiceAccessCommand({ ServicePrincipal }));
    const { EnabledServicePrincipals } = await client.send(
      new ListAWSServiceAccessForOrganizationCommand({}),
    );
    expect(EnabledServicePrincipals).toEqual([{ ServicePrincipal, DateEnabled: expect.any(Date) }]);
  });
});

describe("service control policies", () => {
  it("limits even an account's administrator, but not the management account", async () => {
    await using cloud = await testCloud();
    const { client, root } = await organization(cloud);
    await attach(client, root, denyUsers);
    const member = cloud.client(IAMClient, A);
    await member.send(new ListRolesCommand({}));
    await expect(member.send(new ListUsersCommand({}))).rejects.toThrow(
      `User: arn:aws:iam::${A}:root is not authorized to perform: iam:ListUsers on resource: arn:aws:iam::${A}:user/ with an explicit deny in a service control policy (scp)`,
    );
    await cloud.client(IAMClient, M).send(new ListUsersCommand({}));
    await client.send(new DisablePolicyTypeCommand({ RootId: root, PolicyType: "SERVICE_CONTROL_POLICY" }));
    await member.send(new ListUsersCommand({}));
    await client.send(new EnablePolicyTypeCommand({ RootId: root, PolicyType: "SERVICE_CONTROL_POLICY" }));
    await expect(member.send(new ListUsersCommand({}))).rejects.toThrow("service control policy");
  });

  it("allows only the actions that every level allows", async () => {
    await using cloud = await testCloud();
    const { client } = await organization(cloud);
    await attach(client, A, policy({ Effect: "Allow", Action: "iam:ListRoles", Resource: "*" }));
    await client.send(new DetachPolicyCommand({ PolicyId: "p-FullAWSAccess", TargetId: A }));
    const member = cloud.client(IAMClient, A);
    await member.send(new ListRolesCommand({}));
    await expect(member.send(new ListUsersCommand({}))).rejects.toThrow(
      "because no service control policy allows the iam:ListUsers action",
    );
  });

  it("attaches a policy once, keeps it while attached, and never removes the last one", async () => {
    await using cloud = await testCloud();
    const { client } = await organization(cloud);
    const PolicyId = await attach(client, A, denyUsers);
    await expect(client.send(new AttachPolicyCommand({ PolicyId, TargetId: A }))).rejects.toMatchObject({
      name: "DuplicatePolicyAttachmentException",
    });
    await expect(client.send(new DeletePolicyCommand({ PolicyId }))).rejects.toMatchObject({
      name: "PolicyInUseException",
    });
    const { Policies } = await client.send(
      new ListPoliciesForTargetCommand({ TargetId: A, Filter: "SERVICE_CONTROL_POLICY" }),
    );
    expect(Policies?.map(({ Name }) => Name)).toEqual(["FullAWSAccess", "scp"]);
    await client.send(new DetachPolicyCommand({ PolicyId, TargetId: A }));
    await expect(
      client.send(new DetachPolicyCommand({ PolicyId: "p-FullAWSAccess", TargetId: A })),
    ).rejects.toMatchObject({ name: "ConstraintViolationException" });
    await client.send(new DeletePolicyCommand({ PolicyId }));
  });

  it("rejects a text that is not a policy", async () => {
    await using cloud = await testCloud();
    const { client } = await organization(cloud);
    await expect(attach(client, A, "{}")).rejects.toMatchObject({ name: "MalformedPolicyDocumentException" });
    await attach(client, A, denyUsers);
    await expect(attach(client, A, denyUsers)).rejects.toMatchObject({ name: "DuplicatePolicyException" });
  });
});
