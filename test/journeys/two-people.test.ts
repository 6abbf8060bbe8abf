/**
 * Publishes estates as people of the central account, through the command line and S3. An estate that loosens a
 * gate needs two people, and no person can write the published estate.
 */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { proposalDeps } from "#aws/deps-publish.ts";
import { asRole } from "#local-estate/as-role.ts";
import { type BootedEstate, bootEstate } from "#local-estate/boot.ts";
import { type Proposed, proposeEstate } from "#operate/publish-estate.ts";
import { registryBucket } from "#release/names/deployed-names.ts";
import { sha256Hex } from "#release/names/digest.ts";
import { registryKeys } from "#release/names/registry-keys.ts";
import { topicTemplate, zipOf } from "#test/support/artifact.ts";
import { runBundles } from "#test/support/bundles.ts";
import { enter, shopLine, type TestEstate } from "#test/support/estate.ts";
import { kedge } from "#test/support/kedge.ts";

const central = "101010101010";
const gated = `region: us-east-1
central: "${central}"
organization: o-kedgelocal1
anchors:
  shop:
    account: "111111111111"
    environments:
      - { name: prod, account: "444444444444", order: 1, branches: [main], approval: true, protected: true }
`;
const open = gated.replace("approval: true", "approval: false");
const tight = open.replace("branches: [main]", "branches: [main, '!main/x']");

const loneTemplate = `import { stackPlan } from "#release/plan/plan-build.ts";
import type { ReleaseTemplate } from "#release/template/template.ts";
export const lone: ReleaseTemplate = {
  name: "lone", version: "1.0.0", summary: "One small template.",
  rollback: { within: "minutes", by: "a stack update" },
  entries: [{ matches: /^lone\\.json$/, rank: 0, means: "a lone.json" }],
  detect: () => ({ fits: true, reason: "it is there." }),
  plan: stackPlan,
};
`;

let work: string;
let booted: BootedEstate;
let shop: TestEstate;
const Bucket = registryBucket(central, "us-east-1");
const Key = registryKeys.estate;

beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), "kedge-people-"));
  await writeFile(join(work, "estate.yml"), gated);
  await writeFile(join(work, "open.yml"), open);
  const bundles = await runBundles(inject("runFolder"));
  booted = await bootEstate({ port: 0, estateFile: join(work, "estate.yml"), bundles });
  shop = enter(booted);
  const iam = shop.clients(IAMClient, central);
  const allow = (rest: object): string =>
    JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...rest }] });
  for (const [RoleName, Path] of [
    ["alice", "/"],
    ["bob", "/"],
    ["AWSReservedSSO_Admin_1", "/aws-reserved/sso.amazonaws.com/"],
  ] as const) {
    const trust = allow({ Principal: { AWS: central }, Action: "sts:AssumeRole" });
    await iam.send(new CreateRoleCommand({ RoleName, Path, AssumeRolePolicyDocument: trust }));
    const PolicyDocument = allow({ Action: "*", Resource: "*" });
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "all", PolicyDocument }));
  }
});

afterAll(async () => {
  await booted?.running.stop();
  await rm(work, { recursive: true, force: true });
});

const live = async (): Promise<string> => {
  const { Body } = await shop.clients(S3Client, central).send(new GetObjectCommand({ Bucket, Key }));
  return (await Body?.transformToString()) ?? "";
};

async function propose(role: string, text: string): Promise<Proposed> {
  const { proposals } = await proposalDeps(await asRole(shop, central, role));
  return proposeEstate(proposals, text);
}

const baseNow = async (): Promise<string> =>
  (await shop.clients(S3Client, central).send(new HeadObjectCommand({ Bucket, Key }))).VersionId ?? "";

const write = async (role: string, key: string, Body = open) =>
  (await shop.as(S3Client, central, role)).send(new PutObjectCommand({ Bucket, Key: key, Body }));

const userIdOf = async (role: string): Promise<string> =>
  (await (await shop.as(STSClient, central, role)).send(new GetCallerIdentityCommand({}))).UserId ?? "";

const confirm = (role: string, digest: string) =>
  kedge(["estate", "confirm", "--digest", digest, "--yes"], { shop, account: central, role });

