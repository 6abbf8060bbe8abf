/**
 * Moves a line one step towards the artifact at its key: observe, decide, act, write the result. It keeps no
 * state between two messages, so a lost, repeated or reordered message only costs time.
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
import { needsSlot, releasesSlot, waitStep } from "#release/line/admission.ts";
import { decide } from "#release/line/decide.ts";
import type { Message, Observation } from "#release/line/observation.ts";
import type { Result } from "#release/line/result.ts";
import { afterStep, type Step } from "#release/line/step.ts";
import { formatKey, type Line } from "#release/names/key.ts";
import { type ActDeps, act, removeLineFolder } from "./act.ts";
import { type DispatchDeps, dispatch } from "./dispatch.ts";
import { forwardToQueue } from "./forward-to-queue.ts";
import { releaseSlot, requestSlot, type SlotRequest, waitsForSlot } from "./govern.ts";
import { lineOf } from "./line-of.ts";
import { isAdmission, type ReconcileRequest } from "./message.ts";
import { type ObserveLineDeps, observeAppStacks, observeLine } from "./observe-line.ts";
import type { GovernDeps } from "./queue-state.ts";
import { rejectUpload } from "./reject-upload.ts";
import { lastResult, type ResultDeps, writeResults } from "./write-results.ts";

export type ReconcileDeps = ObserveLineDeps &
  DispatchDeps &
  ActDeps &
  ResultDeps &
  GovernDeps & {
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

/**
 * Steps without an event at their end are followed by the next step at once. No line needs more of them in a
 * row.
 */
const mostSteps = 5;

/** Undefined for an unknown line: an event that came late. `id` is the queue's id of the message. */
export async function reconcile(
  deps: ReconcileDeps,
  request: ReconcileRequest,
  id: string,
): Promise<Reconciled | undefined> {
  const line = request.line ?? (await lineOf(deps, request.lineName ?? ""));
  if (line === undefined) return undefined;
  const estate = await deps.estate.load();
  if (await forwardToQueue(deps.lines, estate, line, request, id)) return { line, steps: [] };
  if (isAdmission(request) && !(await waitsForSlot(deps, line))) return { line, steps: [] };
  const { cause, versionId, executionId, also, again = false } = request;
  const message: Message = {
    cause,
    id,
    ...(versionId !== undefined && { versionId }),
    ...(executionId !== undefined && { executionId }),
    ...(also !== undefined && { also }),
  };
  const steps: Step[] = [];
  let result: Result | undefined;
  let last = await lastResult(deps.results, line);
  do {
    const decided = await observeAndDecide(deps, { estate, line, message, ...(last && { last }) });
    if ("error" in decided) {
      result = await rejectUpload(deps, line, message, decided.error);
      break;
    }
    const { seen } = decided;
    const step = await stepIfAdmitted(deps, estate, seen, decided.step);
    // The history of executions goes with the pipeline, so the results are written before it is deleted.
    const endsHistory = step.type === "delete-pipeline";
    if (endsHistory) result = await writeResults(deps, seen, step, estate, { last, again });
    await act(deps, step, seen, estate);
    if (!endsHistory) result = await writeResults(deps, seen, step, estate, { last, again });
    last = result ?? last;
    if (step.type === "clear-cache")
      await releaseSlot(deps, slotRequestOf(estate, seen), () => removeLineFolder(deps.cache, seen));
    else if (releasesSlot(seen, step)) await releaseSlot(deps, slotRequestOf(estate, seen));
    steps.push(step);
  } while (afterStep[steps.at(-1)?.type ?? "rest"] === "again" && steps.length < mostSteps);
  return { line, steps, ...(result && { result }) };
}

/** Returns the decided step when the line is admitted, else a step that waits for a slot. */
async function stepIfAdmitted(
  deps: GovernDeps,
  estate: Estate,
  seen: Observation,
  step: Step,
): Promise<Step> {
  if (!needsSlot(step)) return step;
  const admission = await requestSlot(deps, slotRequestOf(estate, seen));
  return admission.may ? step : waitStep(admission, estate, teamOf(estate, seen.line));
}

const slotRequestOf = (
  estate: Estate,
  { line, message, pipeline, artifact, at }: Observation,
): SlotRequest => ({
  estate,
  line,
  id: message.id,
  creates: pipeline === undefined,
  since: artifact?.lastModified ?? at,
});

type Decided = { readonly seen: Observation; readonly step: Step } | { readonly error: ReleaseError };

/** Observes more as long as `decide` asks for it. Each further observation is made at most once. */
async function observeAndDecide(
  deps: ReconcileDeps,
  request: Parameters<typeof observeLine>[1],
): Promise<Decided> {
  const { estate } = request;
  let seen: Observation;
  try {
    seen = await observeLine(deps, request);
  } catch (error) {
    if (isRejection(error)) return { error };
    throw error;
  }
  for (;;) {
    const step = decide(seen);
    if (step.type !== "observe") return { seen, step };
    seen = { ...seen, ...(await observeMore(deps, estate, seen, step.at)) };
  }
}

async function observeMore(
  deps: ReconcileDeps,
  estate: Estate,
  seen: Observation,
  at: "artifact" | "app-stacks",
): Promise<Partial<Observation>> {
  const { line, artifact, pipeline } = seen;
  if (at === "app-stacks") return { appStacks: await observeAppStacks(deps, estate, line) };
  if (artifact === undefined) throw new TypeError(`There is no artifact at ${formatKey(line)} to look at.`);
  const pinned = pipeline?.template;
  const request = {
    ...{ estate, line, artifact, hasPipeline: pipeline !== undefined },
    ...(pinned && { pinned }),
  };
  return { dispatch: await dispatch(deps, request) };
}
