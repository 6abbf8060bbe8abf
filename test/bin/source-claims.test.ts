import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { claimsOfCi } from "#bin/input/source-claims.ts";

test.for([
  ["no CI", {}, {}],
  [
    "GitHub Actions",
    {
      GITHUB_SHA: "0f1e2d",
      ...{ GITHUB_SERVER_URL: "https://github.com", GITHUB_REPOSITORY: "acme/shop", GITHUB_RUN_ID: "7" },
    },
    { commit: "0f1e2d", run: "https://github.com/acme/shop/actions/runs/7" },
  ],
  [
    "GitLab",
    {
      ...{ CI_COMMIT_SHA: "0f1e2d", CI_COMMIT_AUTHOR: "Ann <ann@example.com>" },
      CI_PIPELINE_URL: "https://gitlab.example.com/acme/shop/-/pipelines/7",
    },
    {
      ...{ commit: "0f1e2d", author: "Ann <ann@example.com>" },
      run: "https://gitlab.example.com/acme/shop/-/pipelines/7",
    },
  ],
  [
    "a name outside of ASCII",
    { CI_COMMIT_SHA: "0f1e2d", CI_COMMIT_AUTHOR: "Zoë <zoe@example.com>" },
    { commit: "0f1e2d", author: "zoe@example.com" },
  ],
] as const)("claimsOfCi reads the variables of %s", async ([, environment, claims]) => {
  expect(await claimsOfCi(tmpdir(), environment)).toEqual(claims);
});
