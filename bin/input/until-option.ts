/** The option `--until`: the point up to which a release is followed. */
import { Option } from "commander";
import type { ResultStatus } from "#release/line/result.ts";

export type FollowedUntil = "end" | "approval";

export const untilOption = (): Option =>
  new Option("--until <point>", "follow to the end, or leave with exit code 5 when an approval is waited for")
    .choices(["end", "approval"] satisfies FollowedUntil[])
    .default("end");

/** The statuses that end the following although the release goes on. */
export const leaveAt = (until: FollowedUntil): readonly ResultStatus[] =>
  until === "approval" ? ["waiting-for-approval"] : [];
