/** Tests the command line as a program among others: pipes, colours, common options, completion. */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { branchOfCi, branchVariables } from "#bin/input/branch.ts";
import { calledCommand } from "#bin/input/global-options.ts";

const door = join(process.cwd(), "bin", "kedge.ts");
const check = [
  "check",
  "examples/shop-sam",
  "--app",
  "shop",
  "--branch",
  "main",
  "--account",
  "111111111111",
];

function run(words: readonly string[], env: NodeJS.ProcessEnv = {}, cwd = process.cwd()) {
  // biome-ignore lint/style/noProcessEnv: the command line inherits the path to Git and to the shell.
  const options = { env: { ...process.env, ...env }, cwd, encoding: "utf8" } as const;
  return spawnSync(process.execPath, [door, ...words], options);
}

describe("kedge", () => {
  it("prints the version that package.json has", () => {
    const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { readonly version: string };
    expect(run(["--version"]).stdout).toBe(`${version}\n`);
  });

  it("ends quietly when the reader of its output goes away", () => {
    const { stderr, status } = spawnSync(
      "sh",
      ["-c", `"${process.execPath}" "${door}" traits --help | true; exit 0`],
      { encoding: "utf8" },
    );
    expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
  });

  it("writes colours with FORCE_COLOR and never with NO_COLOR", () => {
    const words = [...check, "--estate", "examples/estate.yml"];
    expect(run(words, { FORCE_COLOR: "1", NO_COLOR: "" }).stdout).toContain("\u001b[");
    expect(run(words, { FORCE_COLOR: "1", NO_COLOR: "1" }).stdout).not.toContain("\u001b[");
  });

  it("names the unknown command and exits with 64", () => {
    const { status, stderr } = run(["psuh"]);
    expect({ status, stderr }).toEqual({ status: 64, stderr: expect.stringContaining("psuh") });
  });

  it("shows what fits, and the other release templates with --why", () => {
    const words = [...check, "--estate", "examples/estate.yml"];
    const short = run(words).stdout;
    expect(short).toContain("sam fits:");
    expect(short).not.toContain("does not fit:");
    expect(run([...words, "--why"]).stdout).toContain("kubernetes does not fit:");
  });

  it("works from any folder", () => {
    const elsewhere = mkdtempSync(join(tmpdir(), "kedge-elsewhere-"));
    const path = (name: string): string => join(process.cwd(), "examples", name);
    const words = ["check", path("shop-sam"), ...check.slice(2), "--estate", path("estate.yml")];
    expect(run(words, {}, elsewhere).status).toBe(0);
    rmSync(elsewhere, { recursive: true });
  });

  it.each(["bash", "zsh", "fish"])("completes every command in %s", (shell) => {
    const { stdout, status } = run(["completion", shell]);
    expect(status).toBe(0);
    for (const word of ["push", "approve", "template", "rollout", "estate"]) expect(stdout).toContain(word);
    expect(stdout).not.toMatch(/\bpath=/); // zsh ties the variable path to PATH
  });

  it("writes a script that bash understands and that completes a command", () => {
    const { stdout } = run(["completion", "bash"]);
    const script = `${stdout}\nCOMP_WORDS=(kedge template roll) COMP_CWORD=2\n_kedge\necho "\${COMPREPLY[@]}"`;
    expect(execFileSync("bash", ["-c", script], { encoding: "utf8" }).trim().split(" ").sort()).toEqual([
      "rollback",
      "rollout",
    ]);
  });
});

describe("the branch of a detached HEAD", () => {
  /** A repository as a CI checks it out: a commit without a branch. */
  function checkout(): string {
    const folder = mkdtempSync(join(tmpdir(), "kedge-detached-"));
    cpSync("examples/shop-sam", folder, { recursive: true });
    const who = ["-c", "user.name=ci", "-c", "user.email=ci@example.com", "-c", "commit.gpgsign=false"];
    const steps = [
      ["init", "--quiet", "--initial-branch", "local"],
      [...who, "commit", "--quiet", "--allow-empty", "--message", "one"],
      ["checkout", "--quiet", "--detach"],
    ];
    for (const words of steps) execFileSync("git", ["-C", folder, ...words]);
    return folder;
  }

  const line = ["--account", "111111111111", "--app", "shop", "--estate", "examples/estate.yml"];
  // Of the environment of the tests, which a CI may run.
  const unset = Object.fromEntries([...branchVariables, "KEDGE_BRANCH"].map((name) => [name, undefined]));

  function branchIn(folder: string, GITHUB_REF: string): string {
    const { stdout, stderr, status } = run(["check", folder, ...line, "--json"], { ...unset, GITHUB_REF });
    return status === 0 ? JSON.parse(stdout).line.branch : stderr;
  }

  it("is the branch that the CI names; a branch that is checked out comes first", () => {
    const folder = checkout();
    expect(branchIn(folder, "refs/heads/feature/x")).toBe("feature/x");
    execFileSync("git", ["-C", folder, "checkout", "--quiet", "local"]);
    expect(branchIn(folder, "refs/heads/feature/x")).toBe("local");
    rmSync(folder, { recursive: true });
  });
});

describe("the called command", () => {
  it.each([
    [["push", "."], "push"],
    [["--profile", "push", "status"], "status"],
    [["--region=eu-central-1", "status"], "status"],
    [["--help"], undefined],
  ])("is found in %j", (words, command) => {
    expect(calledCommand(words)).toBe(command);
  });
});

describe("the branch that a CI names", () => {
  it.each([
    [{ GITHUB_REF: "refs/heads/feature/x" }, "feature/x"],
    [{ GITHUB_HEAD_REF: "feature/x", GITHUB_REF: "refs/pull/7/merge" }, "feature/x"],
    [{ GITHUB_HEAD_REF: "", GITHUB_REF: "refs/tags/v1" }, undefined],
    [{ CI_COMMIT_BRANCH: "main" }, "main"],
    [{ CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: "feature/x" }, "feature/x"],
    [{ BRANCH_NAME: "PR-7", CHANGE_BRANCH: "feature/x" }, "feature/x"],
    [{ GIT_BRANCH: "origin/release/1" }, "release/1"],
    [{ BUILD_SOURCEBRANCH: "refs/heads/main" }, "main"],
    [{}, undefined],
  ])("is read from %j", (environment, branch) => {
    expect(branchOfCi(environment as Readonly<Record<string, string>>)).toBe(branch);
  });
});
