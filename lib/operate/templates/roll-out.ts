/**
 * Drives a rollout: it begins a wave, has the lines of the wave reconciled, and follows their results. The first line
 * that fails halts the rollout. A line whose last result was a failure or a rejection when the rollout began does not:
 * otherwise one team with a failing smoke test would halt every rollout. A rollout that was interrupted goes on where
 * the index says it is.
 */
import { OperateError } from "#operate/operate-error.ts";
import { requestReconcile } from "#operate/request-reconcile.ts";
import type { Result } from "#release/line/result.ts";
import { counted } from "#release/names/counted.ts";
import { formatKey, type Line } from "#release/names/key.ts";
import { dueVersion } from "#release/template/template-choice.ts";
import { type Rollout, sameTemplate, templateLabel, type Wave } from "#release/template/template-index.ts";
import { findVersion, withRollout, withRolloutState } from "#release/template/template-publish.ts";
import { replacementOf, withdrawalOf, withdrawnSentence } from "#release/template/withdrawn.ts";
import type { RegistryDeps, RolloutDeps } from "./deps.ts";
import { latestResults, liveLines } from "./live-lines.ts";
import { checkConfirmed } from "./sign-module.ts";

export type RolloutProgress = {
  readonly wave: string;
  readonly done: number;
  readonly of: number;
  /** Lines that wait for an approval; they count as done, because the template did its part. */
  readonly approvals: number;
  /** Lines that failed before the rollout began and have not recovered; the wave does not wait for them. */
  readonly broken: number;
};

/** Undefined when the template was never rolled out. */
export const lastRollout = async ({ registry }: RegistryDeps, wanted: string): Promise<Rollout | undefined> =>
  (await registry.index()).rollouts.find((each) => each.name === nameOf(wanted));

const nameOf = (wanted: string): string => wanted.split("@")[0] ?? wanted;

type RolloutOrder = {
  /** A name or `name@version`. A name alone takes up the rollout that is under way. */
  readonly wanted: string;
  readonly waves: readonly Wave[];
  readonly pollMs: number;
  readonly timeoutMs: number;
};

/** Begins the rollout unless it is under way. Answers it as it ended: `done`, or `halted` with its reason. */
export async function rollOut(
  deps: RolloutDeps,
  order: RolloutOrder,
  onProgress: (progress: RolloutProgress) => void = () => undefined,
): Promise<Rollout> {
  await begin(deps, order);
  const name = nameOf(order.wanted);
  for (;;) {
    const rollout = rolloutOf((await deps.registry.index()).rollouts, name);
    if (rollout.state !== "moving") return rollout;
    const withdrawn = await withdrawnNow(deps, rollout);
    if (withdrawn !== undefined) return change(deps, name, { state: "halted", why: withdrawn });
    const failure = await driveWave(deps, { ...order, rollout }, onProgress);
    if (failure !== undefined) return change(deps, name, { state: "halted", why: failure });
    if (rollout.begun >= rollout.waves.length) return change(deps, name, { state: "done" });
    await change(deps, name, { begun: rollout.begun + 1 });
  }
}

/** A wave of a withdrawn version would move no line and then make the version current. */
async function withdrawnNow({ registry }: RegistryDeps, { to }: Rollout): Promise<string | undefined> {
  const index = await registry.index();
  const withdrawal = withdrawalOf(index, to);
  return withdrawal && withdrawnSentence(withdrawal, replacementOf(index, to));
}

async function begin(deps: RolloutDeps, { wanted, waves }: RolloutOrder): Promise<void> {
  const running = await lastRollout(deps, wanted);
  if (running?.state !== "moving") {
    const to = findVersion(await deps.registry.index(), wanted);
    await checkConfirmed(deps.registry, to);
    const broken = await brokenLines(deps, to.name);
    await deps.registry.change((index) => withRollout(index, to, waves, broken));
  } else if (wanted.includes("@") && templateLabel(running.to) !== wanted) {
    throw new OperateError(
      "RolloutRunning",
      `${templateLabel(running.to)} is being rolled out; end that first.`,
    );
  }
}

/** The lines of the template whose last result is a failure or a rejection. */
async function brokenLines(deps: RolloutDeps, name: string): Promise<readonly Line[]> {
  const results = await latestResults(deps, await liveLines(deps));
  return results.flatMap(({ line, result }) =>
    result?.template?.name === name && isBad(result) ? [line] : [],
  );
}

