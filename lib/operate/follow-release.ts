/** Follows the result of one upload until it is final. */
import type { Clock, Wait } from "#ports/clock.ts";
import { isFinal, type Result, type ResultStatus } from "#release/line/result.ts";
import type { Line } from "#release/names/key.ts";
import { lineArguments } from "#release/names/line-arguments.ts";
import { OperateError } from "./operate-error.ts";
import { type ResultReader, readResult } from "./read-result.ts";

export type FollowDeps = {
  readonly results: ResultReader;
  readonly clock: Clock;
  readonly wait: Wait;
};

type FollowOrder = {
  readonly line: Line;
  readonly version: string;
  readonly timeoutSeconds: number;
  readonly pollMs: number;
  /** Statuses that end the following although the release goes on. */
  readonly leaveAt?: readonly ResultStatus[];
};

type FollowEvents = {
  /** A result was written or has changed. */
  readonly onChange?: (result: Result) => void;
  /** No result was written within a minute. Called once. */
  readonly onSilence?: () => void;
};

/** An upload is answered within seconds when the control plane runs. */
const silenceMs = 60_000;

/** Answers the result that is final or in `leaveAt`. Throws `FollowTimedOut` after the timeout; the release itself goes on. */
export async function followRelease(
  { results, clock, wait }: FollowDeps,
  { line, version, timeoutSeconds, pollMs, leaveAt = [] }: FollowOrder,
  { onChange, onSilence }: FollowEvents = {},
): Promise<Result> {
  const began = Date.parse(clock());
  const deadline = began + timeoutSeconds * 1000;
  let seen = "";
  let silent = false;
  for (;;) {
    const result = await readResult(results, line, version);
    if (result !== undefined && result.updatedAt + result.status + result.reason.code !== seen) {
      seen = result.updatedAt + result.status + result.reason.code;
      onChange?.(result);
      if (isFinal(result) || leaveAt.includes(result.status)) return result;
    }
    if (result === undefined && !silent && Date.parse(clock()) - began >= silenceMs) {
      silent = true;
      onSilence?.();
    }
    if (Date.parse(clock()) > deadline) {
      const state =
        result === undefined ? "no result has been written yet" : `the release is ${result.status}`;
      throw new OperateError(
        "FollowTimedOut",
        `Gave up after ${timeoutSeconds} s: ${state}. The release goes on; see it with: kedge status ${lineArguments(line)}`,
      );
    }
    await wait(pollMs);
  }
}
