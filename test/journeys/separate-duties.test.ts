/**
 * Tests separate duties in an estate whose trusts pin session names by a tag: a person uploads and approves under
 * one name, and cannot take another name.
 */
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { approvalDeps } from "#aws/deps-approvals.ts";
import { decideApproval, pendingApproval } from "#operate/approvals.ts";
import { formatKey, type Line } from "#release/names/key.ts";
import { zipOf } from "#test/support/artifact.ts";
import { estate, type TestEstate } from "#test/support/estate.ts";

const account = "131313131313";
const vaultLine = (app: string): Line => ({ account, app, branch: "main" });
const template = JSON.stringify({
  Resources: { P: { Type: "AWS::SSM::Parameter", Properties: { Type: "String", Value: "x" } } },
});

type Settings = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
};

/** Makes the role of a person, whose tag is the person's name, and returns how the person enters other roles. */
async function personOf(vault: TestEstate, name: string) {
  const iam = vault.clients(IAMClient, account);
  const statement = { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${account}:root` } };
  await iam.send(
    new CreateRoleCommand({
      RoleName: name,
      AssumeRolePolicyDocument: policyOf({ ...statement, Action: "sts:AssumeRole" }),
      Tags: [{ Key: "kedge-person", Value: name }],
    }),
  );
  const Resource = ["kedge-ci", "kedge-approver"].map((role) => arnOf(role));
  const allowed = policyOf({ Effect: "Allow", Action: "sts:AssumeRole", Resource });
  await iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: "enter", PolicyDocument: allowed }));
  const own = await enter(vault.clients(STSClient, account), name, "login");
  const sts = new STSClient({ ...at(vault), credentials: own });
  return async (role: string, sessionName = name) => ({
    ...at(vault),
    credentials: await enter(sts, role, sessionName),
  });
}

const arnOf = (role: string): string => `arn:aws:iam::${account}:role/${role}`;
const policyOf = (statement: object): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
const at = ({ region, endpoint }: TestEstate) => ({ region, endpoint, forcePathStyle: true });

async function enter(sts: STSClient, role: string, RoleSessionName: string): Promise<Settings> {
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn: arnOf(role), RoleSessionName }));
  const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = Credentials ?? {};
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

async function upload(vault: TestEstate, s3: S3Client, line: Line): Promise<string> {
  const Body = await zipOf({ "template.json": template });
  const { VersionId = "" } = await s3.send(
    new PutObjectCommand({ Bucket: vault.bucket, Key: formatKey(line), Body }),
  );
  await vault.result(line, VersionId, "waiting-for-approval");
  return VersionId;
}

async function approve(settings: Parameters<typeof approvalDeps>[0], line: Line): Promise<void> {
  const deps = approvalDeps(settings);
  const approval = await pendingApproval(deps, { line });
  const summary = "read it";
  await decideApproval(deps, { line, approval, decision: "Approved", digest: approval.digest, summary });
}

test("only another person's approval releases an upload, and a person cannot take another name", async () => {
  const vault = estate("strictEstate");
  const [ann, bob] = [await personOf(vault, "ann"), await personOf(vault, "bob")];
  await expect(ann("kedge-approver", "bob")).rejects.toThrow(/sts:AssumeRole/);
  await expect(ann("kedge-ci", "bob")).rejects.toThrow(/sts:AssumeRole/);

  const line = vaultLine("duties");
  const released = await upload(vault, new S3Client(await ann("kedge-ci")), line);
  await approve(await bob("kedge-approver"), line);
  await vault.result(line, released, "released");

  const own = vaultLine("duties-alone");
  const alone = await upload(vault, new S3Client(await ann("kedge-ci")), own);
  await approve(await ann("kedge-approver"), own);
  expect((await vault.result(own, alone)).reason.code).toBe("DutiesNotSeparate");
  expect((await vault.appStack(own, "prod"))?.StackStatus ?? "REVIEW_IN_PROGRESS").toBe("REVIEW_IN_PROGRESS");

  const direct = vaultLine("duties-direct");
  const unproven = await upload(vault, vault.clients(S3Client, account), direct);
  await approve(await bob("kedge-approver"), direct);
  expect((await vault.result(direct, unproven)).reason.code).toBe("DutiesUnproven");
});
