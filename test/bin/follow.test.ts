/** Tests how `kedge push` follows an upload that no control plane answers: the cloud has only the artifact bucket. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { formatKey, resultKeys } from "#release/names/key.ts";
import { awsCloud, region } from "#test/aws/aws-cloud.ts";
import { resultOf } from "#test/operate/results.ts";
import { startKedge } from "#test/support/kedge.ts";
import { wordsInShell } from "#test/support/shell.ts";

const line = ["--app", "shop", "--branch", "main"];
const statusCommand = "kedge status --account 111111111111 --app shop --branch main";

/** A folder to push, and the artifact bucket to push it into. */
async function open() {
  const aws = await awsCloud();
  const bucket = await aws.bucket("uploads");
  const folder = await mkdtemp(join(tmpdir(), "kedge-follow-"));
  await writeFile(join(folder, "template.json"), "{}");
  return {
    ...{ aws, folder },
    cloud: { endpoint: aws.cloud.endpoint, region, bucket },
    [Symbol.asyncDispose]: async () => {
      await aws[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

test("push reports after a minute that no result was written, and follows until its timeout", async () => {
  await using at = await open();
  const node = ["--import", "./test/support/pushed-clock.ts"];
  const { ended } = startKedge(["push", at.folder, ...line, "--timeout", "90"], at.cloud, { node });
  const { code, stdout, stderr } = await ended;
  expect(code).toBe(4);
  expect(stdout).toMatch(/^version \S+$/m);
  expect(stderr.match(/within a minute/g)).toHaveLength(1);
  expect(stderr).toContain(statusCommand);
  expect(stderr).toContain("Gave up after 90 s: no result has been written yet.");
});

test("Ctrl-C during push says that the release goes on, and exits with 130", async () => {
  await using at = await open();
  const followed = new Promise<void>((resolve) => {
    at.aws.cloud.cloud().onCall(({ operation }) => void (operation === "GetObject" && resolve()));
  });
  const { child, ended } = startKedge(["push", at.folder, ...line], at.cloud);
  await followed;
  child.kill("SIGINT");
  const { code, stderr } = await ended;
  expect(code).toBe(130);
  expect(stderr).toContain("the release of 111111111111/shop/main/latest.zip goes on");
  expect(stderr).toContain(statusCommand);
});

test("push names the region of the bucket when the request went to another region", async () => {
  await using at = await open();
  const elsewhere = { ...at.cloud, region: "eu-west-1" };
  const { code, stderr } = await startKedge(["push", at.folder, ...line], elsewhere).ended;
  expect([code, stderr]).toEqual([64, expect.stringContaining(`pass --region ${region}`)]);
});

test("a shell runs nothing that the names in a printed command hold", async () => {
  await using at = await open();
  const [app, branch] = ["$(touch ran)", "it's/`touch ran`/${HOME}"];
  const line = { account: "111111111111", app, branch };
  const named = ["--account", line.account, "--app", app, "--branch", branch];
  const push = ["push", at.folder, ...named.slice(2), "--timeout", "1"];
  const { code, stderr } = await startKedge(push, at.cloud).ended;
  expect(code).toBe(4);
  const [, goesOn = ""] = /see it with: (kedge status .*)$/m.exec(stderr) ?? [];
  expect(await wordsInShell(goesOn)).toEqual(["kedge", "status", ...named]);

  const { latest = "" } = resultKeys(formatKey(line), "latest");
  await at.aws.put(at.cloud.bucket, latest, JSON.stringify(resultOf(line, "waiting-for-approval")));
  const { stdout } = await startKedge(["status", ...named], at.cloud).ended;
  const steps = stdout.match(/(?<=^ {4})kedge .*$/gm) ?? [];
  expect(await Promise.all(steps.map(wordsInShell))).toEqual([
    ["kedge", "review", ...named],
    ["kedge", "approve", ...named, "--digest", "DIGEST"],
    ["kedge", "reject", ...named, "--digest", "DIGEST", "--summary", "REASON"],
  ]);
});
