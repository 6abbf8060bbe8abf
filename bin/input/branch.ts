/** Finds the branch of a folder: Git's current branch, else the branch in the CI's variables. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

type Environment = Readonly<Record<string, string | undefined>>;

/** Undefined when Git has no branch checked out and no CI names one. */
export async function branchOf(folder: string, environment: Environment): Promise<string | undefined> {
  return (await checkedOutBranch(folder)) ?? branchOfCi(environment);
}

async function checkedOutBranch(folder: string): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(
      "git",
      ["-C", folder, "symbolic-ref", "--short", "--quiet", "HEAD"],
      { windowsHide: true },
    );
    return stdout.trim() || undefined;
  } catch {
    return undefined; // no repository, no Git, or a detached HEAD
  }
}

/**
 * CIs check out a commit, not a branch. A pull request's own branch comes before the branch that a CI builds it as.
 * Each name is from its CI's list of predefined variables.
 */
export const branchVariables = [
  "GITHUB_HEAD_REF", // GitHub Actions, pull requests
  "GITHUB_REF", // GitHub Actions
  "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", // GitLab, merge requests
  "CI_COMMIT_BRANCH", // GitLab
  "CHANGE_BRANCH", // Jenkins multibranch, pull requests
  "BRANCH_NAME", // Jenkins multibranch, Google Cloud Build
  "GIT_BRANCH", // Jenkins Git plugin: origin/main
  "SYSTEM_PULLREQUEST_SOURCEBRANCH", // Azure Pipelines, pull requests
  "BUILD_SOURCEBRANCH", // Azure Pipelines
  "BITBUCKET_BRANCH",
  "CIRCLE_BRANCH",
  "BUILDKITE_BRANCH",
  "CODEBUILD_WEBHOOK_HEAD_REF",
  "DRONE_SOURCE_BRANCH",
  "DRONE_BRANCH",
  "TRAVIS_PULL_REQUEST_BRANCH",
  "TRAVIS_BRANCH",
] as const;

export function branchOfCi(environment: Environment): string | undefined {
  for (const name of branchVariables) {
    const branch = branchIn(name, environment[name] ?? "");
    if (branch !== undefined) return branch;
  }
  return undefined;
}

/** Some variables hold a ref. Tags and the refs of pull requests name no branch. */
function branchIn(variable: string, value: string): string | undefined {
  if (value.startsWith("refs/heads/")) return value.slice("refs/heads/".length);
  if (value === "" || value.startsWith("refs/")) return undefined;
  return variable === "GIT_BRANCH" ? value.replace(/^origin\//, "") : value;
}
