/**
 * Finds commit, author and run of an artifact in the variables of the CI. Without a CI there is nothing to claim: the
 * folder may differ from the commit that Git has checked out.
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Claims } from "#release/people/claims.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Each name is from its CI's list of predefined variables. */
const variables: Readonly<Record<keyof Claims, readonly string[]>> = {
  commit: [
    "GITHUB_SHA",
    "CI_COMMIT_SHA", // GitLab
    "GIT_COMMIT", // Jenkins
    "BUILD_SOURCEVERSION", // Azure Pipelines
    "BITBUCKET_COMMIT",
    "CIRCLE_SHA1",
    "BUILDKITE_COMMIT",
    "CODEBUILD_RESOLVED_SOURCE_VERSION",
    "DRONE_COMMIT_SHA",
    "TRAVIS_COMMIT",
  ],
  author: ["CI_COMMIT_AUTHOR", "BUILDKITE_BUILD_AUTHOR_EMAIL", "DRONE_COMMIT_AUTHOR_EMAIL"],
  run: [
    "CI_PIPELINE_URL", // GitLab
    "BUILD_URL", // Jenkins
    "CIRCLE_BUILD_URL",
    "BUILDKITE_BUILD_URL",
    "CODEBUILD_BUILD_URL",
    "DRONE_BUILD_LINK",
    "TRAVIS_BUILD_WEB_URL",
  ],
};

export async function claimsOfCi(folder: string, environment: Environment): Promise<Claims> {
  const first = (name: keyof Claims): string | undefined =>
    variables[name].map((each) => environment[each]).find((value) => value !== undefined && value !== "");
  const commit = first("commit");
  const author = first("author") ?? (commit && (await authorOf(folder, commit)));
  const run = first("run") ?? githubRun(environment);
  return Object.fromEntries(
    Object.entries({ commit, author: author && inAscii(author), run }).filter(([, value]) => value),
  );
}

async function authorOf(folder: string, commit: string): Promise<string | undefined> {
  try {
    const asked = ["-C", folder, "show", "--no-patch", "--format=%ae", "--end-of-options", commit];
    const { stdout } = await promisify(execFile)("git", asked, { windowsHide: true });
    return stdout.trim() || undefined;
  } catch {
    return undefined; // no repository, no Git, a zip, or a commit that was not fetched
  }
}

function githubRun(environment: Environment): string | undefined {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = environment;
  return server && repository && run ? `${server}/${repository}/actions/runs/${run}` : undefined;
}

/** Metadata of S3 is sent in ASCII. Where the author's name has other characters, the address is taken alone. */
function inAscii(author: string): string | undefined {
  const address = /<([^<>]+)>/.exec(author)?.[1];
  return [author, address].find((text) => text !== undefined && /^[ -~]+$/.test(text));
}
