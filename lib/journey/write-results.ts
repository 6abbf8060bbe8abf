/** Writes the results of a line's uploads, and publishes their events. An unchanged result is not written again. */

import type { Applications } from "#ports/applications.ts";
import type { Executions } from "#ports/executions.ts";
import type { LineCache } from "#ports/line-cache.ts";
import type { Announcements, LineEvents } from "#ports/line-events.ts";
import type { People } from "#ports/people.ts";
import type { Results } from "#ports/results.ts";
import type { UploadRecords } from "#ports/upload-records.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import type { Estate } from "#release/estate/estate.ts";
import { withoutForeignWords } from "#release/line/foreign-words.ts";
import { type LineEvent, lineEventOf } from "#release/line/line-event.ts";
import type { ActionRun, Execution, Observation } from "#release/line/observation.ts";
import { keepOverridden, overrideEvents } from "#release/line/overridden.ts";
import { type Report, reportedExecutions, reportsOf } from "#release/line/report.ts";
import { isFinal, type Result } from "#release/line/result.ts";
import { withPeople } from "#release/line/result-people.ts";
import { formatResult, parseResult } from "#release/line/result-shape.ts";
import type { Step } from "#release/line/step.ts";
import { formatKey, type Line, resultKeys } from "#release/names/key.ts";
import { stackDeployedBy } from "#release/plan/plan-stacks.ts";
import { actionLocation } from "#release/plan/plan-waves.ts";
import { anchorOf } from "#release/traits/targets.ts";
import { naming, withDeployed } from "./deployed-versions.ts";
import { deciderOf, uploadOf } from "./people-of-line.ts";

export type ResultDeps = {
  readonly results: Results;
  readonly events: LineEvents;
  readonly announcements: Announcements;
  readonly executions: Pick<Executions, "actions">;
  readonly applications: Pick<Applications, "failure" | "outputs">;
  readonly cache: Pick<LineCache, "get">;
  readonly people: Pick<People, "record">;
  readonly uploadRecords: Pick<UploadRecords, "read">;
};

/** The results of versions as they were before this run. Each result is read once. */
type Before = (version: string) => Promise<Result | undefined>;

type Last = {
  /** The content of `latest.json`. */
  readonly last: Result | undefined;
  /**
   * An earlier run of the same message may have ended between its two writes, so the result of a version may be newer
   * than `latest.json`.
   */
  readonly again: boolean;
};

/** Returns the result of the newest version, if there is a newest version. */
export async function writeResults(
  deps: ResultDeps,
  seen: Observation,
  step: Step,
  estate: Estate,
  { last, again }: Last,
): Promise<Result | undefined> {
  const before = resultsBefore(deps.results, seen.line, again ? [] : knownResults(seen, last));
  const withRuns = await withActions(deps, seen, estate, before);
  const observed = await withDeployed(deps, withRuns, estate, last);
  const reports = reportsOf(observed, step);
  const written: Result[] = [];
  for (const report of reports) written.push(await save(deps, observed, report, { before, last }));
  const at = reports.findIndex(({ newest }) => newest);
  return written[at];
}

type Known = readonly [version: string, result: Result | undefined];

/**
 * `latest.json` says the same as the result of its version. A version has no result when its upload's message comes for
 * the first time: each earlier run that saw the version has also written `latest.json`.
 */
function knownResults({ message, artifact }: Observation, last: Result | undefined): readonly Known[] {
  const known: readonly Known[] = last === undefined ? [] : [[last.version, last]];
  const version = artifact?.versionId;
  const isNew = message.cause === "upload" && message.versionId === version && last?.version !== version;
  return isNew && version !== undefined ? [...known, [version, undefined]] : known;
}

function resultsBefore(results: Results, line: Line, knownAlready: readonly Known[]): Before {
  const found = new Map(knownAlready.map(([version, result]) => [version, Promise.resolve(result)]));
  return (version) => {
    const known = found.get(version) ?? resultOfVersion(results, line, version);
    found.set(version, known);
    return known;
  };
}

/** Reads `latest.json`. A malformed one counts as missing and is written again. */
export const lastResult = (results: Results, line: Line): Promise<Result | undefined> =>
  read(results, resultKeys(formatKey(line), "").latest ?? "");

