import { expect, test } from "vitest";
import { claimsIn, claimsMetadata } from "#release/people/claims.ts";

test("claimsIn reads the claims of a CI from an object's metadata", () => {
  const claims = {
    commit: "0f1e2d3c4b5a",
    author: "Ann <ann@example.com>",
    run: "https://ci.example.com/runs/1?attempt=2",
  };
  expect(claimsIn(claimsMetadata(claims))).toEqual(claims);
});

test.for([
  ["a commit with a blank", { "kedge-commit": "0f1e 2d" }],
  ["an author of blanks", { "kedge-author": "  " }],
  ["a run that is no address", { "kedge-run": "javascript:alert(1)" }],
  ["a run with a password", { "kedge-run": "https://ann:secret@ci.example.com/1" }],
  ["other metadata", { commit: "0f1e2d" }],
] as const)("claimsIn leaves out %s", ([, metadata]) => {
  expect(claimsIn(metadata)).toBeUndefined();
});
