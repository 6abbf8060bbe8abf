/**
 * Tests `kedge history` as the operator of an anchor. S3 keeps all versions of a line's results, and the
 * history lists them.
 */
import { expect, test } from "vitest";
import type { HistoryEntry } from "#operate/history.ts";
import { zipOf } from "#test/support/artifact.ts";
import { bankLine, estate } from "#test/support/estate.ts";
import { kedge } from "#test/support/kedge.ts";

const template = JSON.stringify({
  Resources: { P: { Type: "AWS::SSM::Parameter", Properties: { Type: "String", Value: "x" } } },
});

test("history lists every upload of a line from its first status to its last, and no other line", async () => {
  const shop = estate();
  const line = bankLine("history", "feature/x");
  const released = await shop.upload(line, await zipOf({ "template.json": template }));
  await shop.result(line, released, "released");
  const below = { ...line, branch: "feature/x/y" };
  await shop.result(below, await shop.upload(below, Buffer.from("no zip")), "rejected");
  const tombstone = await shop.upload(line, new Uint8Array());
  await shop.result(line, tombstone, "torn-down");

  const operator = { shop, account: line.account, role: "kedge-operator" };
  const about = ["history", "--account", line.account, "--app", line.app, "--branch", line.branch];
  const { code, stdout, stderr } = await kedge([...about, "--json"], operator);
  expect([code, stderr]).toEqual([0, ""]);
  const entries = JSON.parse(stdout) as readonly HistoryEntry[];
  const statuses = (version: string) =>
    entries.filter((each) => each.version === version).map(({ result }) => result?.status);
  expect(statuses(released).at(0)).toBe("releasing");
  expect(statuses(released).filter((status) => status === "released")).toHaveLength(1);
  expect(statuses(released).at(-1)).toBe("released");
  expect(statuses(tombstone).at(-1)).toBe("torn-down");
  expect(new Set(entries.map(({ version }) => version))).toEqual(new Set([released, tombstone]));
  expect(new Set(entries.map(({ entry }) => entry)).size).toBe(entries.length);
  expect(entries.map(({ at }) => at)).toEqual(entries.map(({ at }) => at).toSorted());

  const last = await kedge([...about, "--release", tombstone, "--limit", "1"], operator);
  expect(last.stdout).toMatch(
    new RegExp(
      `^${line.account}/history/feature/x/latest.zip\n  version \\S+\n    uploaded by \\S+ \\(session of AROA\\w+\\)\n    \\S+ \\S+Z  torn-down  `,
    ),
  );
  expect(last.stdout.split("\n")).toHaveLength(5);
});

test("a CI reads results, but not their earlier versions", async () => {
  const shop = estate();
  const line = bankLine("history-of-others");
  const { code, stderr } = await kedge(["history", "--app", line.app, "--branch", line.branch], {
    ...{ shop, account: line.account, role: "kedge-ci" },
  });
  expect(code).toBe(1);
  expect(stderr).toContain("s3:ListBucketVersions");
});

test("history fails for a line without uploads", async () => {
  const shop = estate();
  const line = bankLine("history-of-nothing");
  const { code, stderr } = await kedge(["history", "--app", line.app, "--branch", line.branch], {
    ...{ shop, account: line.account, role: "kedge-operator" },
  });
  expect(code).toBe(1);
  expect(stderr).toContain(`Nothing was ever said of ${line.account}/history-of-nothing/main/latest.zip`);
});
