/**
 * Brings a line one step nearer to the artifact at its key: observe, decide, act, tell. It keeps nothing between two
 * messages, so a lost, repeated or reordered one costs time and never truth.
 */

import type { Applications } from "#ports/applications.ts";
import type { Artifacts } from "#ports/artifacts.ts";
import type { EstateFile } from "#ports/estate-file.ts";
import type { Executions } from "#ports/executions.ts";
import type { LineCache } from "#ports/line-cache.ts";
import type { PipelineStacks } from "#ports/pipeline-stacks.ts";
import { isRejection, type ReleaseError } from "#release/errors/errors.ts";
import { teamOf } from "#release/estate/branch-class.ts";
import type { Estate } from "#release/estate/estate.ts";
import { decide } from "#release/line/decide.ts";
import type { Message, Observation } from "#release/line/observation.ts";
import type { Result } from "#release/line/result.ts";
import { afterStep, type Step } from "#release/line/step.ts";
import { makesRoom, needsTurn, waitStep } from "#release/line/turn.ts";
import { formatKey, type Line } from "#release/names/key.ts";
import { type ActWorld, act, forgetLine } from "./act.ts";
import { type DispatchWorld, dispatch } from "./dispatch.ts";
import { makeRoom, takeTurn, type Wish, waitsForTurn } from "./govern.ts";
import { lineOf } from "./line-of.ts";
import { isTurn, type LookAt } from "./message.ts";
import { type LookWorld, lookAtAppStacks, observeLine } from "./observe-line.ts";
import { refuse } from "./refuse.ts";
import { sendOn } from "./send-on.ts";
import type { GovernWorld } from "./standing.ts";
import { lastResult, type TellWorld, tell } from "./tell.ts";

export type ReconcileWorld = LookWorld &
  DispatchWorld &
  ActWorld &
  TellWorld &
  GovernWorld & {
    readonly estate: EstateFile;
    readonly artifacts: Artifacts;
    readonly cache: LineCache;
    readonly stacks: PipelineStacks;
    readonly executions: Executions;
    readonly applications: Applications;
  };

export type Reconciled = {
  readonly line: Line;
  readonly steps: readonly Step[];
  readonly result?: Result;
};

/** Steps nothing reports the end of are followed by the next one at once; no line needs more of them in a row. */
const mostSteps = 5;

/** Undefined when the line is forgotten: an event that came late. `id` is the queue's of the message. */
export async function reconcile(
  world: ReconcileWorld,
  lookAt: LookAt,
  id: string,
): Promise<Reconciled | undefined> {
  const line = lookAt.line ?? (await lineOf(world, lookAt.lineName ?? ""));
  if (line === undefined) return undefined;
  const estate = await world.estate.load();
  if (await sendOn(world.lines, estate, line, lookAt, id)) return { line, steps: [] };
  if (isTurn(lookAt) && !(await waitsForTurn(world, line))) return { line, steps: [] };
  const { cause, versionId, executionId, also } = lookAt;
  const message: Message = {
    cause,
    id,
    ...(versionId !== undefined && { versionId }),
    ...(executionId !== undefined && { executionId }),
    ...(also !== undefined && { also }),
  };
  const steps: Step[] = [];
  let result: Result | undefined;
  do {
    const last = await lastResult(world.results, line);
    const looked = await look(world, { estate, line, message, ...(last && { last }) });
    if ("error" in looked) {
      result = await refuse(world, line, message, looked.error);
      break;
    }
    const { seen } = looked;
    const step = await inTurn(world, estate, seen, looked.step);
    await act(world, step, seen, estate);
    result = await tell(world, seen, step, estate);
    if (step.type === "forget")
      await makeRoom(world, wishOf(estate, seen), () => forgetLine(world.cache, seen));
    else if (makesRoom(seen, step)) await makeRoom(world, wishOf(estate, seen));
    steps.push(step);
  } while (afterStep[steps.at(-1)?.type ?? "rest"] === "again" && steps.length < mostSteps);
  return { line, steps, ...(result && { result }) };
}

/** What was decided, if it is the line's turn; else to wait for it. */
async function inTurn(world: GovernWorld, estate: Estate, seen: Observation, step: Step): Promise<Step> {
  if (!needsTurn(step)) return step;
  const turn = await takeTurn(world, wishOf(estate, seen));
  return turn.may ? step : waitStep(turn, estate, teamOf(estate, seen.line));
}

const wishOf = (estate: Estate, { line, message, pipeline, artifact, at }: Observation): Wish => ({
  estate,
  line,
  id: message.id,
  creates: pipeline === undefined,
  since: artifact?.lastModified ?? at,
});

type Looked = { readonly seen: Observation; readonly step: Step } | { readonly error: ReleaseError };

/** Looks closer as long as the decision asks for it: each place is looked at once at most. */
async function look(world: ReconcileWorld, request: Parameters<typeof observeLine>[1]): Promise<Looked> {
  const { estate } = request;
  let seen: Observation;
  try {
    seen = await observeLine(world, request);
  } catch (error) {
    if (isRejection(error)) return { error };
    throw error;
  }
  for (;;) {
    const step = decide(seen);
    if (step.type !== "look") return { seen, step };
    seen = { ...seen, ...(await lookCloser(world, estate, seen, step.at)) };
  }
}

async function lookCloser(
  world: ReconcileWorld,
  estate: Estate,
  seen: Observation,
  at: "artifact" | "app-stacks",
): Promise<Partial<Observation>> {
  const { line, artifact, pipeline } = seen;
  if (at === "app-stacks") return { appStacks: await lookAtAppStacks(world, estate, line) };
  if (artifact === undefined) throw new TypeError(`There is no artifact at ${formatKey(line)} to look at.`);
  const pinned = pipeline?.template;
  return { dispatch: await dispatch(world, { estate, line, artifact, ...(pinned && { pinned }) }) };
}
