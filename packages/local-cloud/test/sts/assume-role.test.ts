import {
  DeleteRoleCommand,
  GetRoleCommand,
  IAMClient,
  ListRolesCommand,
  UpdateRoleCommand,
} from "@aws-sdk/client-iam";
import {
  AssumeRoleCommand,
  GetCallerIdentityCommand,
  GetSessionTokenCommand,
  STSClient,
} from "@aws-sdk/client-sts";
import { describe, expect, it } from "vitest";
import { servicePrincipal } from "#cloud/kernel/principal.ts";
import { testCloud } from "#cloud/testing/cloud.ts";
import { assume, createRole, policy, trusting } from "#test/iam/identities.ts";

const A = "111111111111";
const B = "222222222222";

describe("AssumeRole", () => {
  it("answers credentials that are the role's session", async () => {
    await using cloud = await testCloud({ frozen: true });
    const arn = await createRole(cloud, A, "r");
    const answer = await cloud
      .client(STSClient, A)
      .send(new AssumeRoleCommand({ RoleArn: arn, RoleSessionName: "build-7", DurationSeconds: 900 }));
    const session = `arn:aws:sts::${A}:assumed-role/r/build-7`;
    expect(answer.AssumedRoleUser).toMatchObject({
      Arn: session,
      AssumedRoleId: expect.stringMatching(/^AROA[A-Z0-9]{17}:build-7$/),
    });
    expect(answer.Credentials?.AccessKeyId).toMatch(/^ASIA/);
    const lasts = (answer.Credentials?.Expiration?.getTime() ?? 0) - cloud.clock.now().getTime();
    expect(Math.abs(lasts - 900_000)).toBeLessThan(1000);
    const credentials = {
      accessKeyId: answer.Credentials?.AccessKeyId ?? "",
      secretAccessKey: answer.Credentials?.SecretAccessKey ?? "",
      sessionToken: answer.Credentials?.SessionToken ?? "",
    };
    const who = (given = credentials) =>
      cloud.client(STSClient, given).send(new GetCallerIdentityCommand({}));
    expect(await who()).toMatchObject({
      Account: A,
      Arn: session,
      UserId: answer.AssumedRoleUser?.AssumedRoleId,
    });
    await expect(who({ ...credentials, secretAccessKey: "other" })).rejects.toMatchObject({
      name: "SignatureDoesNotMatch",
    });
    await expect(who({ ...credentials, sessionToken: "other" })).rejects.toMatchObject({
      name: "InvalidClientTokenId",
    });
    await cloud.clock.push(901_000);
    await expect(who()).rejects.toMatchObject({ name: expect.stringContaining("ExpiredToken") });
  });

  it.each<[string, object]>([
    ["at 'durationSeconds' failed to satisfy constraint", { DurationSeconds: 899 }],
    ["at 'durationSeconds' failed to satisfy constraint", { DurationSeconds: 43_201 }],
    [
      "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
      { DurationSeconds: 3601 },
    ],
    ["at 'roleSessionName' failed to satisfy constraint", { RoleSessionName: "a b" }],
    ["at 'roleSessionName' failed to satisfy constraint", { RoleSessionName: "x" }],
    ["is invalid", { RoleArn: "arn:aws:iam::111111111111:user/ada" }],
    ["at 'roleArn' failed to satisfy constraint", { RoleArn: "r" }],
    ["This policy contains invalid Json", { Policy: "{" }],
    ["does not exist", { PolicyArns: [{ arn: "arn:aws:iam::aws:policy/Invented" }] }],
    ["transitive tag key must be included", { TransitiveTagKeys: ["a"] }],
  ])("refuses: %s", async (message, input) => {
    await using cloud = await testCloud();
    const RoleArn = await createRole(cloud, A, "r");
    const attempt = cloud
      .client(STSClient, A)
      .send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "test", ...input }));
    await expect(attempt).rejects.toThrow(message);
  });

  it("needs the trust policy, and across accounts the caller's own policy too", async () => {
    await using cloud = await testCloud();
    const caller = await createRole(cloud, A, "caller");
    const target = await createRole(cloud, B, "target", { trust: trusting(caller) });
    const credentials = await assume(cloud, A, caller);
    await expect(assume(cloud, credentials, target)).rejects.toThrow(
      `because no identity-based policy allows the sts:AssumeRole action. Missing in the identity-based policy: {"Effect":"Allow","Action":"sts:AssumeRole","Resource":"${target}"}`,
    );
    const allowed = await createRole(cloud, A, "allowed", {
      allows: [{ Effect: "Allow", Action: "sts:AssumeRole", Resource: `arn:aws:iam::${B}:role/*` }],
    });
    const other = await assume(cloud, A, allowed);
    await expect(assume(cloud, other, target)).rejects.toMatchObject({
      name: "AccessDenied",
      message: expect.stringContaining("because no role trust policy allows the sts:AssumeRole action"),
    });
    await expect(assume(cloud, other, `arn:aws:iam::${B}:role/nobody`)).rejects.toMatchObject({
      name: "AccessDenied",
    });
    await expect(assume(cloud, A, target)).rejects.toMatchObject({ name: "AccessDenied" });
  });

  it("lets a trust name callers by condition before they exist", async () => {
    await using cloud = await testCloud();
    const later = `arn:aws:iam::${A}:role/later`;
    const target = await createRole(cloud, B, "target", {
      trust: policy({
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${A}:root` },
        Action: "sts:AssumeRole",
        Condition: { ArnEquals: { "aws:PrincipalArn": later } },
      }),
    });
    const allows = [{ Effect: "Allow", Action: "sts:AssumeRole", Resource: target }];
    await createRole(cloud, A, "later", { allows });
    await createRole(cloud, A, "another", { allows });
    await assume(cloud, await assume(cloud, A, later), target);
    await expect(
      assume(cloud, await assume(cloud, A, `arn:aws:iam::${A}:role/another`), target),
    ).rejects.toMatchObject({ name: "AccessDenied" });
  });

  it("no longer knows a trusted role that was deleted and made anew", async () => {
    await using cloud = await testCloud();
    const caller = await createRole(cloud, A, "caller");
    const target = await createRole(cloud, A, "target", { trust: trusting(caller) });
    await assume(cloud, await assume(cloud, A, caller), target);
    await cloud.client(IAMClient, A).send(new DeleteRoleCommand({ RoleName: "caller" }));
    await createRole(cloud, A, "caller");
    await expect(assume(cloud, await assume(cloud, A, caller), target)).rejects.toMatchObject({
      name: "AccessDenied",
    });
  });

  it("limits chained sessions to an hour", async () => {
    await using cloud = await testCloud();
    const first = await createRole(cloud, A, "first");
    const second = await createRole(cloud, A, "second", { trust: trusting(first) });
    await cloud
      .client(IAMClient, A)
      .send(new UpdateRoleCommand({ RoleName: "second", MaxSessionDuration: 43_200 }));
    const credentials = await assume(cloud, A, first);
    await expect(assume(cloud, credentials, second, { DurationSeconds: 3601 })).rejects.toThrow(
      "exceeds the 1 hour session limit for roles assumed by role chaining",
    );
    await assume(cloud, credentials, second, { DurationSeconds: 3600 });
  });

  it("requires the external id that the trust asks for", async () => {
    await using cloud = await testCloud();
    const arn = await createRole(cloud, A, "r", {
      trust: policy({
        Effect: "Allow",
        Principal: { AWS: A },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "sts:ExternalId": "secret" } },
      }),
    });
    await expect(assume(cloud, A, arn)).rejects.toMatchObject({ name: "AccessDenied" });
    await assume(cloud, A, arn, { ExternalId: "secret" });
  });

  it("limits a session by managed session policies", async () => {
    await using cloud = await testCloud();
    const arn = await createRole(cloud, A, "r", {
      allows: [{ Effect: "Allow", Action: "*", Resource: "*" }],
    });
    const credentials = await assume(cloud, A, arn, {
      PolicyArns: [{ arn: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" }],
    });
    await expect(cloud.client(IAMClient, credentials).send(new ListRolesCommand({}))).rejects.toThrow(
      "because no session policy allows the iam:ListRoles action",
    );
  });

  it("hands transitive tags on along a chain", async () => {
    await using cloud = await testCloud();
    const first = await createRole(cloud, A, "first");
    const second = await createRole(cloud, A, "second", {
      trust: trusting(first),
      allows: [
        {
          Effect: "Allow",
          Action: "iam:GetRole",
          Resource: "*",
          Condition: {
            StringEquals: { "aws:PrincipalTag/line": "main" },
            Null: { "aws:PrincipalTag/step": "true" },
          },
        },
      ],
    });
    const credentials = await assume(cloud, A, first, {
      Tags: [
        { Key: "line", Value: "main" },
        { Key: "step", Value: "1" },
      ],
      TransitiveTagKeys: ["line"],
    });
    const chained = await assume(cloud, credentials, second);
    await cloud.client(IAMClient, chained).send(new GetRoleCommand({ RoleName: "first" }));
    await expect(
      assume(cloud, credentials, second, { Tags: [{ Key: "line", Value: "other" }] }),
    ).rejects.toThrow("conflicts with a transitive tag key");
  });

  it("lets a service assume the roles that trust it, on behalf of the source they name", async () => {
    await using cloud = await testCloud();
    const roleArn = await createRole(cloud, A, "r", {
      trust: policy({
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: { "aws:SourceAccount": A },
          ArnLike: { "aws:SourceArn": `arn:aws:events:*:${A}:rule/*` },
        },
      }),
    });
    const assumeAs = (service: string, sourceArn: string) =>
      cloud.cloud().assumeRole({
        roleArn,
        sessionName: "run",
        principal: servicePrincipal(service, { sourceAccount: A, sourceArn }),
        region: "us-east-1",
      });
    const rule = `arn:aws:events:us-east-1:${A}:rule/x`;
    const { session, credentials } = await assumeAs("events.amazonaws.com", rule);
    expect(session).toMatchObject({ kind: "role", account: A, roleArn, sessionName: "run" });
    expect(credentials.sessionToken).not.toBe("");
    await expect(assumeAs("lambda.amazonaws.com", rule)).rejects.toThrow("no role trust policy");
    await expect(assumeAs("events.amazonaws.com", "arn:aws:sqs:us-east-1:1:q")).rejects.toThrow(
      "no role trust policy",
    );
  });
});

describe("GetSessionToken", () => {
  it("is for long-lived credentials only", async () => {
    await using cloud = await testCloud();
    const { Credentials } = await cloud.client(STSClient, A).send(new GetSessionTokenCommand({}));
    expect(Credentials?.AccessKeyId).toMatch(/^ASIA/);
    const session = await assume(cloud, A, await createRole(cloud, A, "r"));
    await expect(cloud.client(STSClient, session).send(new GetSessionTokenCommand({}))).rejects.toThrow(
      "Cannot call GetSessionToken with session credentials",
    );
  });
});
