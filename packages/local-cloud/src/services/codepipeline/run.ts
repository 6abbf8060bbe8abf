/**
 * Performs one run of an action or a rule: starts its provider, observes it until it ends, reports to the
 * engine.
 */

import type { Outcome, Provider } from "#cloud/action-providers/provider.ts";
import { AwsError, isAwsError } from "#cloud/kernel/aws-error.ts";
import type { RunError } from "#cloud/pipeline/execution.ts";
import { drive } from "./drive.ts";
import type { Context, Engine, Line } from "./engine.ts";
import { type Found, findRun } from "./find-run.ts";
import { openJobContext } from "./job-context.ts";

type RunId = { readonly execution: string; readonly run: string };

const THROTTLED =
  /Throttl|TooManyRequests|ServiceUnavailable|SlowDown|InternalFailure|InternalError|RequestLimitExceeded/;
/** The number of attempts for a throttled start or observation, as AWS's own SDK clients retry. */
const ATTEMPTS = 5;
/** The pause between two observations grows to at most this many times the cloud's pace. */
const SLOWEST = 8;

/**
 * Builds the engine for a call or the service's context: it applies commands and performs the resulting runs.
 */
export const engineOf = ({ cloud, clock, stateOf }: Context): Engine => {
  const engine: Engine = {
    cloud,
    clock,
    stateOf,
    drive: (line, command) => drive(engine, line, command, (at, which) => begin(engine, at, which)),
  };
  return engine;
};

export const restart = (engine: Engine, line: Line, which: RunId): Promise<void> =>
  begin(engine, line, which);

async function begin(engine: Engine, line: Line, which: RunId, attempt = 1): Promise<void> {
  const found = findRun(engine, line, which);
  if (found === undefined) return;
  const deadline =
    found.run.details.deadline ?? new Date(found.run.startTime.getTime() + found.timeoutMinutes * 60_000);
  if (found.run.details.deadline === undefined) {
    report(engine, line, which, { details: { deadline } });
    watchDeadline(engine, line, which, deadline, found.timeoutMinutes);
  }
  await runProvider(engine, line, which, attempt, async (provider) => {
    const job = await openJobContext(engine, line, found, deadline);
    return await provider.start(job);
  });
}

/** Fails the run if it is still in progress at its deadline. */
export function watchDeadline(
  engine: Engine,
  line: Line,
  which: RunId,
  deadline: Date,
  minutes: number,
): void {
  engine.clock.at(deadline, () => {
    if (engine.cloud.stopping() || findRun(engine, line, which) === undefined) return;
    report(engine, line, which, {
      status: "Failed",
      details: {
        error: {
          code: "TimeoutError",
          message: `The action failed because it did not complete within ${minutes} minutes.`,
        },
      },
    });
  });
}

/**
 * Observes a run again: after a pause, after a restart, or when a continuation token asks for another call.
 */
export async function observeAgain(engine: Engine, line: Line, which: RunId, round = 1): Promise<void> {
  const found = findRun(engine, line, which);
  if (found === undefined) return;
  if (found.provider.observe === undefined) return await begin(engine, line, which);
  await runProvider(engine, line, which, round, async (provider) => {
    const deadline = found.run.details.deadline ?? engine.clock.now();
    const job = await openJobContext(engine, line, found, deadline);
    return (
      (await provider.observe?.(job, found.run.details.memo as never)) ?? { status: "Waiting", details: {} }
    );
  });
}

async function runProvider(
  engine: Engine,
  line: Line,
  which: RunId,
  round: number,
  work: (provider: Provider) => Promise<Outcome>,
): Promise<void> {
  const found = findRun(engine, line, which);
  if (found === undefined) return;
  let outcome: Outcome;
  try {
    outcome = await work(found.provider);
  } catch (error) {
    if (engine.cloud.stopping()) return;
    if (isAwsError(error) && THROTTLED.test(error.code) && round < ATTEMPTS) {
      const again = found.run.details.memo === undefined ? begin : observeAgain;
      pause(engine, line, round, () => again(engine, line, which, round + 1));
      return;
    }
    outcome = { status: "Failed", error: errorOf(engine, found, error) };
  }
  if (!engine.cloud.stopping()) settleOutcome(engine, line, which, found, outcome, round);
}

function settleOutcome(
  engine: Engine,
  line: Line,
  which: RunId,
  found: Found,
  outcome: Outcome,
  round: number,
): void {
  if (outcome.status === "Failed") {
    report(engine, line, which, { status: "Failed", details: { ...outcome.details, error: outcome.error } });
  } else if (outcome.status === "Succeeded") {
    succeed(engine, line, which, outcome.details ?? {}, outcome.written);
  } else {
    report(engine, line, which, { details: outcome.details });
    if (outcome.status === "Waiting") return;
    const next = () => observeAgain(engine, line, which, Math.min(round + 1, ATTEMPTS - 1));
    if (outcome.again === undefined) pause(engine, line, round, next);
    else engine.clock.at(outcome.again, () => spawn(engine, found, next));
  }
}

const spawn = (engine: Engine, { label }: { readonly label: string }, work: () => Promise<void>): void =>
  engine.cloud.spawn(label, work);

function pause(engine: Engine, line: Line, round: number, next: () => Promise<void>): void {
  const wait = engine.cloud.pace.poll * Math.min(1.5 ** (round - 1), SLOWEST);
  engine.clock.after(wait, () => spawn(engine, { label: `codepipeline ${line.pipeline}` }, next));
}

type RunReport = { readonly status?: "Succeeded" | "Failed"; readonly details: Outcome["details"] & object };

const report = (engine: Engine, line: Line, which: RunId, runReport: RunReport): void =>
  void engine.drive(line, { kind: "report", execution: which.execution, run: which.run, ...runReport });

/** Reports the success of a run. Its artifacts are the written ones, or else all declared ones. */
export function succeed(
  engine: Engine,
  line: Line,
  which: RunId,
  details: NonNullable<Outcome["details"]>,
  written?: readonly string[],
  by?: string,
): void {
  const found = findRun(engine, line, which);
  if (found === undefined) return;
  const outputs = (found.run.details.outputs ?? []).filter(({ name }) => written?.includes(name) ?? true);
  engine.drive(line, {
    kind: "report",
    execution: which.execution,
    run: which.run,
    status: "Succeeded",
    details: { ...details, outputs },
    artifacts: outputs.map(({ name, place }) => ({
      name,
      places: { [found.region]: place },
      ...(details.revision && { revisionId: details.revision.revisionId }),
    })),
    ...(by !== undefined && { by }),
  });
}

/** Translates an error to CodePipeline's terms: its error code, and the message of the underlying error. */
function errorOf(engine: Engine, { label }: Found, error: unknown): RunError {
  if (!(error instanceof AwsError)) {
    engine.cloud.log(
      `${label} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
    return { code: "InternalError", message: error instanceof Error ? error.message : String(error) };
  }
  if (/AccessDenied|NotAuthorized|Unauthorized|Forbidden/i.test(error.code)) {
    return {
      code: "PermissionError",
      message: `The provided role does not have sufficient permissions. ${error.code}: ${error.message}`,
    };
  }
  const code = ["ConfigurationError", "JobFailed"].includes(error.code) ? error.code : undefined;
  return code === undefined
    ? { code: "JobFailed", message: `${error.code}: ${error.message}` }
    : { code, message: error.message };
}
