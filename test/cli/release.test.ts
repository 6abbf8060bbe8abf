/**
 * Tests `kedge push`, `status`, `approve`, `reject` and `teardown` on the estate. The exit code is the
 * outcome.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { formatKey, type Line } from "#release/names/key.ts";
import { topicTemplate } from "#test/support/artifact.ts";
import { estate, shopLine } from "#test/support/estate.ts";
import { kedge } from "#test/support/kedge.ts";

const of = ({ app, branch }: Line): string[] => ["--app", app, "--branch", branch];

async function withFolder(files: Readonly<Record<string, string>>, use: (folder: string) => Promise<void>) {
  const folder = await mkdtemp(join(tmpdir(), "kedge-cli-"));
  try {
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
    await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const application = { "template.json": topicTemplate("Topic") };

test("push follows a release to its end, status shows it, teardown removes it", async () => {
  const shop = estate();
  const line = shopLine("cli-push", "feature/größe");
  await withFolder(application, async (folder) => {
    const pushed = await kedge(["push", folder, ...of(line)], { shop });
    // A busy machine may answer after a minute, which push reports on stderr; the exit code is the outcome.
    expect(pushed.code).toBe(0);
    expect(pushed.stdout).toMatch(/packed 1 file, uploading/);
    expect(pushed.stdout).not.toContain("The application is");
    expect(pushed.stdout).toMatch(/^released {2}/m);
  });
  const status = await kedge(["status", ...of(line), "--json"], { shop });
  expect(status.code).toBe(0);
  expect(JSON.parse(status.stdout)).toMatchObject({ line, status: "released" });
  const shown = await kedge(["status", ...of(line)], { shop });
  expect(shown.stdout).toMatch(/✔ dev/);

  const asked = await kedge(["teardown", ...of(line)], { shop });
  expect([asked.code, asked.stderr]).toEqual([64, expect.stringContaining("--yes")]);
  const ended = await kedge(["teardown", ...of(line), "--yes"], { shop });
  expect([ended.code, ended.stderr]).toEqual([0, ""]);
  expect(ended.stdout).toMatch(/^torn-down {2}/m);
  expect(await shop.stacksLeft(line)).toEqual([]);
});

test("push --no-follow --json prints the version; approve releases it to production", async () => {
  const shop = estate();
  const line = shopLine("cli-approve");
  await withFolder(application, async (folder) => {
    const pushed = await kedge(["push", folder, ...of(line), "--no-follow", "--json"], { shop });
    expect(pushed.code).toBe(0);
    const { version, ...rest } = JSON.parse(pushed.stdout);
    expect(rest).toEqual({ line });
    const zero = ["--digest", "0".repeat(64)];
    const early = await kedge(["approve", ...of(line), "--execution", "none-such", ...zero], { shop });
    expect(early.code).toBe(1);

    await shop.result(line, version, "waiting-for-approval");
    const waiting = await kedge(["status", ...of(line)], { shop });
    expect([waiting.code, waiting.stdout]).toEqual([0, expect.stringContaining("waiting-for-approval")]);
    const named = "--account 111111111111 --app cli-approve --branch main";
    expect(waiting.stdout).toContain("Waits for an approver: kedge-approver of 111111111111");
    expect(waiting.stdout).toContain(
      `    kedge review  ${named}\n    kedge approve ${named} --digest DIGEST\n`,
    );
    const approver = { shop, role: "kedge-approver" };
    const listed = await kedge(["waiting", "--json"], approver);
    const { digest } = (JSON.parse(listed.stdout) as { line: string; digest: string }[]).find(
      ({ line: key }) => key === formatKey(line),
    ) ?? { digest: "" };
    const review = await kedge(["review", ...of(line)], approver);
    expect([review.code, review.stdout]).toEqual([0, expect.stringContaining(digest)]);
    const unread = await kedge(["approve", ...of(line)], approver);
    expect([unread.code, unread.stdout, unread.stderr]).toEqual([
      64,
      "",
      "kedge: Not decided without a question (no terminal, or --json): pass --digest (kedge review prints it).\n",
    ]);
    expect(review.stdout).toContain("Kedge has no earlier version there");
    const other = await kedge(["approve", ...of(line), "--digest", "0".repeat(64)], approver);
    expect([other.code, other.stderr]).toEqual([1, expect.stringContaining("Not decided")]);
    const decided = ["--digest", digest, "--summary", "change 4711"];
    const approved = await kedge(["approve", ...of(line), ...decided], approver);
    expect([approved.code, approved.stderr]).toEqual([0, ""]);
    expect(approved.stdout).toMatch(/Approved: prod of 111111111111\/cli-approve\/main\/latest\.zip/);
    await shop.result(line, version, "released");

    const nothing = await kedge(["approve", ...of(line), ...zero], { shop });
    expect([nothing.code, nothing.stderr]).toEqual([1, expect.stringContaining("nothing waits")]);
  });
});

test("push --until approval leaves with exit code 5; reject ends the release, and status fails with the summary", async () => {
  const shop = estate();
  const line = shopLine("cli-reject");
  await withFolder(application, async (folder) => {
    const pushed = await kedge(["push", folder, ...of(line), "--until", "approval", "--json"], { shop });
    expect(pushed.code).toBe(5);
    const { version, status: left } = JSON.parse(pushed.stdout);
    expect(left).toBe("waiting-for-approval");
    const review = await kedge(["review", ...of(line), "--json"], { shop });
    const { digest } = JSON.parse(review.stdout) as { digest: string };
    const silent = await kedge(["reject", ...of(line)], { shop });
    expect([silent.code, silent.stdout, silent.stderr]).toEqual([
      64,
      "",
      "kedge: Not decided without a question (no terminal, or --json): pass --digest (kedge review prints it) and --summary (the reason, which the team reads).\n",
    ]);
    const decided = ["--digest", digest, "--summary", "freeze", "--json"];
    const rejected = await kedge(["reject", ...of(line), ...decided], { shop });
    expect(rejected.code).toBe(0);
    expect(JSON.parse(rejected.stdout)).toMatchObject({ decision: "Rejected", stage: "prod" });
    await shop.result(line, version, "failed");
    const status = await kedge(["status", ...of(line), "--release", version], { shop });
    expect([status.code, status.stdout]).toEqual([1, expect.stringContaining("freeze")]);
  });
});

test("push of an artifact that cannot be released exits as rejected, with code and remedy", async () => {
  const shop = estate();
  const line = shopLine("cli-rejected", "feature/x");
  await withFolder({ "readme.md": "nothing to deploy" }, async (folder) => {
    const pushed = await kedge(["push", folder, ...of(line)], { shop });
    expect(pushed.code).toBe(2);
    expect(pushed.stdout).toMatch(/What to do: .*template\.yaml/);
    const json = await kedge(["push", folder, ...of(line), "--json"], { shop });
    expect(json.code).toBe(2);
    const unnamed = await kedge(["push", folder, "--branch", line.branch, "--no-follow"], { shop });
    const app = basename(folder);
    expect(unnamed.stdout).toContain(
      `The application is ${app}, by the name of ${folder}; --app or KEDGE_APP`,
    );
    expect(unnamed.stdout).toContain(`/${app}/feature/x/latest.zip`);
    expect(JSON.parse(json.stdout)).toMatchObject({ status: "rejected", reason: { code: "NoTemplateFits" } });
  });
});

test("push stops following after its timeout, and says how to continue", async () => {
  const shop = estate();
  const line = shopLine("cli-timeout");
  await withFolder(application, async (folder) => {
    const pushed = await kedge(["push", folder, ...of(line), "--timeout", "1"], { shop });
    expect([pushed.code, pushed.stderr]).toEqual([4, expect.stringContaining("kedge status --account")]);
  });
});

test("prints an error in status and approve for an unknown line", async () => {
  const shop = estate();
  const line = shopLine("cli-unknown");
  const [status, approve] = await Promise.all([
    kedge(["status", ...of(line)], { shop }),
    kedge(["approve", ...of(line), "--digest", "0".repeat(64)], { shop }),
  ]);
  expect([status.code, status.stderr]).toEqual([1, expect.stringContaining("There is no result for")]);
  expect([approve.code, approve.stderr]).toEqual([1, expect.stringContaining("There is no pipeline for")]);
});