describe("an estate", { concurrent: false }, () => {
  it("a second person publishes an estate that loosens a gate", async () => {
    const digest = sha256Hex(open);
    expect(await propose("alice", open)).toEqual({
      state: "waits",
      digest,
      loosenings: [
        { setting: "anchors.environments.approval", at: "shop/prod", was: "true", becomes: "false" },
      ],
    });
    expect(await live()).toBe(gated);

    const alone = await confirm("alice", digest);
    expect([alone.code, alone.stderr]).toEqual([
      1,
      expect.stringContaining("you are the person who proposed it"),
    ]);
    expect(await live()).toBe(gated);

    const bob = { shop, account: central, role: "bob" };
    const shown = await kedge(["estate", "confirm", "--show"], bob);
    expect([shown.code, shown.stdout]).toEqual([0, open]);
    expect(shown.stderr).toBe(
      `The estate ${digest} loosens 1 setting:\n  anchors.environments.approval (shop/prod): true → false\n`,
    );
    const bare = await kedge(["estate", "confirm"], bob);
    expect([bare.code, bare.stderr]).toEqual([
      64,
      "kedge: Not published: pass --digest (kedge publish and --show print it) and --yes (there is no terminal to ask).\n",
    ]);
    expect(await live()).toBe(gated);

    const second = await confirm("bob", digest);
    expect([second.code, second.stderr, await live()]).toEqual([0, "", open]);
    const { Metadata } = await shop.clients(S3Client, central).send(new HeadObjectCommand({ Bucket, Key }));
    expect(Metadata?.["kedge-publishers"]).toMatch(/^[0-9a-f]{16} [0-9a-f]{16}$/);

    expect((await propose("alice", tight)).state).toBe("published");
    expect(await live()).toBe(tight);
    // The approval comes back, and the branches become wider again.
    expect((await propose("bob", gated)).state).toBe("waits");
  });

  it("confirms an estate with a profile that has a role and no session name", async () => {
    const configFile = join(work, "aws.ini");
    await writeFile(
      configFile,
      `[profile central]
aws_access_key_id = ${central}
aws_secret_access_key = any
[profile alice]
role_arn = arn:aws:iam::${central}:role/alice
source_profile = central
`,
    );
    const words = ["estate", "confirm", "--digest", sha256Hex(gated), "--yes", "--profile", "alice"];
    const confirmed = await kedge(words, { shop, configFile });
    expect([confirmed.code, confirmed.stderr, await live()]).toEqual([0, "", gated]);
  });

  it("no principal writes or deletes the published estate, or signs for another one", async () => {
    for (const role of ["alice", "bob"]) {
      await expect(write(role, Key)).rejects.toMatchObject({ name: "AccessDenied" });
      const s3 = await shop.as(S3Client, central, role);
      await expect(s3.send(new DeleteObjectCommand({ Bucket, Key }))).rejects.toMatchObject({
        name: "AccessDenied",
      });
    }
    const root = shop.clients(S3Client, central);
    await expect(root.send(new PutObjectCommand({ Bucket, Key, Body: open }))).rejects.toMatchObject({
      name: "AccessDenied",
    });
    const folder = registryKeys.proposals(await baseNow(), sha256Hex("x"));
    const [alice, bob] = [await userIdOf("alice"), await userIdOf("bob")];
    for (const key of [
      `principal/${bob}`,
      `sso/${alice}`,
      "principal/AIDAX",
      `principal/${bob}/${alice}`,
      "x",
    ])
      await expect(write("alice", `${folder}${key}`, "x")).rejects.toMatchObject({ name: "AccessDenied" });
    await write("alice", `${folder}principal/${alice}`, "x");
  });

  it("sessions of one role are one person, and sessions of Identity Center are the people that they name", async () => {
    const sign = async (RoleName: string, RoleSessionName: string, kind: string, text: string) => {
      const path = RoleName.startsWith("AWS") ? `aws-reserved/sso.amazonaws.com/${RoleName}` : RoleName;
      const { Credentials: c } = await shop
        .clients(STSClient, central)
        .send(new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${central}:role/${path}`, RoleSessionName }));
      const credentials = {
        accessKeyId: c?.AccessKeyId ?? "",
        secretAccessKey: c?.SecretAccessKey ?? "",
        sessionToken: c?.SessionToken ?? "",
      };
      const config = { ...(await asRole(shop, central, "alice")), credentials };
      const { UserId } = await new STSClient(config).send(new GetCallerIdentityCommand({}));
      const folder = registryKeys.proposals(await baseNow(), sha256Hex(text));
      const order = new PutObjectCommand({ Bucket, Key: `${folder}${kind}/${UserId}`, Body: text });
      await new S3Client(config).send(order);
      return (await proposalDeps(config)).proposals.publish(sha256Hex(text));
    };
    const text = (await live()).replace("protected: true", "protected: false");
    expect((await sign("alice", "one", "principal", text)).state).toBe("waits");
    expect((await sign("alice", "two", "principal", text)).state).toBe("waits");

    const other = text.replace("shop:", "store:");
    const sso = "AWSReservedSSO_Admin_1";
    expect((await sign(sso, "ann@example.com", "sso", other)).state).toBe("waits");
    expect((await sign(sso, "ann@example.com", "principal", other)).state).toBe("waits");
    expect((await sign(sso, "ben@example.com", "sso", other)).state).toBe("published");
  });

  it("a release template of one person passes no gate until a second person confirms it", async () => {
    const folder = join("test", ".made", "lone", "lone");
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "template.ts"), loneTemplate);
    const as = (role: string, ...words: string[]) =>
      kedge(["template", ...words], { shop, account: central, role });
    try {
      const published = await as("alice", "publish", folder, "--changelog", "first");
      expect([published.code, published.stderr]).toEqual([0, ""]);
      expect(published.stdout).toContain("kedge template confirm lone@1.0.0");
      const artifact = await zipOf({
        "lone.json": topicTemplate("Lone"),
        ".traits/build.yml": "template: lone@1.0.0\n",
      });
      const line = shopLine("lone");
      const rejected = await shop.result(line, await shop.upload(line, artifact));
      expect([rejected.status, rejected.reason.code]).toEqual(["rejected", "TemplateUnconfirmed"]);

      const digest = /--digest ([0-9a-f]{64})/.exec((await as("alice", "confirm")).stdout)?.[1] ?? "";
      const module = registryKeys.template("lone", "1.0.0", digest);
      for (const role of ["alice", "bob"])
        await expect(write(role, module, "export {};")).rejects.toMatchObject({ name: "AccessDenied" });
      const alone = await as("alice", "confirm", "lone@1.0.0", "--digest", digest);
      expect([alone.code, alone.stderr]).toEqual([1, expect.stringContaining("you are the only person")]);
      const bare = await as("bob", "confirm", "lone@1.0.0");
      expect([bare.code, bare.stderr]).toEqual([64, expect.stringContaining("Not confirmed: pass --digest")]);
      const other = await as("bob", "confirm", "lone@1.0.0", "--digest", "0".repeat(64));
      expect([other.code, other.stderr]).toEqual([2, expect.stringContaining("Read it again.")]);
      const second = await as("bob", "confirm", "lone@1.0.0", "--digest", digest);
      expect([second.code, second.stderr]).toEqual([0, ""]);

      const version = await shop.upload(line, artifact);
      expect(await shop.result(line, version, "waiting-for-approval")).toMatchObject({
        template: { name: "lone" },
      });
    } finally {
      await rm(join("test", ".made", "lone"), { recursive: true, force: true });
    }
  });

  it("kedge estate impact shows the changes of each live line", async () => {
    const line = shopLine("impact");
    await shop.upload(line, await zipOf({ "template.json": topicTemplate("Impact") }));
    const file = join(work, "next.yml");
    const text = await live();
    await writeFile(
      file,
      text
        .replace("order: 1", "order: 1, rules: { bucket-public: allow }, tags: { a: b }")
        .replace(/approval: (true|false)/, (_, was) => `approval: ${was === "true" ? "false" : "true"}`),
    );
    const found = await kedge(["estate", "impact", file], { shop, account: central, role: "bob" });
    expect([found.code, found.stderr]).toEqual([0, expect.any(String)]);
    expect(found.stdout).toContain("111111111111/impact/main");
    expect(found.stdout).toContain("prod: rule bucket-public");
    expect(found.stdout).not.toContain("prod/Prepare");
    expect(found.stdout).toMatch(/^ {2}\d+ changes? of the pipeline \(shown with --details\)$/m);
    const asked = ["estate", "impact", file, "--details"];
    const detailed = await kedge(asked, { shop, account: central, role: "bob" });
    expect(detailed.stdout).toContain("  ~ prod/Prepare: gated ");
  });
});
