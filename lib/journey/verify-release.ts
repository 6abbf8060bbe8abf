/**
 * Runs the pipeline's verify action: a new version serves part of the traffic for some minutes, and alarms of
 * the target account decide whether it stays. The Lambda does not wait: the continuation token holds the end
 * time.
 */

import type { Alarm, Alarms } from "#ports/alarms.ts";
import type { Clock } from "#ports/clock.ts";
import type { StackValues } from "#ports/stack-values.ts";
import { valueTree } from "#release/document/node-tree.ts";
import { digits, listOf, object, optional, readShape, text } from "#release/document/shape.ts";
import { ReleaseError } from "#release/errors/errors.ts";
import { rollbackToken } from "#release/names/tokens.ts";
import type { JobAnswer, WorkerJob } from "./job.ts";

export type VerifyDeps = {
  readonly alarms: Alarms;
  readonly stackValues: StackValues;
  readonly clock: Clock;
};

const shape = object({
  /** The plan gives it as a variable, so it is a text. */
  minutes: digits("minutes", /^\d{1,5}$/),
  alarms: listOf(text()),
  /** Parameters of the stack, as `Name=value`, that move the traffic back to the old version. */
  turnBack: optional(listOf(text("Name=value", /^\w+=/))),
});

/**
 * Throws `VerificationFailed` with every alarm that is in ALARM or missing. Before that, it starts to move
 * the traffic back.
 */
export async function verifyRelease(deps: VerifyDeps, job: WorkerJob): Promise<JobAnswer> {
  const { alarms, clock } = deps;
  const read = readShape(shape, valueTree(job.parameters));
  if ("problems" in read)
    throw new ReleaseError("ReleaseDocumentMalformed", "The action says neither minutes nor alarms.");
  const { minutes, alarms: names, turnBack = [] } = read.value;
  const until = job.continuation ?? later(clock(), Number(minutes));
  const known = names.length === 0 ? [] : await alarms.describe(job, names);
  const problem = problemOf(job, names, known);
  if (problem !== undefined) {
    const token = rollbackToken(job.execution, job.stack);
    if (turnBack.length > 0) await deps.stackValues.set(job, job.stack, valuesOf(turnBack), token);
    const back = turnBack.length > 0 ? " The traffic goes back to the version before." : "";
    throw new ReleaseError("VerificationFailed", problem + back);
  }
  return clock() < until ? { type: "later", continuation: until } : { type: "done", outputs: {} };
}

const later = (now: string, minutes: number): string =>
  new Date(Date.parse(now) + minutes * 60_000).toISOString();

function problemOf(job: WorkerJob, names: readonly string[], known: readonly Alarm[]): string | undefined {
  const where = `${job.environment} (account ${job.account}, ${job.region})`;
  const missing = names.filter((name) => !known.some((alarm) => alarm.name === name));
  if (missing.length > 0) return `There is no alarm ${missing.join(", ")} in ${where}.`;
  const firing = known.filter((alarm) => alarm.firing);
  return firing.length > 0 ? `In ${where}: ${firing.map(sentence).join(" ")}` : undefined;
}

const valuesOf = (pairs: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(pairs.map((pair) => pair.split(/=(.*)/s).slice(0, 2) as [string, string]));

function sentence({ name, metric, value, threshold, reason }: Alarm): string {
  const head = `The alarm ${name} is in ALARM`;
  if (metric === undefined || value === undefined || threshold === undefined) return `${head}: ${reason}`;
  const distance = Number(Math.abs(value - threshold).toPrecision(6));
  return `${head}: ${metric} is ${value}, ${distance} ${value < threshold ? "below" : "above"} its threshold of ${threshold}.`;
}
