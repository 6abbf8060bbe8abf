/** Tests how `kedge push` follows an upload that no control plane answers: the cloud has only the artifact bucket. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { awsCloud, region } from "#test/aws/aws-cloud.ts";
import { startKedge } from "#test/support/kedge.ts";

const line = ["--app", "shop", "--branch", "main"];
const statusCommand = 'kedge status --account 111111111111 --app "shop" --branch "main"';

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
