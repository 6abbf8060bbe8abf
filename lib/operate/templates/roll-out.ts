/**
 * Drives a rollout: begins a wave, has its lines looked at, and follows their results. The first line that fails halts
 * it: no further wave begins, whoever watches. Killed and started again, it goes on where the index says it is.
 */
import { setTimeout as wait } from "node:timers/promises";
import type { Result } from "#release/line/result.ts";
import type { Line } from "#release/names/key.ts";
import { versionFor } from "#release/template/template-choice.ts";
import { type Rollout, sameTemplate } from "#release/template/template-index.ts";
import { withRolloutState } from "#release/template/template-publish.ts";
import { askToLook } from "./ask-to-look.ts";
import type { Central } from "./central.ts";
import { latestResults, liveLines } from "./live-lines.ts";

export type Progress = {
  readonly wave: string;
  readonly done: number;
  readonly of: number;
  /** Lines that wait for somebody's approval: the template did its part. */
  readonly approvals: number;
};

export type RollOutOrder = {
  readonly central: Central;
  readonly name: string;
  readonly pollMs: number;
  readonly timeoutMs: number;
  readonly onProgress: (progress: Progress) => void;
};

export class RolloutTimedOut extends Error {
  override name = "RolloutTimedOut";
}

/** Answers the rollout as it ended: `done`, or `halted` with its reason. */
export async function rollOut(order: RollOutOrder): Promise<Rollout> {
  const { central, name } = order;
  for (;;) {
    const rollout = rolloutOf((await central.registry.index()).rollouts, name);
    if (rollout.state !== "moving") return rollout;
    const failed = await driveWaves(order, rollout);
    if (failed !== undefined) return change(central, name, { state: "halted", why: failed });
    if (rollout.begun >= rollout.waves.length) return change(central, name, { state: "done" });
    await change(central, name, { begun: rollout.begun + 1 });
  }
}

async function change(
  { registry }: Central,
  name: string,
  to: Parameters<typeof withRolloutState>[2],
): Promise<Rollout> {
  return rolloutOf((await registry.change((index) => withRolloutState(index, name, to))).rollouts, name);
}

function rolloutOf(rollouts: readonly Rollout[], name: string): Rollout {
  const found = rollouts.find((each) => each.name === name);
  if (found !== undefined) return found;
  throw new TypeError(`${name} has no rollout.`);
}

/** Follows every wave that has begun, to its end; answers what failed. */
async function driveWaves(order: RollOutOrder, rollout: Rollout): Promise<string | undefined> {
  const { central, onProgress, pollMs, timeoutMs } = order;
  const wave = rollout.waves[rollout.begun - 1]?.name;
  if (wave === undefined) return undefined;
  const lines = await movedLines(central, rollout);
  const begin = Date.now();
  const deadline = begin + timeoutMs;
  const since = new Date(begin).toISOString();
  let asked = 0;
  for (;;) {
    const seen = await latestResults(central, lines);
    const states = seen.map(({ line, result }) => ({ line, state: stateOf(result, rollout, since) }));
    const bad = states.find(({ state }) => state.startsWith("failed"));
    const count = (state: string): number => states.filter((each) => each.state === state).length;
    const approvals = count("approval");
    onProgress({ wave, done: count("done") + approvals, of: lines.length, approvals });
    if (bad !== undefined) return `${shown(bad.line)}: ${bad.state.slice("failed ".length)}`;
    const behind = states.filter(({ state }) => state === "behind").map(({ line }) => line);
    if (behind.length === 0 && count("moving") === 0) return undefined;
    // A look may come while a line is busy with something else, and find nothing to move yet.
    if (asked % 10 === 0) await askToLook(central, behind);
    asked += 1;
    if (Date.now() > deadline) {
      throw new RolloutTimedOut(
        `${behind.length + count("moving")} lines of ${wave} have not ended; run the command again to go on.`,
      );
    }
    await wait(pollMs);
  }
}

/** The lines released with this template that the waves begun have come to. */
async function movedLines(central: Central, rollout: Rollout): Promise<readonly Line[]> {
  const { estate, registry } = central;
  const index = await registry.index();
  const lines = (await liveLines(central)).map(({ line }) => line);
  const results = await latestResults(central, lines);
  return results.flatMap(({ line, result }) => {
    const own = result?.template;
    if (own?.name !== rollout.name) return [];
    const due = versionFor({ index, estate, line, name: rollout.name, own });
    return due !== undefined && sameTemplate(due, rollout.to) ? [line] : [];
  });
}

type State = "done" | "approval" | "moving" | "behind" | `failed ${string}`;

/** A refusal tells of the template the line still has, so what was written since the wave began counts. */
function stateOf(result: Result | undefined, { to }: Rollout, since: string): State {
  if (result === undefined) return "behind";
  const moved = result.template !== undefined && sameTemplate(result.template, to);
  const bad = result.status === "failed" || result.status === "rejected";
  if (bad && (moved || result.updatedAt >= since)) {
    return `failed ${result.reason.code}: ${result.reason.sentence}`;
  }
  if (!moved) return "behind";
  if (result.status === "waiting-for-approval") return "approval";
  return result.status === "releasing" || result.status === "waiting" ? "moving" : "done";
}

const shown = ({ account, app, branch }: Line): string => `${account}/${app}/${branch}`;
