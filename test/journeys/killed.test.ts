/**
 * The estate is killed in the middle of a burst, started again on its data directory, and killed again. Every
 * line ends on the newest artifact at its key, no acknowledged upload is lost, and no version is started
 * twice.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { ListObjectVersionsCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { chance } from "@kedge/local-cloud/testing/chance";
import { type CloudProcess, startProcess } from "@kedge/local-cloud/testing/cloud-process";
import { expect, inject, test } from "vitest";
import { resultsS3 } from "#aws/results-s3.ts";
import { readResult } from "#operate/read-result.ts";
import { formatKey, type Line } from "#release/names/key.ts";
import { topicTemplate, zipOf } from "#test/support/artifact.ts";
import { bundlesFolder } from "#test/support/bundles.ts";
import { enter, shopLine, type TestEstate, versionOf } from "#test/support/estate.ts";
import { factsOf } from "#test/support/global-estate.ts";

const seed = 11;
const kills = 3;
const estateFile = `
region: us-east-1
central: "101010101010"
organization: o-kedgelocal1
anchors:
  shop:
    account: "111111111111"
    environments:
      - { name: dev, account: "222222222222", order: 1, branches: ["**"] }
`;
/**
 * Messages of a dead function become visible again when their visibility timeout is over. The clock moves in
 * small steps, because the running functions must keep their messages meanwhile.
 */
const pushMs = 61_000;
const pauseMs = 2000;

test("an estate that is killed several times ends on the newest artifact of every line", async () => {
  const work = await mkdtemp(join(tmpdir(), "kedge-killed-"));
  const file = join(work, "estate.yml");
  await writeFile(file, estateFile);
  const data = join(work, "data");
  const random = chance(seed);
  const lines = Array.from({ length: 5 }, (_, index) => shopLine("killed", `feature/${index}`));
  const acknowledged = new Map<Line, string[]>(lines.map((line) => [line, []]));
  const bundles = await bundlesFolder(inject("runFolder"));
  let cloud = await startProcess("bin/local.ts", data, ["--estate", file, "--bundles", bundles]);
  try {
    const facts = await factsOf(cloud);
    const entered = (): TestEstate => enter({ ...facts, endpoint: cloud.endpoint });
    for (let round = 0; round < kills; round += 1) {
      // The kill comes between the first uploads and the last stages. The CIs read results all the time, and
      // each answer counts.
      await burst(cloud, entered(), acknowledged, 3 + random.below(120) * (round + 1), round);
      // The data directory holds the whole estate, so the embedded cloud starts without the estate file.
      cloud = await startProcess("packages/local-cloud/src/main.ts", data, ["--quiet"]);
    }
    const shop = entered();
    let through = false;
    const released = Promise.all([...acknowledged].map((each) => expectNewestReleased(shop, ...each)));
    const time = (async () => {
      for (; !through; await wait(pauseMs)) await cloud.push(pushMs);
    })();
    await released.finally(() => {
      through = true;
    });
    await time;
  } finally {
    await cloud.kill();
    await rm(work, { recursive: true, force: true });
  }
});

async function expectNewestReleased(
  shop: TestEstate,
  line: Line,
  acknowledged: readonly string[],
): Promise<void> {
  const kept = await versionsAt(shop, line);
  expect(acknowledged.filter((version) => !kept.includes(version))).toEqual([]);
  const [newest = ""] = kept;
  await shop.result(line, newest, "released");
  const started = (await shop.executions(line)).map(versionOf);
  expect(started[0]).toBe(newest);
  expect(new Set(started).size).toBe(started.length);
}

async function burst(
  cloud: CloudProcess,
  shop: TestEstate,
  acknowledged: ReadonlyMap<Line, string[]>,
  killAfter: number,
  round: number,
): Promise<void> {
  const s3 = shop.clients(S3Client, "111111111111");
  let answers = 0;
  let dead: Promise<void> | undefined;
  const answered = (): void => {
    answers += 1;
    if (answers === killAfter) dead = cloud.kill();
  };
  await Promise.all(
    [...acknowledged].map(async ([line, versions]) => {
      const artifact = await zipOf({ "template.json": topicTemplate(`Round${round}`) });
      try {
        const { VersionId = "" } = await s3.send(
          new PutObjectCommand({ Bucket: shop.bucket, Key: formatKey(line), Body: artifact }),
        );
        versions.push(VersionId);
        answered();
        while (dead === undefined) {
          await readResult(resultsS3(s3, shop.bucket), line, VersionId);
          answered();
        }
      } catch (error) {
        if (dead === undefined) throw error;
      }
    }),
  );
  await dead;
}

/** Lists the versions at the line's key, newest first. */
async function versionsAt(shop: TestEstate, line: Line): Promise<readonly string[]> {
  const { Versions = [] } = await shop
    .clients(S3Client, "101010101010")
    .send(new ListObjectVersionsCommand({ Bucket: shop.bucket, Prefix: formatKey(line) }));
  return Versions.map(({ VersionId = "" }) => VersionId);
}
