import { describe, expect, it } from "vitest";
import { mayBeOneCaller } from "#access/principal-overlap.ts";

const iam = (resource: string, account = "111111111111"): string => `arn:aws:iam::${account}:${resource}`;
const session = (name: string): string => `arn:aws:sts::111111111111:assumed-role/${name}/build-1`;

describe("two principals of trust policies", () => {
  it.each([
    ["a role and its session", iam("role/jenkins"), session("jenkins"), true],
    ["a role with a path and its session", iam("role/ci/jenkins"), session("jenkins"), true],
    ["two sessions of a role", session("jenkins"), `${session("jenkins")}-2`, true],
    ["a role and the root of its account", iam("role/jenkins"), iam("root"), true],
    ["a user and the number of its account", iam("user/ann"), "111111111111", true],
    ["a role and every principal", iam("role/jenkins"), "*", true],
    ["a role and the session of another role", iam("role/jenkins"), session("board"), false],
    ["a user and a role of one name", iam("user/jenkins"), iam("role/jenkins"), false],
    ["two users", iam("user/ann"), iam("user/bob"), false],
    ["a role and the root of another account", iam("role/jenkins"), iam("root", "222222222222"), false],
  ])("compares %s", (_case, one, other, same) => {
    expect(mayBeOneCaller(one, other)).toBe(same);
    expect(mayBeOneCaller(other, one)).toBe(same);
  });
});