async function save(
  deps: ResultDeps,
  seen: Observation,
  report: Report,
  { before: beforeOf, last }: { readonly before: Before; readonly last: Result | undefined },
): Promise<Result> {
  const { results } = deps;
  const { newest, unlessFinal } = report;
  const { version } = report.result;
  const before = await beforeOf(version);
  const people = withPeople(report.result, before, await uploadOf(deps, seen, version, before));
  const observed = keepOverridden(people, before);
  const result = before !== undefined && losesStages(before, observed) ? before : observed;
  const keys = resultKeys(formatKey(seen.line), version);
  if (before === undefined || !(unlessFinal && isFinal(before))) {
    if (!same(before, result)) {
      const execution = seen.executions.find(({ id }) => id === result.execution);
      const event = lineEventOf(before, result, execution);
      // The event comes first: a run that dies before the write publishes it once more, so each event is published.
      for (const each of [...overrideEvents(before, result), ...(event ? [event] : [])])
        await publish(deps, each);
      await results.write(keys.version, formatResult(result));
    }
  }
  if (!newest || keys.latest === undefined) return result;
  if (!same(last, result)) await results.write(keys.latest, formatResult(result));
  return result;
}

/** CodePipeline itself announces approvals that begin to wait. */
const forPeople: readonly LineEvent["type"][] = ["approval.refused", "clearance.broken", "stage.overridden"];

async function publish({ events, announcements }: ResultDeps, event: LineEvent): Promise<void> {
  await events.publish(event);
  if (!forPeople.includes(event.type)) return;
  const lines = [event.sentence, event.remedy, event.consoleUrl].filter((each) => each !== undefined);
  await announcements.announce(`Kedge ${event.type}: ${event.key}`, lines.join("\n\n"));
}

/** Undefined when there is none, or a malformed one. */
export const resultOfVersion = (
  results: Pick<Results, "read">,
  line: Line,
  version: string,
): Promise<Result | undefined> => read(results, resultKeys(formatKey(line), version).version);

async function read(results: Pick<Results, "read">, key: string): Promise<Result | undefined> {
  const json = await results.read(key);
  if (json === undefined) return undefined;
  try {
    return parseResult(json);
  } catch (error) {
    if (error instanceof ReleaseError) return undefined;
    throw error;
  }
}

/**
 * Compares two results without the time of writing. Texts of a final result do not count: a later run may
 * word the same cause differently.
 */
function same(before: Result | undefined, now: Result): boolean {
  if (before === undefined) return false;
  const settled = isFinal(before) && before.reason.code === now.reason.code;
  return comparable(before, settled) === comparable(now, settled);
}

/**
 * A deleted pipeline lists no actions. When a late event of an ended execution meets the deletion of its
 * pipeline, the new result only lacks stages of the old one.
 */
const losesStages = (before: Result, now: Result): boolean =>
  isFinal(before) &&
  before.status === now.status &&
  before.execution === now.execution &&
  actionCount(now) < actionCount(before);

const actionCount = ({ stages }: Result): number =>
  stages.reduce((count, { actions }) => count + actions.length, 0);

const comparable = (result: Result, settled: boolean): string =>
  JSON.stringify({ ...result, updatedAt: "" }, (key, value: unknown) =>
    settled && ["sentence", "remedy", "message", "url"].includes(key) ? undefined : value,
  );

/** Adds the action runs of the reported executions, with the reason for a failed stack. */
async function withActions(
  deps: ResultDeps,
  seen: Observation,
  estate: Estate,
  beforeOf: Before,
): Promise<Observation> {
  const reported = reportedExecutions(seen).map(({ id }) => id);
  const executions = await Promise.all(
    seen.executions.map(async (execution): Promise<Execution> => {
      if (!reported.includes(execution.id)) return execution;
      const runs = await deps.executions.actions(seen.pipeline?.name ?? "", execution.id);
      const actions = await Promise.all(
        runs.map(async (run) => {
          const by = await deciderOf(deps.people, seen.line, run, () => beforeOf(execution.versionId ?? ""));
          return withCause(deps, seen, estate, execution, { ...run, ...(by && { by }) });
        }),
      );
      return { ...execution, actions: withoutForeignWords(actions) };
    }),
  );
  return { ...seen, executions };
}

/**
 * The cause belongs to the stack's last operation, so it fits this run only while no later execution reached
 * the stage.
 */
async function withCause(
  { applications, cache }: ResultDeps,
  { line, stages }: Observation,
  estate: Estate,
  execution: Execution,
  run: ActionRun,
): Promise<ActionRun> {
  const last = stages.find(({ name }) => name === run.stage)?.execution?.id === execution.id;
  const { action, environment } = actionLocation(run.stage, run.action);
  const id = stackDeployedBy(action);
  if (run.status !== "Failed" || id === undefined || !last) return run;
  const target = anchorOf(estate, line).environments.find(({ name }) => name === environment);
  const named = await naming(cache, line);
  const cause = target && (await applications.failure(target, named(target.name, line, id)));
  return cause === undefined ? run : { ...run, cause };
}
