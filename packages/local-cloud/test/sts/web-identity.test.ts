import { CreateOpenIDConnectProviderCommand, IAMClient } from "@aws-sdk/client-iam";
import { AssumeRoleWithWebIdentityCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, it } from "vitest";
import { type TestCloud, testCloud } from "#cloud/testing/cloud.ts";
import { createRole, policy } from "#test/iam/identities.ts";

const A = "111111111111";
const issuer = "token.actions.githubusercontent.com";

const part = (json: object): string => Buffer.from(JSON.stringify(json)).toString("base64url");
const token = (claims: object): string => `${part({ alg: "RS256" })}.${part(claims)}.c2lnbmF0dXJl`;

async function setUp(cloud: TestCloud): Promise<string> {
  await cloud.client(IAMClient, A).send(
    new CreateOpenIDConnectProviderCommand({
      Url: `https://${issuer}`,
      ClientIDList: ["sts.amazonaws.com"],
    }),
  );
  return createRole(cloud, A, "ci", {
    trust: policy({
      Effect: "Allow",
      Principal: { Federated: `arn:aws:iam::${A}:oidc-provider/${issuer}` },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: {
        StringLike: { [`${issuer}:sub`]: "repo:shop/*" },
        StringEquals: { [`${issuer}:aud`]: "sts.amazonaws.com" },
      },
    }),
  });
}

const good = {
  iss: `https://${issuer}`,
  sub: "repo:shop/web:ref",
  aud: "sts.amazonaws.com",
  exp: 4_000_000_000,
};

const exchange = (cloud: TestCloud, RoleArn: string, WebIdentityToken: string) =>
  cloud
    .client(STSClient, A)
    .send(new AssumeRoleWithWebIdentityCommand({ RoleArn, RoleSessionName: "run", WebIdentityToken }));

it("exchanges a token for a session of the role that trusts its issuer and subject", async () => {
  await using cloud = await testCloud();
  const role = await setUp(cloud);
  const answer = await exchange(cloud, role, token(good));
  expect(answer).toMatchObject({
    SubjectFromWebIdentityToken: good.sub,
    Audience: good.aud,
    Provider: `arn:aws:iam::${A}:oidc-provider/${issuer}`,
  });
  const who = await cloud
    .client(STSClient, {
      accessKeyId: answer.Credentials?.AccessKeyId ?? "",
      secretAccessKey: answer.Credentials?.SecretAccessKey ?? "",
      sessionToken: answer.Credentials?.SessionToken ?? "",
    })
    .send(new GetCallerIdentityCommand({}));
  expect(who.Arn).toBe(`arn:aws:sts::${A}:assumed-role/ci/run`);
});

it.each<[string, string]>([
  ["AccessDenied", token({ ...good, sub: "repo:other/web" })],
  ["InvalidIdentityToken", token({ ...good, aud: "another-client" })],
  ["InvalidIdentityToken", token({ ...good, iss: "https://unknown.example" })],
  ["InvalidIdentityToken", token({ ...good, sub: undefined })],
  ["InvalidIdentityToken", "no.token.here"],
  ["ExpiredToken", token({ ...good, exp: 1 })],
])("answers %s to a token that does not fit", async (name, bad) => {
  await using cloud = await testCloud();
  const role = await setUp(cloud);
  await expect(exchange(cloud, role, bad)).rejects.toMatchObject({ name: expect.stringContaining(name) });
});
