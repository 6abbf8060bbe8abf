/**
 * Tests the record of people: who uploaded, who approved with which words, and who tore down. Results have ids
 * only, and the names can be erased.
 */
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { approvalDeps } from "#aws/deps-approvals.ts";
import { decideApproval, pendingApproval } from "#operate/approvals.ts";
import type { HistoryEntry } from "#operate/history.ts";
import { formatKey, type Line, resultKeys } from "#release/names/key.ts";
import { zipOf } from "#test/support/artifact.ts";
import { estate, shopLine, type TestEstate } from "#test/support/estate.ts";
import { kedge } from "#test/support/kedge.ts";

const template = JSON.stringify({
  Resources: { P: { Type: "AWS::SSM::Parameter", Properties: { Type: "String", Value: "x" } } },
});

async function sessionOf(shop: TestEstate, account: string, role: string, RoleSessionName: string) {
  const { Credentials } = await shop
    .clients(STSClient, account)
    .send(new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${account}:role/${role}`, RoleSessionName }));
  const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = Credentials ?? {};
  const credentials = {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
  };
  return { region: shop.region, endpoint: shop.endpoint, credentials, forcePathStyle: true };
}

async function uploadAs(shop: TestEstate, line: Line, name: string, Body: Uint8Array): Promise<string> {
  const s3 = new S3Client(await sessionOf(shop, line.account, "kedge-ci", name));
  const Metadata = {
    "kedge-commit": "0f1e2d3c4b5a",
    "kedge-author": `Carol <carol-${line.app}@example.com>`,
  };
  const put = new PutObjectCommand({ Bucket: shop.bucket, Key: formatKey(line), Body, Metadata });
  return (await s3.send(put)).VersionId ?? "";
}

async function approveAs(shop: TestEstate, line: Line, name: string, summary: string): Promise<void> {
  const deps = approvalDeps(await sessionOf(shop, line.account, "kedge-approver", name));
  const approval = await pendingApproval(deps, { line });
  await decideApproval(deps, { line, approval, decision: "Approved", digest: approval.digest, summary });
}

/** Every version of the objects that no role can delete. */
async function recordsOf(shop: TestEstate, line: Line): Promise<string> {
  const s3 = shop.clients(S3Client, "101010101010");
  const folders = ["results/", "uploads/", "reviews/"].map((folder) => `${folder}${line.account}/`);
  const texts: string[] = [];
  for (const Prefix of folders) {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: shop.bucket, Prefix }));
    for (const { Key = "" } of Contents) {
      if (!Key.includes(line.app)) continue;
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: shop.bucket, Key }));
      texts.push((await Body?.transformToString()) ?? "");
    }
  }
  return texts.join("\n");
}

test("history shows the names of uploader, author and approver, and erasing a person removes the name", async () => {
  const shop = estate();
  const line = shopLine("people", "main");
  const names = ["alice-people", "bob-people", "dora-people", "carol-people"] as const;
  const [alice, bob, dora] = names;
  const about = ["--account", line.account, "--app", line.app, "--branch", line.branch, "--json"];
  const operator = { shop, account: line.account, role: "kedge-operator" };

  const version = await uploadAs(shop, line, alice, await zipOf({ "template.json": template }));
  await shop.result(line, version, "waiting-for-approval");
  const review = await kedge(["review", ...about.slice(0, -1)], { ...operator, role: "kedge-approver" });
  expect(review.stdout).toMatch(/Uploaded by +alice-people \(session of AROA/);
  expect(review.stdout).toMatch(/Source +commit 0f1e2d3c4b5a, author Carol <carol-people@example\.com>/);
  expect(review.stdout).not.toContain("Last releases");
  await approveAs(shop, line, bob, "change 4711");
  const released = await shop.result(line, version, "released");
  expect(released.upload).toMatchObject({
    commit: "0f1e2d3c4b5a",
    by: { kind: "session", role: expect.stringMatching(/^AROA/) },
    author: { kind: "author" },
  });
  expect(released.decisions).toMatchObject([
    { stage: "prod", decision: "Approved", words: "change 4711", by: { role: "kedge-approver" } },
  ]);
  expect(released.decisions?.[0]?.clearance).toMatch(/^[0-9a-f]{64}$/);

  const status = await kedge(["status", ...about], operator);
  for (const name of [alice, bob, "0f1e2d3c4b5a"]) expect(status.stdout).toContain(name);
  const byCi = await kedge(["status", ...about], { ...operator, role: "kedge-ci" });
  expect(byCi.code).toBe(0);
  for (const name of names) expect(byCi.stdout).not.toContain(name);

  const again = await uploadAs(shop, line, dora, await zipOf({ "template.json": template }));
  await shop.result(line, again, "waiting-for-approval");
  const second = await kedge(["review", ...about.slice(0, -1)], { ...operator, role: "kedge-approver" });
  expect(second.stdout).toMatch(
    new RegExp(`Last releases of prod\n  \\S+Z  ${version}  alice-people \\(session of AROA`),
  );

  const tombstone = await uploadAs(shop, line, dora, new Uint8Array());
  await shop.result(line, tombstone, "torn-down");
  const history = await kedge(["history", ...about], operator);
  const entries = JSON.parse(history.stdout) as readonly HistoryEntry[];
  const last = (of: string) => entries.findLast((each) => each.version === of);
  expect(last(version)?.result?.decisions).toMatchObject([{ words: "change 4711" }]);
  expect(Object.values(last(version)?.people ?? {})).toEqual(expect.arrayContaining([alice, bob]));
  expect(Object.values(last(tombstone)?.people ?? {})).toContain(dora);

  const records = await recordsOf(shop, line);
  expect(records).toContain(released.upload?.by?.id);
  for (const name of names) expect(records).not.toContain(name);

  const erased = await kedge(["people", "erase", bob, "--account", line.account], {
    ...{ shop, account: "101010101010" },
  });
  expect(erased.stdout).toContain(released.decisions?.[0]?.by.id);
  const after = await kedge(["history", ...about], operator);
  expect(after.stdout).not.toContain(bob);
  expect(after.stdout).toContain(released.decisions?.[0]?.by.id);
});

test("S3 denies the roles of an anchor to erase a person or to forge the record of an upload", async () => {
  const shop = estate();
  const line = shopLine("people-forged", "main");
  const Key = `uploads/${resultKeys(formatKey(line), "v").version.slice("results/".length)}`;
  for (const role of ["kedge-ci", "kedge-operator", "kedge-approver"]) {
    const s3 = await shop.as(S3Client, line.account, role);
    const forge = s3.send(new PutObjectCommand({ Bucket: shop.bucket, Key, Body: "{}" }));
    await expect(forge).rejects.toThrow(/s3:PutObject/);
    const erase = new DeleteObjectCommand({ Bucket: shop.bucket, Key: `people/${line.account}/p-0.json` });
    await expect(s3.send(erase)).rejects.toThrow(/s3:DeleteObject/);
  }
});
