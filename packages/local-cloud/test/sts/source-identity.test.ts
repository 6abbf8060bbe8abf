/** Tests the source identity of sessions, and trusts that compare a session name with it or with a tag. */
import { IAMClient, TagRoleCommand } from "@aws-sdk/client-iam";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { testCloud } from "#cloud/testing/cloud.ts";
import { assume, createRole, policy, trusting } from "#test/iam/identities.ts";

const A = "111111111111";
const mayAssume = [
  { Effect: "Allow", Action: ["sts:AssumeRole", "sts:SetSourceIdentity"], Resource: "*" },
] as const;
const trust = (more: object = {}): string =>
  policy({
    Effect: "Allow",
    Principal: { AWS: A },
    Action: ["sts:AssumeRole", "sts:SetSourceIdentity"],
    ...more,
  });
const pinnedTo = (variable: string): string =>
  trust({ Condition: { StringEquals: { "sts:RoleSessionName": `\${${variable}}` } } });

test("a session passes its source identity on, and cannot change it", async () => {
  await using cloud = await testCloud();
  const first = await createRole(cloud, A, "first", { trust: trust(), allows: mayAssume });
  const second = await createRole(cloud, A, "second", { trust: trust(), allows: mayAssume });
  const session = await assume(cloud, A, first, { SourceIdentity: "ann" });
  const sts = cloud.client(STSClient, session);
  const chained = { RoleArn: second, RoleSessionName: "any" };
  expect((await sts.send(new AssumeRoleCommand(chained))).SourceIdentity).toBe("ann");
  const other = sts.send(new AssumeRoleCommand({ ...chained, SourceIdentity: "bob" }));
  await expect(other).rejects.toMatchObject({ name: "AccessDenied" });
});

test("a role that does not allow sts:SetSourceIdentity denies a session with a source identity", async () => {
  await using cloud = await testCloud();
  const first = await createRole(cloud, A, "first", { trust: trust(), allows: mayAssume });
  const second = await createRole(cloud, A, "second", { trust: trusting(A) });
  await assume(cloud, await assume(cloud, A, first), second);
  const session = await assume(cloud, A, first, { SourceIdentity: "ann" });
  await expect(assume(cloud, session, second)).rejects.toThrow(/sts:SetSourceIdentity/);
});

test("a trust compares the session name with the caller's source identity", async () => {
  await using cloud = await testCloud();
  const first = await createRole(cloud, A, "first", { trust: trust(), allows: mayAssume });
  const second = await createRole(cloud, A, "second", { trust: pinnedTo("aws:SourceIdentity") });
  const session = await assume(cloud, A, first, { SourceIdentity: "ann" });
  await assume(cloud, session, second, { RoleSessionName: "ann" });
  await expect(assume(cloud, session, second, { RoleSessionName: "bob" })).rejects.toThrow(/sts:AssumeRole/);
  const without = await assume(cloud, A, first);
  await expect(assume(cloud, without, second, { RoleSessionName: "ann" })).rejects.toThrow(/sts:AssumeRole/);
});

test("a trust compares the session name with a tag of the caller's role", async () => {
  await using cloud = await testCloud();
  const tagged = await createRole(cloud, A, "tagged", { trust: trust(), allows: mayAssume });
  const Tags = [{ Key: "person", Value: "ann" }];
  await cloud.client(IAMClient, A).send(new TagRoleCommand({ RoleName: "tagged", Tags }));
  const pinned = await createRole(cloud, A, "pinned", { trust: pinnedTo("aws:PrincipalTag/person") });
  const session = await assume(cloud, A, tagged);
  await assume(cloud, session, pinned, { RoleSessionName: "ann" });
  await expect(assume(cloud, session, pinned, { RoleSessionName: "bob" })).rejects.toThrow(/sts:AssumeRole/);
});