async function change(
  { registry }: RegistryDeps,
  name: string,
  to: Parameters<typeof withRolloutState>[2],
): Promise<Rollout> {
  return rolloutOf((await registry.change((index) => withRolloutState(index, name, to))).rollouts, name);
}

function rolloutOf(rollouts: readonly Rollout[], name: string): Rollout {
  const found = rollouts.find((each) => each.name === name);
  if (found !== undefined) return found;
  throw new OperateError("RolloutMissing", `${name} has no rollout.`);
}

type WaveOrder = Pick<RolloutOrder, "pollMs" | "timeoutMs"> & { readonly rollout: Rollout };

const pollsBetweenRequests = 10;

/** Follows the lines of every started wave to their end; answers the failures. */
async function driveWave(
  deps: RolloutDeps,
  { rollout, pollMs, timeoutMs }: WaveOrder,
  onProgress: (progress: RolloutProgress) => void,
): Promise<string | undefined> {
  const wave = rollout.waves[rollout.begun - 1]?.name;
  if (wave === undefined) return undefined;
  const lines = await movedLines(deps, rollout);
  const since = deps.clock();
  const deadline = Date.parse(since) + timeoutMs;
  for (let polls = 0; ; polls += 1) {
    const states = (await latestResults(deps, lines)).map(({ line, result }) => ({
      line,
      state: stateOf({ line, result, rollout, since }),
    }));
    const linesIn = (state: LineState): readonly Line[] =>
      states.filter((each) => each.state === state).map(({ line }) => line);
    const count = (state: LineState): number => linesIn(state).length;
    const approvals = count("approval");
    onProgress({
      wave,
      done: count("done") + approvals,
      of: lines.length,
      approvals,
      broken: count("broken"),
    });
    const failed = states.find(({ state }) => state.startsWith("failed"));
    if (failed !== undefined) return `${shown(failed.line)}: ${failed.state.slice("failed ".length)}`;
    const behind = linesIn("behind");
    if (polls === 0) await requestReconcile(deps, linesIn("broken"));
    const left = behind.length + count("moving");
    if (left === 0) return undefined;
    // A line that is busy when it is reconciled may find nothing to move yet, so the request is repeated.
    if (polls % pollsBetweenRequests === 0) await requestReconcile(deps, behind);
    if (Date.parse(deps.clock()) > deadline)
      throw new OperateError(
        "RolloutTimedOut",
        `${counted(left, `line of ${wave} has`, `lines of ${wave} have`)} not ended; run the command again to go on.`,
      );
    await deps.wait(pollMs);
  }
}

/** The lines released with this template that the waves begun have come to. */
async function movedLines(deps: RolloutDeps, rollout: Rollout): Promise<readonly Line[]> {
  const index = await deps.registry.index();
  const estate = await deps.estate.load();
  const results = await latestResults(deps, await liveLines(deps));
  return results.flatMap(({ line, result }) => {
    const own = result?.template;
    if (own?.name !== rollout.name) return [];
    const due = dueVersion({ index, estate, line, name: rollout.name, own });
    return due !== undefined && sameTemplate(due, rollout.to) ? [line] : [];
  });
}

type LineState = "done" | "approval" | "moving" | "behind" | "broken" | `failed ${string}`;

type LineOfRollout = {
  readonly line: Line;
  readonly result: Result | undefined;
  readonly rollout: Rollout;
  readonly since: string;
};

/** A rejection has the template that the line still has, so a result written since the wave began counts. */
function stateOf({ line, result, rollout, since }: LineOfRollout): LineState {
  if (result === undefined) return "behind";
  const moved = result.template !== undefined && sameTemplate(result.template, rollout.to);
  if (isBad(result)) {
    if (rollout.brokenBefore?.some((each) => sameLine(each, line))) return "broken";
    if (!moved && result.updatedAt < since) return "behind";
    return `failed ${result.reason.code}: ${result.reason.sentence}`;
  }
  if (!moved) return "behind";
  if (result.status === "waiting-for-approval") return "approval";
  return result.status === "releasing" || result.status === "waiting" ? "moving" : "done";
}

const isBad = ({ status }: Result): boolean => status === "failed" || status === "rejected";

const sameLine = (a: Line, b: Line): boolean => formatKey(a) === formatKey(b);

const shown = ({ account, app, branch }: Line): string => `${account}/${app}/${branch}`;
